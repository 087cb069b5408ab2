import * as z from 'zod';
import { count, secret, shaped, word } from './scalar-schemas.js';

// What every method may have instead of users: a procedure that decides.
const dynamic = {
  authenticator: word().optional(),
  authenticatorRealm: word().optional(),
};
const bytes = () => shaped('bytes in base64', /^[A-Za-z0-9+/]+={0,2}$/).optional();

function usersOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.record(z.string(), z.strictObject({ ...shape, role: word() })).optional();
}

const anonymous = z.strictObject({
  method: z.literal('anonymous'),
  role: word().prefault('anonymous'),
  ...dynamic,
});

const ticket = z.strictObject({
  method: z.literal('ticket'),
  users: usersOf({ ticket: secret() }),
  ...dynamic,
});

const wampcra = z.strictObject({
  method: z.literal('wampcra'),
  users: usersOf({
    secret: secret(),
    salt: word().optional(),
    iterations: count({ min: 1 }).optional(),
    keylen: count({ min: 1 }).optional(),
  }),
  ...dynamic,
});

const scram = z.strictObject({
  method: z.literal('wamp-scram'),
  users: usersOf({
    password: secret().optional(),
    kdf: z.enum(['pbkdf2', 'argon2id13']).optional(),
    salt: bytes(),
    iterations: count({ min: 1 }).optional(),
    memory: count({ min: 1 }).optional(),
    storedKey: bytes(),
    serverKey: bytes(),
  }),
  ...dynamic,
});

const cryptosign = z.strictObject({
  method: z.literal('cryptosign'),
  routerKey: shaped('64 hex digits (an Ed25519 seed)', /^([0-9a-f]{64})?$/i).prefault(''),
  users: usersOf({
    authorizedKeys: z.array(shaped('64 hex digits (an Ed25519 public key)', /^[0-9a-f]{64}$/i)).min(1),
  }),
  ...dynamic,
});

const jwt = z.strictObject({
  method: z.literal('jwt'),
  jwks: word().optional(),
  audience: word().optional(),
  roleClaim: word().prefault('role'),
  ...dynamic,
});

const tls = z.strictObject({
  method: z.literal('tls'),
  users: usersOf({ fingerprint: shaped('sha256: and a fingerprint in hex', /^sha256:[0-9a-f:]+$/i) }),
  ...dynamic,
});

/** `realms[].authentication[]`. */
export const authenticationSchema = z.discriminatedUnion('method', [
  anonymous,
  ticket,
  wampcra,
  scram,
  cryptosign,
  jwt,
  tls,
]);

/** One authentication method of a config that was read. */
export type AuthenticationConfig = z.output<typeof authenticationSchema>;
