import {
  type Clock,
  CloseUri,
  type IdSource,
  type Payload,
  type Peer,
  RandomIds,
  systemClock,
} from '@wampkit/protocol';
import type { AuthCall } from './authentication/authenticator.js';
import { FailureLimit } from './authentication/failure-limit.js';
import { GOODBYE_TIMEOUT, HANDSHAKE_TIMEOUT, SHUTDOWN_GRACE } from './limits.js';
import type { RealmOptions, RealmTemplateOptions } from './realm/realm-options.js';
import { Realms } from './realm/realms.js';
import { type RouterEvents, routerHooks } from './router-events.js';
import { Connection, type ConnectionHost } from './session/connection.js';

/** Options of a router. */
export interface RouterOptions {
  readonly realms: readonly (RealmOptions | RealmTemplateOptions)[];
  /** Where time comes from. Default: the platform's. */
  readonly clock?: Clock;
  /** Where session, subscription, registration and publication ids come from. Default: random (BP-ID-02). */
  readonly ids?: IdSource;
  /** Hooks for log, metrics and tracing. */
  readonly events?: Partial<RouterEvents>;
  /** WELCOME.Details.agent. Default `wampkit`. */
  readonly agent?: string;
  /** From a peer's arrival to WELCOME, in milliseconds. Default 10,000. */
  readonly handshakeTimeout?: number;
}

/** Options of `Router.attach`. */
export interface AttachOptions {
  /** The realms and the templates of realms that this peer may join; all when absent or empty. */
  readonly realms?: readonly string[];
  /** The authentication methods that this peer may use, of those that its realm has; all when absent or empty (AUTH-01). */
  readonly authmethods?: readonly string[];
  /** From now to WELCOME, in milliseconds; the router's own when absent. */
  readonly handshakeTimeout?: number;
}

/**
 * A WAMP router without any I/O: give it peers.
 *
 * @example
 * ```ts
 * const router = new Router({ realms: [{ name: 'realm1' }] });
 * const listener = createListener({ bind: '127.0.0.1:8080', serializers: [jsonSerializer], onPeer: (peer) => router.attach(peer) });
 * ```
 */
export class Router {
  readonly #realms: Realms;
  readonly #clock: Clock;
  readonly #host: ConnectionHost;
  readonly #handshakeTimeout: number;
  readonly #connections = new Set<Connection>();
  #closed: Promise<void> | null = null;
  #onEmpty: (() => void) | null = null;

  /** @throws {ConfigError} when realms, methods, roles or rules contradict each other or are malformed */
  constructor(options: RouterOptions) {
    this.#clock = options.clock ?? systemClock;
    this.#handshakeTimeout = options.handshakeTimeout ?? HANDSHAKE_TIMEOUT;
    const hooks = routerHooks(options.events);
    const ids = options.ids ?? new RandomIds();
    this.#realms = new Realms(options.realms, { ids, hooks, clock: this.#clock });
    this.#host = {
      hooks,
      clock: this.#clock,
      agent: options.agent ?? 'wampkit',
      failures: new FailureLimit(this.#clock),
      authmethods: null,
      callProcedure: (call) => this.#callProcedure(call),
      isClosing: () => this.#closed !== null,
      findRealm: (name) => this.#realms.find(name),
      closed: (connection) => this.#forget(connection),
    };
  }

  /** Serves a peer from now on; the router owns its handlers. Call it in the turn in which the peer was received. */
  attach(peer: Peer, options: AttachOptions = {}): void {
    const { realms = [], authmethods = [], handshakeTimeout = this.#handshakeTimeout } = options;
    const isWhole = realms.length === 0 && authmethods.length === 0;
    const host = isWhole ? this.#host : this.#hostFor(realms, authmethods);
    const connection = new Connection(host, peer, handshakeTimeout);
    this.#connections.add(connection);
    if (this.#closed !== null) connection.dismiss(CloseUri.SystemShutdown, shuttingDown);
  }

  /**
   * Ends all sessions in order (BP-SESS-08): whoever has not joined yet gets ABORT, calls that are open may finish,
   * then every session gets GOODBYE `wamp.close.system_shutdown` and a moment to answer it. Repeated calls give the
   * same promise.
   *
   * @param options.grace how long open calls may go on, in milliseconds; default 10,000
   */
  close(options: { readonly grace?: number } = {}): Promise<void> {
    this.#closed ??= this.#shutDown(options.grace ?? SHUTDOWN_GRACE);
    return this.#closed;
  }

  async #shutDown(grace: number): Promise<void> {
    for (const connection of this.#connections)
      connection.refuseHandshake(CloseUri.SystemShutdown, shuttingDown);
    await this.#within(grace, Promise.all([...this.#realms.values()].map(({ dealer }) => dealer.drain())));
    for (const connection of this.#connections) connection.dismiss(CloseUri.SystemShutdown, shuttingDown);
    await this.#within(GOODBYE_TIMEOUT, this.#empty());
    for (const connection of this.#connections) connection.close(shuttingDown);
    this.#realms.close();
  }

  /* Waits for `work`, but no longer than `ms`. */
  #within(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(ms, resolve);
      work.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #empty(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
    });
  }

  #hostFor(realms: readonly string[], authmethods: readonly string[]): ConnectionHost {
    return {
      ...this.#host,
      ...(realms.length === 0 ? {} : { findRealm: (name) => this.#realms.find(name, realms) }),
      authmethods: authmethods.length === 0 ? null : authmethods,
    };
  }

  /* What does not answer in time is given up. */
  async #callProcedure({ realm, procedure, payload, timeout }: AuthCall): Promise<Payload> {
    const given = new AbortController();
    const timer = this.#clock.setTimer(timeout, () => given.abort());
    try {
      return await this.#realms.call(realm, procedure, { payload, signal: given.signal });
    } finally {
      timer.cancel();
    }
  }

  #forget(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onEmpty?.();
  }
}

const shuttingDown = 'the router is shutting down';
