import { type Call, ErrorUri } from '@wampkit/protocol';
import type { Pattern } from './naive-match.js';
import type { NaiveRealm } from './naive-realm.js';
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

/** The callee whose turn it is, if it may take one more call (SHR-03, RER-02). */
export function pickCallee(realm: NaiveRealm, call: NaiveCall, message: Call): NaiveCallee | undefined {
  const { registration, tried } = call;
  const { callees, invoke } = registration;
  const untried = callees.filter((callee) => !tried.has(callee));
  const isFree = (callee: NaiveCallee): boolean =>
    callee.concurrency === 0 ||
    realm.calls.filter((other) => other.callee === callee).length < callee.concurrency;
  if (invoke === 'random') {
    const free = untried.filter(isFree);
    const sessions = free.map(({ session }) => session);
    const chosen = realm.chosen(sessions, registration.id, message.payload);
    if (chosen !== undefined) return free.find(({ session }) => session === chosen);
    // none got it: chance chose one that cannot take it, for the reason that the caller got
    const reason = realm.hints.find(
      ([, , code, type, request]) => code === 8 && type === 48 && request === call.request,
    );
    return free.find(({ session }) => inability(realm, session, message) === reason?.[6]) ?? free[0];
  }
  if (invoke === 'roundrobin') {
    const start = Math.max(0, callees.indexOf(registration.next as NaiveCallee));
    const order = [...callees.slice(start), ...callees.slice(0, start)];
    const picked = order.find((callee) => isFree(callee) && !tried.has(callee));
    if (picked !== undefined && (callees.length > 1 || tried.size > 0))
      registration.next = callees[(callees.indexOf(picked) + 1) % callees.length] ?? null;
    return picked;
  }
  const named = invoke === 'last' ? untried.at(-1) : untried[0];
  return named !== undefined && isFree(named) ? named : undefined;
}

/** Why a session cannot be given an INVOCATION; `null` when it can. */
function inability(realm: NaiveRealm, session: NaiveSession, { options, payload }: Call): string | null {
  if (options.progress === true && !session.takesChunks) return ErrorUri.FeatureNotSupported;
  return realm.refuses(session, payload) ? ErrorUri.PayloadSizeExceeded : null;
}

/** Takes a callee out; whoever comes after it is next if it was. */
export function dropCallee(callee: NaiveCallee): void {
  const { registration } = callee;
  const { callees, next } = registration;
  if (next === callee) registration.next = callees[(callees.indexOf(callee) + 1) % callees.length] ?? null;
  registration.callees = callees.filter((each) => each !== callee);
}
