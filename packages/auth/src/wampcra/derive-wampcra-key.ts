import { ConfigError } from '@wampkit/protocol';
import { pbkdf2Sha256 } from '#hash';
import { encodeBase64 } from '../encoding/base64.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { limits } from '../limits.js';

/** What a wampcra key is derived with besides the secret: `salt`, `iterations` and `keylen` of `CHALLENGE.Extra`. */
export interface WampcraCosts {
  /** Taken as it is, in UTF-8. */
  readonly salt: string;
  /** Default 1000. */
  readonly iterations?: number;
  /** Octets; default 32. */
  readonly keylen?: number;
}

/**
 * Derives the key that stands in for a secret: PBKDF2-HMAC-SHA256, in base64. It is this text, not the octets behind it,
 * that signs challenges (CRA-04).
 *
 * @throws {ConfigError} for costs that are no positive integers or above `limits`
 * @example
 * const secret = await deriveWampcraKey('ann-secret', { salt: 'salt123', iterations: 1000, keylen: 32 });
 */
export async function deriveWampcraKey(secret: string, costs: WampcraCosts): Promise<string> {
  const { salt, iterations = 1000, keylen = 32 } = costs;
  checkCost('keylen', keylen, limits.wampcraKeyLength);
  checkCost('iterations', iterations, limits.pbkdf2Iterations / Math.ceil(keylen / 32));
  checkCost('length of the salt', salt.length, limits.saltLength);
  const key = await pbkdf2Sha256(encodeUtf8(secret), encodeUtf8(salt), { iterations, length: keylen });
  return encodeBase64(key);
}

function checkCost(name: string, cost: number, most: number): void {
  if (Number.isInteger(cost) && cost >= 1 && cost <= most) return;
  throw new ConfigError(`wampcra: ${name} ${cost} is not within 1 and ${Math.floor(most)}`);
}
