import { hmacSha256 } from '#hash';
import { encodeBase64 } from '../encoding/base64.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { secretsMatch } from '../secrets-match.js';

/**
 * Signs a challenge: HMAC-SHA256 in base64, for `AUTHENTICATE.Signature` (CRA-03).
 *
 * @param key the secret, or the text of `deriveWampcraKey`
 * @param challenge `CHALLENGE.Extra.challenge`, exactly as it came
 */
export async function signWampcra(key: string, challenge: string): Promise<string> {
  return encodeBase64(hmacSha256(encodeUtf8(key), encodeUtf8(challenge)));
}

/**
 * Whether a signature is of this challenge and key (CRA-05), in a time that tells nothing of the right one. When it came,
 * and to which session, is for the router to judge.
 */
export async function verifyWampcra(key: string, challenge: string, signature: string): Promise<boolean> {
  return secretsMatch(await signWampcra(key, challenge), signature);
}
