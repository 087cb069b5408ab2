import { ConfigError } from '@wampkit/protocol';
import { decodeBase64 } from '../encoding/base64.js';
import { limits } from '../limits.js';

/** How a password becomes a key: `kdf` of `CHALLENGE.Extra` (SCRAM-09). */
export type ScramKdf = 'pbkdf2' | 'argon2id13';

/** What a password is derived with. */
export interface ScramCosts {
  readonly kdf: ScramKdf;
  /** Canonical base64. */
  readonly salt: string;
  readonly iterations: number;
  /** KiB; argon2id13 only. */
  readonly memory?: number | null;
}

/** Octets that Argon2 wants of a salt, at least: RFC 9106 section 3.1. */
const ARGON2_MIN_SALT = 8;
/** KiB that Argon2 wants, at least: RFC 9106 section 3.1. */
const ARGON2_MIN_MEMORY = 8;

/**
 * The octets of the salt, once all costs are known to be ones that can be paid.
 *
 * @throws {ConfigError} naming the cost that is no such number, or above `limits`
 */
export function checkCosts({ kdf, salt, iterations, memory }: ScramCosts): Uint8Array {
  const octets = salt.length > limits.saltLength ? null : decodeBase64(salt);
  if (octets === null || octets.length === 0)
    throw new ConfigError('wamp-scram: the salt is not canonical base64');
  if (kdf === 'pbkdf2') checkCost('iterations', iterations, { from: 1, to: limits.pbkdf2Iterations });
  else if (kdf !== 'argon2id13')
    throw new ConfigError(`wamp-scram: no kdf ${JSON.stringify(kdf).slice(0, 40)}`);
  else {
    if (octets.length < ARGON2_MIN_SALT)
      throw new ConfigError('wamp-scram: argon2id13 wants a salt of 8 octets');
    checkCost('memory', memory, { from: ARGON2_MIN_MEMORY, to: limits.scramMaxMemory });
    checkCost('iterations', iterations, { from: 1, to: limits.scramMaxWork / (memory as number) });
  }
  return octets;
}

function checkCost(name: string, cost: unknown, { from, to }: { from: number; to: number }): void {
  if (Number.isInteger(cost) && (cost as number) >= from && (cost as number) <= to) return;
  const given = typeof cost === 'number' ? cost : typeof cost;
  throw new ConfigError(`wamp-scram: ${name} ${given} is no integer from ${from} to ${Math.floor(to)}`);
}
