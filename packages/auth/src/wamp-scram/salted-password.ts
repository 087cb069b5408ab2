import { argon2idAsync } from '@noble/hashes/argon2.js';
import { pbkdf2Sha256 } from '#hash';
import { encodeUtf8 } from '../encoding/utf8.js';
import { checkCosts, type ScramCosts } from './scram-costs.js';

/** Octets of a salted password and of every key: those of SHA-256. */
export const KEY_LENGTH = 32;

/**
 * The salted password: PBKDF2-HMAC-SHA256, or Argon2id version 1.3 of parallelism 1 (SCRAM-09).
 *
 * @param password prepared by `saslPrep`
 * @throws {ConfigError} for costs that cannot be paid
 */
export async function saltedPassword(password: string, costs: ScramCosts): Promise<Uint8Array> {
  const salt = checkCosts(costs);
  const secret = encodeUtf8(password);
  const { kdf, iterations, memory } = costs;
  if (kdf === 'pbkdf2') return pbkdf2Sha256(secret, salt, { iterations, length: KEY_LENGTH });
  const m = memory as number;
  // Room for what Argon2 needs besides its blocks.
  return argon2idAsync(secret, salt, {
    t: iterations,
    m,
    p: 1,
    dkLen: KEY_LENGTH,
    maxmem: m * 1024 + 65_536,
  });
}
