import { ConfigError } from '@wampkit/protocol';
import { type CipherName, isCipherName, KEY_LENGTH } from './cipher.js';

/** A key that encrypts payloads, known to both ends and to no router. */
export interface PayloadKey {
  /** What `ppt_keyid` calls it: any text that both ends know it by. It is not secret. */
  readonly id: string;
  /** 32 random bytes, or those in base64. */
  readonly secret: Uint8Array | string;
  /** Default `xsalsa20poly1305`, whose random nonces never run out. */
  readonly cipher?: CipherName;
}

/** A key in the form in which it is used. */
export interface UsableKey {
  readonly id: string;
  readonly secret: Uint8Array;
  readonly cipher: CipherName;
}

/** @throws {ConfigError} when it is no key; never tells what the secret is */
export function usableKey({ id, secret, cipher = 'xsalsa20poly1305' }: PayloadKey): UsableKey {
  if (typeof id !== 'string' || id === '') throw new ConfigError('a payload key must have an id');
  if (!isCipherName(cipher)) throw new ConfigError(`payload key "${id}": there is no cipher "${cipher}"`);
  const bytes = typeof secret === 'string' ? fromBase64(id, secret) : secret;
  if (!(bytes instanceof Uint8Array) || bytes.length !== KEY_LENGTH)
    throw new ConfigError(`payload key "${id}": the secret must be ${KEY_LENGTH} bytes`);
  return { id, cipher, secret: new Uint8Array(bytes) };
}

/**
 * Makes a new key: its secret in base64, its id a random one unless it is given.
 *
 * @example
 * console.log(JSON.stringify(generateKey({ id: '2026-11' })));
 */
export function generateKey(of: { readonly id?: string; readonly cipher?: CipherName } = {}): {
  readonly id: string;
  readonly secret: string;
  readonly cipher: CipherName;
} {
  const { id = toBase64(randomBytes(12)), cipher = 'xsalsa20poly1305' } = of;
  return { id, cipher, secret: toBase64(randomBytes(KEY_LENGTH)) };
}

function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function fromBase64(id: string, text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw new ConfigError(`payload key "${id}": the secret is no base64`);
  }
}
