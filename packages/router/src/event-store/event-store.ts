import type { MatchPolicy } from '@wampkit/protocol';
import type { StoredEvent } from './stored-event.js';

/** Which events are kept for `wamp.subscription.get_events` (HIST-02). */
export interface HistoryOptions {
  /** A topic, or a pattern for `match`. */
  readonly topic: string;
  /** Default `exact`. */
  readonly match?: MatchPolicy;
  /** How many events are kept; the oldest goes first. At least 1. */
  readonly limit: number;
  /** How long an event is kept, in milliseconds; absent: until `limit` is reached. */
  readonly maxAge?: number;
}

/** Bounds of the retained events of a realm; 0 means none. Above one, the topic that was retained the longest ago goes. */
export interface RetainOptions {
  /** Topics with a retained event. Default 10,000. */
  readonly maxTopics?: number;
  /** Bytes of all of them. Default 64 MiB. */
  readonly maxSize?: number;
}

/**
 * Where a realm keeps events: histories and retained ones. One for each realm.
 *
 * Writing is synchronous and must be quick, for it is part of routing; a store that writes elsewhere does it later.
 */
export interface EventStore {
  /** The history of one subscription; asked for once for each of the realm's `history`, when the realm is made. */
  openHistory(options: HistoryOptions): EventHistory;
  /** The retained events; asked for once. */
  openRetained(options: RetainOptions): RetainedEvents;
}

/** The events of one subscription, in the order in which the broker got them (HIST-02). */
export interface EventHistory {
  append(event: StoredEvent): void;
  /** What is kept now, the oldest first. It stays as it is while events are appended. */
  read(): Iterable<StoredEvent> | AsyncIterable<StoredEvent>;
}

/** The last events of topics, for subscribers to come (RET). */
export interface RetainedEvents {
  /**
   * Keeps an event as the newest of its topic. One without receiver lists replaces all before it; one with lists leaves
   * older ones for those whom it does not reach (RET-03).
   */
  keep(event: StoredEvent): void;
  /** Forgets what is kept of a topic. */
  clear(topic: string): void;
  /** What is kept of each topic that matches, the newest event of a topic first. */
  find(topic: string, match: MatchPolicy): Iterable<readonly StoredEvent[]>;
}
