import { type Args, type Dict, isDict, isId, type Kwargs } from '@wampkit/protocol';
import type { CallOptions } from '../options.js';

/** Which events of a subscription's history are wanted: those that meet every condition given (HIST-03). */
export interface HistoryQuery {
  /** The newest first. Default: in the order in which the router received them. */
  readonly reverse?: boolean;
  /** How many at most. */
  readonly limit?: number;
  /** Received then or later. */
  readonly from_time?: Date | string;
  readonly after_time?: Date | string;
  readonly before_time?: Date | string;
  /** Received then or earlier. */
  readonly until_time?: Date | string;
  /** Of one topic, where the subscription is to a pattern. */
  readonly topic?: string;
  /** From this publication on, by its place in the history (HIST-04). */
  readonly from_publication?: number;
  readonly after_publication?: number;
  readonly before_publication?: number;
  /** Up to and with this publication. */
  readonly until_publication?: number;
}

/** An event that the router kept (HIST-05). */
export interface HistoryEvent {
  /** When the router received it, RFC 3339. */
  readonly timestamp: string;
  readonly publication: number;
  readonly details: Dict;
  readonly args: Args;
  readonly kwargs: Kwargs;
}

/** The call of `wamp.subscription.get_events`. */
export function historyCall(subscription: number, query: HistoryQuery, options: CallOptions | undefined) {
  const entries = Object.entries<unknown>({ ...query }).filter(([, value]) => value !== undefined);
  const kwargs = Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  );
  return { payload: { args: [subscription], kwargs }, options };
}

/** Each argument is an event; some routers send one list of them. */
export function readHistory(args: Args): HistoryEvent[] | undefined {
  const events = args.length === 1 && Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  return events.every(isStored) ? events.map(toEvent) : undefined;
}

function isStored(value: unknown): value is Dict {
  return isDict(value) && isId(value.publication);
}

function toEvent({ timestamp, publication, details, args, kwargs }: Dict): HistoryEvent {
  return {
    timestamp: String(timestamp),
    publication: publication as number,
    details: isDict(details) ? details : {},
    args: Array.isArray(args) ? args : [],
    kwargs: isDict(kwargs) ? kwargs : {},
  };
}
