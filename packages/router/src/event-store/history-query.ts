import { isId, type Kwargs } from '@wampkit/protocol';
import { HISTORY_SLICE } from '../limits.js';
import type { EventHistory } from './event-store.js';
import type { StoredEvent } from './stored-event.js';

/** What `wamp.subscription.get_events` asks for; all that is given must hold (HIST-03). */
export interface HistoryQuery {
  /** Whether the newest event comes first. */
  readonly reverse: boolean;
  /** How many events at most, the first ones in the order asked for. */
  readonly limit: number;
  /** The time of an event in milliseconds since the Unix epoch: not before, after, before, not after. */
  readonly fromTime: number;
  readonly afterTime: number;
  readonly beforeTime: number;
  readonly untilTime: number;
  readonly topic: string | null;
  readonly fromPublication: number | null;
  readonly afterPublication: number | null;
  readonly beforePublication: number | null;
  readonly untilPublication: number | null;
}

/**
 * Reads the keyword arguments of `wamp.subscription.get_events`; `null` counts as absent, unknown ones are ignored.
 *
 * @returns the query, or what is wrong in words
 */
export function readHistoryQuery(kwargs: Kwargs): HistoryQuery | string {
  for (const [key, value] of Object.entries(kwargs)) {
    const rule = Object.hasOwn(rules, key) ? rules[key] : undefined;
    if (rule !== undefined && value !== null && !rule.holds(value)) return `${key} must be ${rule.what}`;
  }
  const time = (key: string, absent: number): number => parseTime(kwargs[key]) ?? absent;
  const publication = (key: string): number | null => (kwargs[key] ?? null) as number | null;
  return {
    reverse: kwargs.reverse === true,
    limit: (kwargs.limit ?? Number.POSITIVE_INFINITY) as number,
    fromTime: time('from_time', Number.NEGATIVE_INFINITY),
    afterTime: time('after_time', Number.NEGATIVE_INFINITY),
    beforeTime: time('before_time', Number.POSITIVE_INFINITY),
    untilTime: time('until_time', Number.POSITIVE_INFINITY),
    topic: (kwargs.topic ?? null) as string | null,
    fromPublication: publication('from_publication'),
    afterPublication: publication('after_publication'),
    beforePublication: publication('before_publication'),
    untilPublication: publication('until_publication'),
  };
}

/**
 * The events that a query asks for, in its order. Looks at a bounded number of events in a turn.
 *
 * @param by.admits which events may be given at all
 * @param by.nextTurn lets others be served
 */
export async function selectEvents(
  history: EventHistory,
  query: HistoryQuery,
  by: { admits(event: StoredEvent): boolean; nextTurn(): Promise<void> },
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of history.read()) {
    events.push(event);
    if (events.length % HISTORY_SLICE === 0) await by.nextTurn();
  }
  const [start, end] = positionsOf(events, query);
  const found: StoredEvent[] = [];
  for (let looked = 0; start + looked < end; looked++) {
    if (looked > 0 && looked % HISTORY_SLICE === 0) await by.nextTurn();
    const event = events[query.reverse ? end - 1 - looked : start + looked] as StoredEvent;
    if (!isWanted(event, query) || !by.admits(event)) continue;
    found.push(event);
    if (found.length >= query.limit) break;
  }
  return found;
}

function isWanted({ timestamp, topic }: StoredEvent, query: HistoryQuery): boolean {
  return (
    timestamp >= query.fromTime &&
    timestamp > query.afterTime &&
    timestamp < query.beforeTime &&
    timestamp <= query.untilTime &&
    (query.topic === null || topic === query.topic)
  );
}

/* HIST-04: publications stand for their place in the store. One that is not there has none, and nothing is beside it. */
function positionsOf(events: readonly StoredEvent[], query: HistoryQuery): readonly [number, number] {
  const { fromPublication, afterPublication, beforePublication, untilPublication } = query;
  const place = (id: number): number => events.findIndex(({ publication }) => publication === id);
  const starts = [0];
  const ends = [events.length];
  for (const [id, list, shift] of [
    [fromPublication, starts, 0],
    [afterPublication, starts, 1],
    [beforePublication, ends, 0],
    [untilPublication, ends, 1],
  ] as const) {
    if (id === null) continue;
    const index = place(id);
    if (index < 0) return [0, 0];
    list.push(index + shift);
  }
  return [Math.max(...starts), Math.min(...ends)];
}

interface Rule {
  readonly what: string;
  holds(value: unknown): boolean;
}

const publicationRule: Rule = { what: 'an id', holds: isId };
const timeRule: Rule = {
  what: 'an RFC 3339 time such as 2026-01-31T12:00:00Z',
  holds: (value) => parseTime(value) !== null,
};

const rules: Readonly<Record<string, Rule>> = {
  reverse: { what: 'a bool', holds: (value) => typeof value === 'boolean' },
  limit: { what: 'a positive integer', holds: isId },
  from_time: timeRule,
  after_time: timeRule,
  before_time: timeRule,
  until_time: timeRule,
  topic: { what: 'a URI', holds: (value) => typeof value === 'string' },
  from_publication: publicationRule,
  after_publication: publicationRule,
  before_publication: publicationRule,
  until_publication: publicationRule,
};

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

function parseTime(value: unknown): number | null {
  if (typeof value !== 'string' || !rfc3339.test(value)) return null;
  const time = Date.parse(value.toUpperCase().replace(' ', 'T'));
  return Number.isNaN(time) ? null : time;
}
