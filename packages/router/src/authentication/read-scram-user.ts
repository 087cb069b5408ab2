import type { ScramUser as StoredScramUser } from '@wampkit/auth/wamp-scram';
import type { Dict } from '@wampkit/protocol';
import type { KnownUser } from './user-source.js';

/** A user who proves itself by a password: that itself, or what `deriveScramKeys` made of it. */
export type ScramUser = KnownUser & ({ readonly password: string } | StoredScramUser);

/** Takes a procedure's answer for a user of wamp-scram: a password, or all of the stored form. */
export function readScramUser(user: KnownUser, answer: Dict): ScramUser | null {
  const { password } = answer;
  if (typeof password === 'string' && password !== '') return { ...user, password };
  const { kdf, salt, iterations, memory, storedKey, serverKey } = withOtherNames(answer);
  if (kdf !== 'pbkdf2' && kdf !== 'argon2id13') return null;
  if (!isBase64(salt) || !isBase64(storedKey) || !isBase64(serverKey) || !isCount(iterations)) return null;
  if (kdf === 'argon2id13' && !isCount(memory)) return null;
  const costs = {
    kdf,
    salt,
    iterations,
    ...(kdf === 'argon2id13' ? { memory: memory as number } : {}),
  } as const;
  return { ...user, ...costs, storedKey, serverKey };
}

/* Other routers write these with underscores. */
function withOtherNames(answer: Dict): Dict {
  const { stored_key, server_key, ...rest } = answer;
  return { storedKey: stored_key, serverKey: server_key, ...rest };
}

function isBase64(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length % 4 === 0 &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(value)
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
