import { hmacSha256, sha256 } from '#hash';
import { decodeBase64, encodeBase64 } from '../encoding/base64.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { xor } from '../encoding/xor.js';
import { secretsMatch } from '../secrets-match.js';
import type { ScramKeys } from './derive-scram-keys.js';
import { KEY_LENGTH } from './salted-password.js';

/** What a router makes of a proof. */
export interface ScramVerdict {
  /** Whether the client knows the password. */
  readonly ok: boolean;
  /** The router's own proof, for `WELCOME.Details.authextra.verifier`; for nobody whose proof was not `ok`. */
  readonly verifier: string;
}

/** What a router judges a proof by. */
export interface ScramProof extends ScramKeys {
  /** Of `scramAuthMessage`. */
  readonly authMessage: string;
  /** `AUTHENTICATE.Signature`. */
  readonly proof: string;
}

/**
 * Judges a client's proof (SCRAM-07), in a time that tells nothing of the right one. The nonce, the channel binding and
 * the time are for the router to judge.
 */
export async function verifyScramProof(given: ScramProof): Promise<ScramVerdict> {
  const message = encodeUtf8(given.authMessage);
  const [storedKey, serverKey] = [decodeBase64(given.storedKey), decodeBase64(given.serverKey)];
  const signature = hmacSha256(storedKey ?? none, message);
  const proof = decodeBase64(given.proof);
  const isProof = proof?.length === KEY_LENGTH;
  const recovered = encodeBase64(sha256(xor(signature, isProof ? proof : none)));
  const ok = secretsMatch(given.storedKey, recovered) && isProof;
  return { ok, verifier: encodeBase64(hmacSha256(serverKey ?? none, message)) };
}

const none = new Uint8Array(KEY_LENGTH);
