import type { MatchPolicy, Payload } from '@wampkit/protocol';
import type { Pattern } from './naive-match.js';
import type { NaiveCall, NaiveRegistration } from './naive-registration.js';
import type { NaiveSession } from './naive-session.js';
import { anything, FreshId, OneOf } from './placeholder.js';
import { isBig } from './tapped-peer.js';
import type { Effect } from './trace.js';

/** The bounds of the realm under test: low, so that they are met. */
export const bounds = { subscriptionsPerSession: 6, registrationsPerSession: 5, pendingCallsPerSession: 4 };

/** Topics with a retained event; low for the same reason. */
export const RETAINED_TOPICS = 4;

/** The histories of the realm under test. */
export const histories: readonly { topic: string; match: MatchPolicy; limit: number; maxAge?: number }[] = [
  { topic: 'a.b', match: 'exact', limit: 3 },
  { topic: 'b', match: 'prefix', limit: 5, maxAge: 20_000 },
];

/** How long a transport may be without a session, and how long the answer to GOODBYE may take, in milliseconds. */
export const patience = { handshake: 10_000, goodbye: 2_000 };

/** What a run varies. */
export interface Rules {
  readonly requestIds: 'lenient' | 'strict';
  /** Without the meta API slow subscribers are disconnected, else they lose events. */
  readonly metaApi: boolean;
}

/** A subscription of one session: sharing an id is a matter of equal patterns. */
export interface NaiveSubscription extends Pattern {
  readonly id: FreshId;
  readonly session: NaiveSession;
}

/** A publication that is kept. */
export interface NaiveEvent {
  readonly publication: FreshId;
  readonly topic: string;
  readonly at: number;
  readonly details: object;
  readonly options: Readonly<Record<string, unknown>>;
  readonly publisher: NaiveSession;
  readonly tail: readonly unknown[];
}

/** A transport. */
export interface Line {
  open: boolean;
  congested: boolean;
  small: boolean;
  /** Whether the router said GOODBYE: it only waits for the answer. */
  leaving: boolean;
  hadSession: boolean;
  /** When it must have a session, or the answer. */
  deadline: number | null;
}

/** What a client did that it must not do. */
export class NaiveViolation extends Error {}

/** All that a realm knows, in plain lists, and what it did since the last input. */
export class NaiveRealm {
  sessions: NaiveSession[] = [];
  subscriptions: NaiveSubscription[] = [];
  registrations: NaiveRegistration[] = [];
  /** Those that wait have no callee; the one that waits the longest is first. */
  calls: NaiveCall[] = [];
  /** How many calls there were. */
  callCount = 0;
  /** The newest first. */
  retained: NaiveEvent[] = [];
  readonly histories = histories.map((history) => ({
    ...history,
    uri: history.topic,
    id: new FreshId(),
    events: [] as NaiveEvent[],
  }));
  readonly rules: Rules;
  /** Milliseconds since the start. */
  now = 0;
  /** What the router did for the input: decides where chance or no order of the spec does. */
  hints: readonly Effect[] = [];
  effects: Effect[] = [];
  /** Why what is served now is denied, by what its authorizer said. */
  denial: string | null = null;
  readonly #lines: Line[] = [];

  constructor(rules: Rules) {
    this.rules = rules;
  }

  /** The time as a text. */
  get date(): string {
    return dateOf(this.now);
  }

  line(connection: number): Line {
    this.#lines[connection] ??= {
      open: true,
      congested: false,
      small: false,
      leaving: false,
      hadSession: false,
      deadline: this.now + patience.handshake,
    };
    return this.#lines[connection];
  }

  /** Transports that have run out of time, with their number. */
  lateLines(): readonly (readonly [number, Line])[] {
    return [...this.#lines.entries()].filter(
      ([, line]) => line.open && line.deadline !== null && line.deadline <= this.now,
    );
  }

  /** When something runs out of time next. */
  nextDue(): number {
    const lines = this.#lines.filter(({ open }) => open).map(({ deadline }) => deadline);
    const dues = [...lines, ...this.calls.map(({ due }) => due)];
    return Math.min(...dues.filter((due) => due !== null));
  }

  send(session: NaiveSession, ...wire: unknown[]): void {
    if (this.line(session.connection).open) this.effects.push(['send', session.connection, ...wire]);
  }

  refuse(session: NaiveSession, of: readonly number[], errors: readonly string[]): void {
    this.send(session, 8, ...of, {}, new OneOf(errors), anything);
  }

  close(connection: number): void {
    this.line(connection).open = false;
    this.effects.push(['close', connection]);
  }

  /** Whether a session's transport takes no message with that payload. */
  refuses(session: NaiveSession, payload: Payload): boolean {
    return this.line(session.connection).small && isBig(payload);
  }

  /** Which of the sessions got a payload of one registration just now; `undefined` when none did. */
  chosen(sessions: readonly NaiveSession[], id: FreshId, payload: Payload): NaiveSession | undefined {
    const wanted = JSON.stringify(tail(payload));
    const got = this.hints.find(
      ([kind, connection, code, , registration, , ...rest]) =>
        kind === 'send' &&
        code === 68 &&
        registration === id.value &&
        JSON.stringify(rest) === wanted &&
        sessions.some((session) => session.connection === connection),
    );
    return got && sessions.find((session) => session.connection === got[1]);
  }
}

/** Milliseconds since the start as a text. */
export function dateOf(ms: number): string {
  return new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
}

/** Arguments and ArgumentsKw, as far as a message has them. */
export function tail(payload: Payload): readonly unknown[] {
  return [payload.args(), payload.kwargs()].slice(0, payload.count);
}

/** Checks a request's id. @throws {NaiveViolation} */
export function admitRequest(realm: NaiveRealm, session: NaiveSession, request: number): void {
  if (request < 1) throw new NaiveViolation();
  if (realm.rules.requestIds === 'strict' && request !== session.lastRequest + 1) throw new NaiveViolation();
  session.lastRequest = request;
  if (realm.calls.some((call) => call.caller === session && call.request === request))
    throw new NaiveViolation();
}
