import { hmacSha256, sha256 } from '#hash';
import { encodeUtf8 } from '../encoding/utf8.js';

/** What both ends make of a salted password: RFC 5802 section 3. */
export interface PasswordKeys {
  /** Known to the client alone. */
  readonly clientKey: Uint8Array;
  /** What the router checks the client by. */
  readonly storedKey: Uint8Array;
  /** What the router proves itself by. */
  readonly serverKey: Uint8Array;
}

/** Makes the keys of a salted password. */
export function keysOf(salted: Uint8Array): PasswordKeys {
  const clientKey = hmacSha256(salted, encodeUtf8('Client Key'));
  return { clientKey, storedKey: sha256(clientKey), serverKey: hmacSha256(salted, encodeUtf8('Server Key')) };
}
