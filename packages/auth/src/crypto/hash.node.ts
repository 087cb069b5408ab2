import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { Pbkdf2Costs } from './pbkdf2-costs.js';

const derive = promisify(pbkdf2);

/** SHA-256 of data: 32 octets. */
export function sha256(data: Uint8Array): Uint8Array {
  return createHash('sha256').update(data).digest();
}

/** HMAC-SHA256 of data, RFC 2104: 32 octets. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(data).digest();
}

/** PBKDF2-HMAC-SHA256, RFC 8018; off the main thread where there is one. */
export function pbkdf2Sha256(
  password: Uint8Array,
  salt: Uint8Array,
  { iterations, length }: Pbkdf2Costs,
): Promise<Uint8Array> {
  return derive(password, salt, iterations, length, 'sha256');
}
