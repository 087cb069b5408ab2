import type { MatchPolicy } from '@wampkit/protocol';
import { defaultRetainBounds, RETAINED_ALTERNATIVES } from '../limits.js';
import { patternCovers } from '../uri/uri-pattern.js';
import type { RetainedEvents, RetainOptions } from './event-store.js';
import type { StoredEvent } from './stored-event.js';

/** Retained events in memory. */
export class MemoryRetained implements RetainedEvents {
  readonly #maxTopics: number;
  readonly #maxSize: number;
  /** The topic retained the longest ago first; of each the newest event first. */
  readonly #topics = new Map<string, readonly StoredEvent[]>();
  #size = 0;

  constructor(options: RetainOptions) {
    const { maxTopics, maxSize } = { ...defaultRetainBounds, ...options };
    this.#maxTopics = maxTopics === 0 ? Number.POSITIVE_INFINITY : maxTopics;
    this.#maxSize = maxSize === 0 ? Number.POSITIVE_INFINITY : maxSize;
  }

  keep(event: StoredEvent): void {
    const older = this.#topics.get(event.topic) ?? [];
    this.clear(event.topic);
    if (event.size > this.#maxSize) return; // what was there is out of date all the same
    const kept = [event, ...(isForAll(event) ? [] : reachable(older, event))];
    this.#topics.set(event.topic, kept);
    this.#size += sizeOf(kept);
    for (const topic of this.#topics.keys()) {
      if (this.#topics.size <= this.#maxTopics && this.#size <= this.#maxSize) return;
      if (topic === event.topic) this.#keepAlone(event);
      else this.clear(topic);
    }
  }

  clear(topic: string): void {
    this.#size -= sizeOf(this.#topics.get(topic) ?? []);
    this.#topics.delete(topic);
  }

  *find(topic: string, match: MatchPolicy): Generator<readonly StoredEvent[]> {
    if (match === 'exact') {
      const events = this.#topics.get(topic);
      if (events !== undefined) yield events;
      return;
    }
    const pattern = { uri: topic, match };
    for (const [uri, events] of this.#topics)
      if (patternCovers(pattern, { uri, match: 'exact' })) yield events;
  }

  #keepAlone(event: StoredEvent): void {
    this.#size += event.size - sizeOf(this.#topics.get(event.topic) ?? []);
    this.#topics.set(event.topic, [event]);
  }
}

function isForAll({ receivers }: StoredEvent): boolean {
  return Object.keys(receivers).length === 0;
}

/* Of the older events of a topic those that a newer one with lists leaves for somebody: not the ones for the same
   receivers, and not more than a few with lists, but always the last one for all. */
function reachable(older: readonly StoredEvent[], newer: StoredEvent): StoredEvent[] {
  const same = JSON.stringify(newer.receivers);
  const others = older.filter(({ receivers }) => JSON.stringify(receivers) !== same);
  const limited = others.filter((event) => !isForAll(event));
  return [...limited.slice(0, RETAINED_ALTERNATIVES - 1), ...others.filter(isForAll)];
}

function sizeOf(events: readonly StoredEvent[]): number {
  return events.reduce((sum, { size }) => sum + size, 0);
}
