import { hmacSha256 } from '#hash';
import { encodeBase64 } from '../encoding/base64.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import type { ScramKeys } from './derive-scram-keys.js';
import type { ScramCosts } from './scram-costs.js';

/** All that a router stores of a user. */
export interface ScramUser extends ScramCosts, ScramKeys {}

/** The costs that a user who does not exist pretends to have: those of most who do. */
export type MockScramCosts = Pick<ScramCosts, 'kdf' | 'iterations' | 'memory'>;

const defaultCosts: MockScramCosts = { kdf: 'pbkdf2', iterations: 4096 };

/**
 * A user who does not exist, and cannot be told from one who does (SCRAM-03): the salt of an authid is always the same,
 * and no proof matches the keys.
 *
 * @param secret known to the router alone; as long as it is the same, so are the salts
 */
export function mockScramUser(
  secret: string,
  authid: string,
  costs: MockScramCosts = defaultCosts,
): ScramUser {
  const derive = (name: string) => hmacSha256(encodeUtf8(secret), encodeUtf8(`${name} ${authid}`));
  return {
    ...costs,
    salt: encodeBase64(derive('salt').subarray(0, 16)),
    storedKey: encodeBase64(derive('stored key')),
    serverKey: encodeBase64(derive('server key')),
  };
}
