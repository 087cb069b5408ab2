import { createPrivateKey } from 'node:crypto';
import { UsageError } from '../usage-error.js';

/** Whether a text is a key of Ed25519 in hex, of either half. */
export function isKey(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}

/**
 * Finds the private key of Ed25519 in a text: 64 hex digits, a key file of Autobahn, or PKCS #8 in PEM without a password.
 *
 * @param option what it was given to, for the error
 * @returns the seed, 64 hex digits
 * @throws {UsageError} when there is none; never quotes the text
 */
export function readPrivateKey(text: string, option: string): string {
  const found = /^private-key-ed25519:\s*([0-9a-f]{64})\s*$/im.exec(text)?.[1] ?? text.trim();
  if (isKey(found)) return found;
  if (found.startsWith('-----BEGIN')) return readPem(found, option);
  throw new UsageError(`${option}: no private key in it: 64 hex digits, or Ed25519 in PEM`);
}

function readPem(pem: string, option: string): string {
  const seed = ed25519Seed(pem);
  if (seed !== undefined) return Buffer.from(seed, 'base64url').toString('hex');
  throw new UsageError(`${option}: the PEM in it is no private key of Ed25519, or has a password`);
}

function ed25519Seed(pem: string): string | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key.export({ format: 'jwk' }).d : undefined;
  } catch {
    return undefined;
  }
}
