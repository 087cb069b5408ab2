import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { aesGcm } from '#aes-gcm';

/** The ciphers of payload passthru, by what `ppt_cipher` calls them (PPT-06). */
export type CipherName = 'xsalsa20poly1305' | 'aes256gcm';

/** Authenticated encryption with a key of 32 bytes. */
export interface Cipher {
  /** In bytes. */
  readonly nonceLength: number;
  seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): Uint8Array;
  /** @throws when key, nonce and bytes do not belong together */
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array;
}

/** The size of every key, in bytes. */
export const KEY_LENGTH = 32;

const ciphers: Readonly<Record<CipherName, Cipher>> = {
  xsalsa20poly1305: {
    nonceLength: 24,
    seal: (key, nonce, plain) => xsalsa20poly1305(key, nonce).encrypt(plain),
    open: (key, nonce, sealed) => xsalsa20poly1305(key, nonce).decrypt(sealed),
  },
  aes256gcm: aesGcm,
};

/** Whether that is the name of a cipher. */
export function isCipherName(name: unknown): name is CipherName {
  return typeof name === 'string' && Object.hasOwn(ciphers, name);
}

/** Encrypts under a random nonce, which comes first in the result: as NaCl's secretbox and its users have it. */
export function seal(name: CipherName, key: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = ciphers[name];
  const nonce = crypto.getRandomValues(new Uint8Array(cipher.nonceLength));
  const sealed = cipher.seal(key, nonce, plain);
  const whole = new Uint8Array(nonce.length + sealed.length);
  whole.set(nonce);
  whole.set(sealed, nonce.length);
  return whole;
}

/** Decrypts what `seal` made; `null` when it was made with another key, or has been changed. */
export function open(name: CipherName, key: Uint8Array, whole: Uint8Array): Uint8Array | null {
  const cipher = ciphers[name];
  try {
    return cipher.open(key, whole.subarray(0, cipher.nonceLength), whole.subarray(cipher.nonceLength));
  } catch {
    return null;
  }
}
