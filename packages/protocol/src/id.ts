/** The largest WAMP id, 2^53 inclusive (BP-ID-01); one more than `Number.MAX_SAFE_INTEGER`. */
export const MAX_ID = 2 ** 53;

/** Whether a value is a WAMP id: an integer in [1, 2^53] (BP-ID-01). */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && value >= 1 && value <= MAX_ID && Number.isInteger(value);
}

/** Where ids of global and router scope come from; a seam, so that tests and clusters can bring their own. */
export interface IdSource {
  /** The next id, an integer in [1, 2^53]. */
  next(): number;
}

const BATCH = 512;

/** Uniformly random ids over the whole range (BP-ID-02), drawn in batches from the platform's secure source. */
export class RandomIds implements IdSource {
  readonly #words = new Uint32Array(BATCH * 2);
  #used = BATCH * 2;

  next(): number {
    if (this.#used === this.#words.length) this.#refill();
    const high = this.#words[this.#used++] & 0x1fffff;
    const low = this.#words[this.#used++];
    return high * 0x1_0000_0000 + low + 1;
  }

  #refill(): void {
    globalThis.crypto.getRandomValues(this.#words);
    this.#used = 0;
  }
}

/** Ids of session scope: 1, 2, 3 ... and from 2^53 back to 1 (BP-ID-04). One per session and direction. */
export class SequentialIds implements IdSource {
  #last: number;

  /** @param last the id before the first one that `next` gives */
  constructor(last = 0) {
    this.#last = last;
  }

  /** The id given last, 0 before the first. */
  get last(): number {
    return this.#last;
  }

  next(): number {
    this.#last = this.#last === MAX_ID ? 1 : this.#last + 1;
    return this.#last;
  }
}
