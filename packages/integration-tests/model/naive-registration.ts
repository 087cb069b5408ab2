import type { Call } from '@wampkit/protocol';
import type { Pattern } from './naive-match.js';
import type { NaiveSession } from './naive-session.js';
import type { FreshId } from './placeholder.js';

/** One session's part in a registration. */
export interface NaiveCallee {
  readonly registration: NaiveRegistration;
  readonly session: NaiveSession;
  readonly disclose: boolean;
  readonly forwardTimeout: boolean;
  readonly concurrency: number;
}

export interface NaiveRegistration extends Pattern {
  readonly id: FreshId;
  readonly invoke: string;
  /** The oldest first. */
  callees: NaiveCallee[];
  /** Whose turn it is. */
  next: NaiveCallee | null;
}

export interface NaiveCall {
  /** Which one it is of all. */
  readonly number: number;
  readonly caller: NaiveSession;
  readonly request: number;
  readonly procedure: string;
  /** Milliseconds; 0: none. */
  readonly timeout: number;
  registration: NaiveRegistration;
  /** `null` while it waits. */
  callee: NaiveCallee | null;
  invocation: number;
  /** Its chunks so far, as long as another callee could take it over. */
  kept: Call[] | null;
  /** Whether chunks are to come. */
  isOpenEnded: boolean;
  progressive: boolean;
  killed: boolean;
  /** When the dealer ends it. */
  due: number | null;
  readonly tried: Set<NaiveCallee>;
}

/** Takes a callee out; whoever comes after it is next if it was. */
export function dropCallee(callee: NaiveCallee): void {
  const { registration } = callee;
  const { callees, next } = registration;
  if (next === callee) registration.next = callees[(callees.indexOf(callee) + 1) % callees.length] ?? null;
  registration.callees = callees.filter((each) => each !== callee);
}
