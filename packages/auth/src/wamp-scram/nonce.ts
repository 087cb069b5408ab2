import { decodeBase64, encodeBase64 } from '../encoding/base64.js';
import { limits } from '../limits.js';
import { type RandomBytes, randomBytes } from '../random-bytes.js';

/** Octets of a nonce and of a salt, as recommended. */
const LENGTH = 16;

/** Makes a nonce: 16 random octets in base64 (SCRAM-02). */
export function createScramNonce(random: RandomBytes = randomBytes): string {
  return encodeBase64(random(LENGTH));
}

/** Makes a user's salt: 16 random octets in base64. */
export function createScramSalt(random: RandomBytes = randomBytes): string {
  return encodeBase64(random(LENGTH));
}

/** A router's nonce: the client's, and a new one behind it (SCRAM-04). */
export function extendScramNonce(clientNonce: string, random: RandomBytes = randomBytes): string {
  return clientNonce + createScramNonce(random);
}

/** Whether a value can be a client's nonce: canonical base64, not empty, and of no absurd length. */
export function isScramNonce(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= limits.nonceLength &&
    decodeBase64(value) !== null
  );
}
