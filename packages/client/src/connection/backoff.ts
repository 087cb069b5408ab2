import { limits } from '../limits.js';
import type { ReconnectOptions } from '../options.js';

/** Exponential waits with full jitter, so that the clients of a router that went down do not come back as one. */
export class Backoff {
  readonly #options: ReconnectOptions;
  readonly #random: () => number;
  #ceiling: number;

  constructor(options: ReconnectOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
    this.#ceiling = this.#initial;
  }

  /** The longest wait, milliseconds. */
  get maxDelay(): number {
    return this.#options.maxDelay ?? limits.maxDelay;
  }

  /** The next wait, milliseconds. */
  next(): number {
    const ceiling = Math.min(this.#ceiling, this.maxDelay);
    this.#ceiling = ceiling * (this.#options.factor ?? limits.backoffFactor);
    return this.#options.jitter === 'none' ? ceiling : Math.round(this.#random() * ceiling);
  }

  /** Starts over. */
  reset(): void {
    this.#ceiling = this.#initial;
  }

  get #initial(): number {
    return this.#options.initialDelay ?? limits.initialDelay;
  }
}
