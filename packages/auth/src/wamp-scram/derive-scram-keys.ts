import { encodeBase64 } from '../encoding/base64.js';
import { keysOf } from './password-keys.js';
import { saltedPassword } from './salted-password.js';
import { saslPrep } from './sasl-prep.js';
import type { ScramCosts } from './scram-costs.js';

/** What a router stores in place of a password, besides the costs; each 32 octets in base64. */
export interface ScramKeys {
  /** What the router checks a client by. */
  readonly storedKey: string;
  /** What the router proves itself by. */
  readonly serverKey: string;
}

/**
 * Derives what a router stores of a password (SCRAM-09). Nobody can join by it, but whoever has it can pass for the
 * router, and can try passwords: keep it as a secret.
 *
 * @throws {ConfigError} for costs that are no such numbers or above `limits`, and for a password that SASLprep prohibits
 * @example
 * const costs = { kdf: 'argon2id13', salt: createScramSalt(), iterations: 3, memory: 65536 } as const;
 * const stored = { ...costs, ...(await deriveScramKeys('eve-password', costs)) };
 */
export async function deriveScramKeys(password: string, costs: ScramCosts): Promise<ScramKeys> {
  const { storedKey, serverKey } = keysOf(await saltedPassword(saslPrep(password, { stored: true }), costs));
  return { storedKey: encodeBase64(storedKey), serverKey: encodeBase64(serverKey) };
}
