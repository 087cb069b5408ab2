import type { Clock } from '@wampkit/protocol';
import type {
  EventHistory,
  EventStore,
  HistoryOptions,
  RetainedEvents,
  RetainOptions,
} from './event-store.js';
import { MemoryHistory } from './memory-history.js';
import { MemoryRetained } from './memory-retained.js';

/** Keeps events in memory: they are gone with the realm. */
export class MemoryEventStore implements EventStore {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  openHistory(options: HistoryOptions): EventHistory {
    return new MemoryHistory(options, this.#clock);
  }

  openRetained(options: RetainOptions): RetainedEvents {
    return new MemoryRetained(options);
  }
}
