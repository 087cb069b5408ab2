import { ConfigError } from '@wampkit/protocol';
import { ed25519PublicKey } from '#ed25519';
import { decodeHex, encodeHex } from '../encoding/hex.js';
import { randomBytes } from '../random-bytes.js';

/** An Ed25519 key pair, each half 64 hex digits. */
export interface CryptosignKey {
  /** The seed: the private key of RFC 8032. A secret. */
  readonly privateKey: string;
  /** What routers know a client by, and clients a router. */
  readonly publicKey: string;
}

/** Makes a key pair of the platform's secure random octets. */
export function generateCryptosignKey(): CryptosignKey {
  const seed = randomBytes(32);
  return { privateKey: encodeHex(seed), publicKey: encodeHex(ed25519PublicKey(seed)) };
}

/**
 * The public key of a private key, in lower-case hex.
 *
 * @param seed 64 hex digits
 * @throws {ConfigError} for anything else; never quotes it
 */
export function cryptosignPublicKey(seed: string): string {
  return encodeHex(ed25519PublicKey(decodeKey('private', seed)));
}

/**
 * The octets of a key.
 *
 * @throws {ConfigError} when it is no 64 hex digits; never quotes it
 */
export function decodeKey(half: 'private' | 'public', key: string): Uint8Array {
  const bytes = decodeHex(key, 32);
  if (bytes === null) throw new ConfigError(`cryptosign: a ${half} key must be 64 hex digits`);
  return bytes;
}
