import * as z from 'zod';
import { duration, listOrOne, longSecret, secret, shaped, timeLimit, word } from './scalar-schemas.js';
import { type MethodWithUsers, usersSchemas } from './users-schemas.js';

// What every method may have instead of users: a procedure that decides.
const dynamic = {
  authenticator: word().optional(),
  authenticatorRealm: word().optional(),
  authenticatorTimeout: timeLimit().prefault('5s'),
};

function withUsers<Method extends MethodWithUsers>(method: Method) {
  return {
    method: z.literal(method),
    users: usersSchemas[method].optional() as z.ZodOptional<(typeof usersSchemas)[Method]>,
    usersFile: word().optional(),
    ...dynamic,
  };
}

/** Keeps the salts of those who do not exist over restarts. */
const saltKey = secret().optional();

/** `realms[].authentication[]`. */
export const authenticationSchema = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('anonymous'), role: word().prefault('anonymous'), ...dynamic }),
  z.strictObject(withUsers('ticket')),
  z.strictObject({ ...withUsers('wampcra'), saltKey }),
  z.strictObject({ ...withUsers('wamp-scram'), saltKey }),
  z.strictObject({
    ...withUsers('cryptosign'),
    routerKey: shaped('64 hex digits (an Ed25519 seed)', /^([0-9a-f]{64})?$/i).prefault(''),
  }),
  z.strictObject({
    method: z.literal('jwt'),
    jwks: word().optional(),
    key: longSecret().optional(),
    issuer: listOrOne().optional(),
    audience: listOrOne().optional(),
    roleClaim: word().prefault('role'),
    authidClaim: word().prefault('sub'),
    role: word().optional(),
    clockTolerance: duration().prefault('5s'),
    ...dynamic,
  }),
  z.strictObject(withUsers('tls')),
  z.strictObject({ method: z.literal('cookie'), maxAge: timeLimit().prefault('24h'), ...dynamic }),
]);

/** One authentication method of a config that was read. */
export type AuthenticationConfig = z.output<typeof authenticationSchema>;
