import { type Dict, ProtocolError } from '@wampkit/protocol';
import type { ScramCosts, ScramKdf } from './scram-costs.js';

/** `CHALLENGE.Extra`, as the client takes it. */
export interface ScramChallenge extends ScramCosts {
  /** The client's nonce and what the router appended. */
  readonly nonce: string;
  readonly memory: number | null;
}

/** What a challenge must keep to. */
interface Expectations {
  readonly clientNonce: string;
  readonly minIterations: number;
  readonly minWork: number;
}

/**
 * Reads a challenge.
 *
 * @throws {ProtocolError} when it is malformed, not an answer to our nonce, or asks for suspiciously little work (SCRAM-05)
 */
export function readChallenge(extra: Dict, expected: Expectations): ScramChallenge {
  const { nonce, salt, kdf, iterations, memory = null } = extra;
  if (typeof nonce !== 'string' || typeof salt !== 'string' || typeof iterations !== 'number')
    throw malformed('needs nonce and salt as strings, iterations as an integer');
  if (!nonce.startsWith(expected.clientNonce) || nonce === expected.clientNonce)
    throw malformed('has a nonce that does not extend ours');
  if (kdf !== 'pbkdf2' && kdf !== 'argon2id13') throw malformed('names no known kdf');
  if (memory !== null && typeof memory !== 'number') throw malformed('has a memory that is no integer');
  checkWork(kdf, { iterations, memory: memory ?? 0 }, expected);
  return { nonce, salt, kdf, iterations, memory };
}

function checkWork(
  kdf: ScramKdf,
  { iterations, memory }: { iterations: number; memory: number },
  { minIterations, minWork }: Expectations,
): void {
  if (kdf === 'pbkdf2' && !(iterations >= minIterations))
    throw malformed(`asks for ${iterations} iterations, suspiciously few: at least ${minIterations}`);
  if (kdf === 'argon2id13' && !(iterations * memory >= minWork))
    throw malformed(`asks for suspiciously little work, ${iterations} x ${memory} KiB: at least ${minWork}`);
}

function malformed(text: string): ProtocolError {
  return new ProtocolError(`CHALLENGE.Extra ${text}`);
}
