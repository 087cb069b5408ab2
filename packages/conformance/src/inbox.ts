import { CheckFailure } from './outcome.js';

interface Waiter<T> {
  readonly wants: (item: T) => boolean;
  readonly resolve: (item: T) => void;
  readonly reject: (error: Error) => void;
}

/** What came in and nobody has taken yet, in order. */
export class Inbox<T> {
  readonly #items: T[] = [];
  readonly #waiters = new Set<Waiter<T>>();
  #end: string | undefined;

  get items(): readonly T[] {
    return this.#items;
  }

  push(item: T): void {
    for (const waiter of this.#waiters) {
      if (!waiter.wants(item)) continue;
      waiter.resolve(item);
      return;
    }
    this.#items.push(item);
  }

  /** Nothing more will come: whoever waits, or waits later for what is not there, fails for this reason. */
  end(reason: string): void {
    this.#end ??= reason;
    for (const waiter of [...this.#waiters]) waiter.reject(new CheckFailure(this.#end));
  }

  /**
   * Takes the first item that is wanted, there or to come.
   *
   * @param signal gives the waiting up, so that what comes later is left to others
   * @throws {CheckFailure} when it does not come in time, saying what was waited for
   */
  take(
    wants: (item: T) => boolean,
    what: string,
    { timeout, signal }: { timeout: number; signal?: AbortSignal | undefined },
  ): Promise<T> {
    const index = this.#items.findIndex(wants);
    if (index >= 0) return Promise.resolve(this.#items.splice(index, 1)[0]!);
    if (this.#end !== undefined) return Promise.reject(new CheckFailure(`waiting for ${what}: ${this.#end}`));
    return new Promise((resolve, reject) => {
      const done = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter<T> = {
        wants,
        resolve: (item) => {
          done();
          resolve(item);
        },
        reject: (error) => {
          done();
          reject(new CheckFailure(`waiting for ${what}: ${error.message}`));
        },
      };
      const timer = setTimeout(() => waiter.reject(new Error(`nothing within ${timeout} ms`)), timeout);
      signal?.addEventListener('abort', () => waiter.reject(new Error('given up')), { once: true });
      this.#waiters.add(waiter);
    });
  }
}
