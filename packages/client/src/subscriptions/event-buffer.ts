import { WampError } from '@wampkit/protocol';
import { createDeferred, type Deferred } from '../deferred.js';
import type { OverflowPolicy } from '../options.js';

/** A bounded queue between who pushes and who iterates. */
export class EventBuffer<T> {
  readonly #limit: number;
  readonly #overflow: OverflowPolicy;
  readonly #items: T[] = [];
  readonly #waiting: Deferred<IteratorResult<T, undefined>>[] = [];
  #end: { readonly error: unknown } | null = null;
  #dropped = 0;

  /** @param limit how many items it holds, at least 1 */
  constructor(limit: number, overflow: OverflowPolicy) {
    this.#limit = Math.max(1, limit);
    this.#overflow = overflow;
  }

  get size(): number {
    return this.#items.length;
  }

  /** How many items were lost to the overflow policy. */
  get dropped(): number {
    return this.#dropped;
  }

  /** @returns an error when the buffer was full and its policy is `error`; the buffer then ends with it */
  push(item: T): WampError | null {
    if (this.#end !== null) return null;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) waiting.resolve({ done: false, value: item });
    else if (this.#items.length < this.#limit) this.#items.push(item);
    else return this.#overflows(item);
    return null;
  }

  /** No more items come. What is held is still given out, then iteration ends, or throws `error`. */
  end(error: unknown = null): void {
    if (this.#end !== null) return;
    this.#end = { error };
    for (const waiting of this.#waiting.splice(0)) settle(waiting, error);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#items.length > 0) return Promise.resolve({ done: false, value: this.#items.shift() as T });
    const waiting = createDeferred<IteratorResult<T, undefined>>();
    if (this.#end === null) this.#waiting.push(waiting);
    else settle(waiting, this.#end.error);
    return waiting.promise;
  }

  /** Drops what is held. */
  clear(): void {
    this.#items.length = 0;
  }

  #overflows(item: T): WampError | null {
    this.#dropped++;
    if (this.#overflow === 'drop-newest') return null;
    if (this.#overflow === 'drop-oldest') {
      this.#items.shift();
      this.#items.push(item);
      return null;
    }
    const error = new WampError(`more than ${this.#limit} items wait for the iterator`);
    this.end(error);
    return error;
  }
}

function settle<T>(waiting: Deferred<IteratorResult<T, undefined>>, error: unknown): void {
  if (error === null) waiting.resolve({ done: true, value: undefined });
  else waiting.reject(error);
}
