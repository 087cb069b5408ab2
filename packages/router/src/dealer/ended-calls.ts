import { ENDED_PROGRESSIVE_CALLS } from '../limits.js';

/**
 * The calls of one session that ended before their last chunk came (PCI-07): what still comes of them is discarded,
 * instead of being taken for a new call. A bounded number, the latest ones.
 */
export class EndedCalls {
  readonly #requests = new Set<number>();

  add(request: number): void {
    this.#requests.delete(request);
    this.#requests.add(request);
    if (this.#requests.size <= ENDED_PROGRESSIVE_CALLS) return;
    for (const oldest of this.#requests) {
      this.#requests.delete(oldest);
      return;
    }
  }

  has(request: number): boolean {
    return this.#requests.has(request);
  }

  /**
   * Whether a CALL is a late chunk of one of them.
   *
   * @param isLast whether it says that no other chunk follows: then its id is free
   */
  takes(request: number, isLast: boolean): boolean {
    return isLast ? this.#requests.delete(request) : this.#requests.has(request);
  }
}
