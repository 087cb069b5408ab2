import { DERIVATIONS_AT_ONCE, DERIVATIONS_WAITING } from '../limits.js';
import { addressOf } from './address-of.js';
import type { AuthRequest } from './authenticator.js';

/** Work that waits for its turn. */
interface Waiting {
  /** Whether somebody still waits for it. */
  readonly isWanted: () => boolean;
  readonly begin: () => void;
  readonly giveUp: () => void;
}

/**
 * The key derivations of one method, which anybody can cause: a few at a time, so that the machine is left to others,
 * and by turns among those who cause them, so that one who causes many does not keep others waiting.
 */
export class Derivations {
  readonly #lanes = new Map<string, Waiting[]>();
  #waiting = 0;
  #running = 0;

  /**
   * Derives when it is its turn.
   *
   * @param cause the handshake that causes it
   * @returns rejects, without deriving, when nobody waits for it any more; `null` when too many wait
   */
  run<T>(
    { transport, isWanted = () => true }: Pick<AuthRequest, 'transport' | 'isWanted'>,
    derive: () => Promise<T>,
  ): Promise<T> | null {
    if (this.#running < DERIVATIONS_AT_ONCE) return this.#start(derive);
    if (this.#waiting >= DERIVATIONS_WAITING) return null;
    return new Promise((resolve, reject) => {
      const begin = (): void => resolve(this.#start(derive));
      const giveUp = (): void => reject(new Error('nobody waits for it any more'));
      this.#add(addressOf(transport) ?? '', { isWanted, begin, giveUp });
    });
  }

  #add(lane: string, waiting: Waiting): void {
    const others = this.#lanes.get(lane);
    if (others === undefined) this.#lanes.set(lane, [waiting]);
    else others.push(waiting);
    this.#waiting++;
  }

  #start<T>(derive: () => Promise<T>): Promise<T> {
    this.#running++;
    return derive().finally(() => {
      this.#running--;
      this.#next();
    });
  }

  #next(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      if (next.isWanted()) {
        next.begin();
        return;
      }
      next.giveUp();
    }
  }

  /* The first of a lane, which then goes behind the others. */
  #take(): Waiting | undefined {
    for (const [lane, waiting] of this.#lanes) {
      const first = waiting.shift();
      this.#lanes.delete(lane);
      if (waiting.length > 0) this.#lanes.set(lane, waiting);
      this.#waiting--;
      return first;
    }
    return undefined;
  }
}
