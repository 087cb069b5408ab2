import type { Clock } from '@wampkit/protocol';
import { HISTORY_SIZE } from '../limits.js';
import type { EventHistory, HistoryOptions } from './event-store.js';
import type { StoredEvent } from './stored-event.js';

/** A history in memory, bounded by number, by age and by `HISTORY_SIZE`. */
export class MemoryHistory implements EventHistory {
  readonly #limit: number;
  readonly #maxAge: number;
  readonly #clock: Clock;
  /** A queue: what is before `#first` is gone. */
  #events: (StoredEvent | undefined)[] = [];
  #first = 0;
  #size = 0;

  constructor({ limit, maxAge = Number.POSITIVE_INFINITY }: HistoryOptions, clock: Clock) {
    this.#limit = limit;
    this.#maxAge = maxAge;
    this.#clock = clock;
  }

  append(event: StoredEvent): void {
    this.#events.push(event);
    this.#size += event.size;
    while (this.#events.length - this.#first > this.#limit || this.#size > HISTORY_SIZE) this.#dropFirst();
    this.#dropExpired();
  }

  read(): Iterable<StoredEvent> {
    this.#dropExpired();
    return this.#events.slice(this.#first) as StoredEvent[];
  }

  #dropExpired(): void {
    const oldest = this.#clock.now() - this.#maxAge;
    for (;;) {
      const first = this.#events[this.#first];
      if (first === undefined || first.timestamp > oldest) return;
      this.#dropFirst();
    }
  }

  #dropFirst(): void {
    this.#size -= (this.#events[this.#first] as StoredEvent).size;
    this.#events[this.#first++] = undefined;
    if (this.#first * 2 <= this.#events.length) return;
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
