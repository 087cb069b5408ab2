import type { Clock } from '@wampkit/protocol';
import { AUTH_FAILURES_KEPT } from '../limits.js';

const MINUTE = 60_000;

interface Failures {
  count: number;
  /** When its minute ends, or, once there were too many, when it may try again. */
  readonly until: number;
}

/**
 * Counts failed authentications, each under several keys (an address, an authid), and says when there were too many: who
 * has failed `limit` times within a minute of the first is locked out for a minute from the last. Bounded: of too many keys
 * the oldest is forgotten, those locked out last.
 */
export class FailureLimit {
  readonly #clock: Clock;
  readonly #failures = new Map<string, Failures>();
  readonly #locked = new Map<string, Failures>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#failures.size + this.#locked.size;
  }

  /** Whether one of these keys is locked out now. */
  isLocked(keys: readonly string[]): boolean {
    return keys.some((key) => this.#current(this.#locked, key) !== undefined);
  }

  /** Counts a failure under each of these keys. @returns those that it locks out */
  fail(keys: readonly string[], limit: number): string[] {
    const now = this.#clock.monotonic();
    const locked: string[] = [];
    for (const key of keys) {
      if (this.#current(this.#locked, key) !== undefined) continue;
      const failures = this.#current(this.#failures, key) ?? { count: 0, until: now + MINUTE };
      failures.count++;
      this.#failures.delete(key);
      if (failures.count < limit) remember(this.#failures, key, failures);
      else {
        remember(this.#locked, key, { ...failures, until: now + MINUTE });
        locked.push(key);
      }
    }
    return locked;
  }

  /** Forgets the failures of a key that has proven itself. */
  succeed(key: string): void {
    this.#failures.delete(key);
  }

  #current(table: Map<string, Failures>, key: string): Failures | undefined {
    const failures = table.get(key);
    if (failures === undefined || failures.until > this.#clock.monotonic()) return failures;
    table.delete(key);
    return undefined;
  }
}

function remember(table: Map<string, Failures>, key: string, failures: Failures): void {
  if (table.size >= AUTH_FAILURES_KEPT) table.delete(table.keys().next().value as string);
  table.set(key, failures);
}
