import * as z from 'zod';
import { bytes, count, secret, shaped, word } from './scalar-schemas.js';

function usersOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const user = z.strictObject({ ...shape, role: word() }, { error: withoutValue });
  return z.record(z.string(), user, { error: withoutValue });
}

/* Who writes a ticket where a user belongs must not find it in a log. */
function withoutValue({ code, input }: { code: string; input?: unknown }): string | undefined {
  return code === 'invalid_type' && input !== undefined ? 'expected a map' : undefined;
}

/** What the users of each method hold: `users`, and the content of `usersFile`. */
export const usersSchemas = {
  ticket: usersOf({ ticket: secret() }),
  wampcra: usersOf({
    secret: secret(),
    salt: word().optional(),
    iterations: count({ min: 1 }).optional(),
    keylen: count({ min: 1 }).optional(),
  }),
  'wamp-scram': usersOf({
    password: secret().optional(),
    kdf: z.enum(['pbkdf2', 'argon2id13']).optional(),
    salt: bytes().optional(),
    iterations: count({ min: 1 }).optional(),
    memory: count({ min: 1 }).optional(),
    storedKey: bytes().optional(),
    serverKey: bytes().optional(),
  }),
  cryptosign: usersOf({
    authorizedKeys: z.array(shaped('64 hex digits (an Ed25519 public key)', /^[0-9a-f]{64}$/i)).min(1),
  }),
  tls: usersOf({
    fingerprint: shaped('sha256: and a fingerprint in hex', /^sha256:([0-9a-f]{2}:?){32}$/i),
  }),
} as const;

/** The methods that have users. */
export type MethodWithUsers = keyof typeof usersSchemas;

/** The users of a method, as they were read. */
export type UsersOf<Method extends MethodWithUsers> = z.output<(typeof usersSchemas)[Method]>;

/** Whether a method has users. */
export function hasUsers(method: string | undefined): method is MethodWithUsers {
  return method !== undefined && Object.hasOwn(usersSchemas, method);
}
