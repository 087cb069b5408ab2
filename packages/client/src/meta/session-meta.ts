import { type Args, type Dict, isId } from '@wampkit/protocol';
import type { CallOptions, PayloadInput, SubscribeOptions } from '../options.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { type EndOptions, splitEndOptions } from './end-options.js';
import { ask, type MetaClient, readCount, readIds, readInfo, readNothing, watch } from './meta-call.js';
import { type TestamentOptions, testament } from './testament.js';

/** A session as the router tells of it (SMETA-02, SMETA-05). */
export interface SessionInfo {
  readonly session: number;
  readonly authid: string;
  readonly authrole: string;
  readonly authmethod: string;
  readonly authprovider: string;
  /** How it reaches the router, where the router tells. */
  readonly transport?: Dict;
  readonly [name: string]: unknown;
}

/** A session that is over (SMETA-03). */
export interface SessionLeft {
  readonly session: number;
  /** `null` where the router does not tell. */
  readonly authid: string | null;
  readonly authrole: string | null;
}

/** Which sessions are meant. */
export interface SessionsOptions extends CallOptions {
  /** Only those of these roles. Default: all. */
  readonly authroles?: readonly string[];
}

/**
 * The session meta API.
 *
 * Its calls reject as `Client.call` does: RequestErrors of the router are `wamp.error.no_such_session` for an id that is
 * no session, or the caller's own; `wamp.error.not_authorized`; `wamp.error.no_such_procedure` where the realm has no
 * meta API.
 */
export class SessionMeta {
  readonly #client: MetaClient;

  /** @internal */
  constructor(client: MetaClient) {
    this.#client = client;
  }

  /** Ids of the sessions in the realm (SMETA-04). */
  list(options: SessionsOptions = {}): Promise<readonly number[]> {
    return ask(this.#client, select('wamp.session.list', options), readIds);
  }

  /** How many they are (SMETA-04). */
  count(options: SessionsOptions = {}): Promise<number> {
    return ask(this.#client, select('wamp.session.count', options), readCount);
  }

  /** What the router knows of a session (SMETA-05). */
  get(session: number, options?: CallOptions): Promise<SessionInfo> {
    const call = { procedure: 'wamp.session.get', payload: { args: [session] }, ...(options && { options }) };
    return ask(this.#client, call, (value) => readInfo<SessionInfo>(value, 'session'));
  }

  /** Ends another session (SMETA-06). */
  async kill(session: number, options: EndOptions = {}): Promise<void> {
    await ask(this.#client, end('wamp.session.kill', [session], options), readNothing);
  }

  /** Ends all other sessions of an authid. @returns their ids (SMETA-07) */
  killByAuthid(authid: string, options: EndOptions = {}): Promise<readonly number[]> {
    return ask(this.#client, end('wamp.session.kill_by_authid', [authid], options), readIds);
  }

  /** Ends all other sessions of a role. @returns how many (SMETA-07) */
  killByAuthrole(authrole: string, options: EndOptions = {}): Promise<number> {
    return ask(this.#client, end('wamp.session.kill_by_authrole', [authrole], options), readCount);
  }

  /** Ends all other sessions, without events of the meta API (SMETA-08). @returns how many (SMETA-07) */
  killAll(options: EndOptions = {}): Promise<number> {
    return ask(this.#client, end('wamp.session.kill_all', [], options), readCount);
  }

  /**
   * Leaves a testament with the router: an event that it publishes when this session is over, however it ends (TEST-02,
   * TEST-04). It is the session's: after a reconnect there is none.
   *
   * @throws {CallError} `wamp.error.invalid_argument`, `wamp.error.invalid_uri`; `wamp.error.unavailable`: too many
   */
  async addTestament(
    topic: string,
    payload: PayloadInput = {},
    options: TestamentOptions = {},
  ): Promise<void> {
    await ask(this.#client, testament(topic, payload, options), readNothing);
  }

  /** Takes all testaments of one scope back (TEST-02). */
  async flushTestaments({
    scope,
    ...options
  }: CallOptions & Pick<TestamentOptions, 'scope'> = {}): Promise<void> {
    const payload = { kwargs: scope === undefined ? {} : { scope } };
    await ask(this.#client, { procedure: 'wamp.session.flush_testaments', payload, options }, readNothing);
  }

  /** Tells of each session that joins. */
  onJoin(handler: (session: SessionInfo) => unknown, options?: SubscribeOptions): Promise<Subscription> {
    const read = ([value]: Args) => readInfo<SessionInfo>(value, 'session');
    return watch(this.#client, { topic: 'wamp.session.on_join', options }, { read, handler });
  }

  /** Tells of each session that ends. */
  onLeave(handler: (session: SessionLeft) => unknown, options?: SubscribeOptions): Promise<Subscription> {
    return watch(this.#client, { topic: 'wamp.session.on_leave', options }, { read: readLeft, handler });
  }
}

function select(procedure: string, { authroles, ...options }: SessionsOptions) {
  return { procedure, payload: { args: authroles === undefined ? [] : [authroles] }, options };
}

function end(procedure: string, args: Args, options: EndOptions) {
  const { kwargs, call } = splitEndOptions(options);
  return { procedure, payload: { args, kwargs }, options: call };
}

function readLeft([session, authid, authrole]: Args): SessionLeft | undefined {
  if (!isId(session)) return undefined;
  return { session, authid: textOrNull(authid), authrole: textOrNull(authrole) };
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
