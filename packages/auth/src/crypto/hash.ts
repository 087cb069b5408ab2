/* The hashes for browsers, Deno and Bun; `hash.node.ts` is their twin over node:crypto, and documents them. */

import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2Async } from '@noble/hashes/pbkdf2.js';
import { sha256 as digest } from '@noble/hashes/sha2.js';
import type { Pbkdf2Costs } from './pbkdf2-costs.js';

export function sha256(data: Uint8Array): Uint8Array {
  return digest(data);
}

export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(digest, key, data);
}

/* A page over plain http has no `subtle`, which is many times faster. */
export async function pbkdf2Sha256(
  password: Uint8Array,
  salt: Uint8Array,
  { iterations, length }: Pbkdf2Costs,
): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  if (subtle === undefined) return pbkdf2Async(digest, password, salt, { c: iterations, dkLen: length });
  const key = await subtle.importKey('raw', copy(password), 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt: copy(salt), iterations };
  return new Uint8Array(await subtle.deriveBits(algorithm, key, length * 8));
}

// `subtle` takes no view of memory that is shared between threads; a copy never is.
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
