import {
  type Clock,
  CloseUri,
  type Dict,
  MessageCode,
  Payload,
  Publish,
  type Published,
  WampError,
} from '@wampkit/protocol';
import { onAbort, throwIfAborted } from './abort-signal.js';
import { CallStream } from './calls/call-stream.js';
import { PendingCall } from './calls/calls.js';
import { Backoff } from './connection/backoff.js';
import { clientClock } from './connection/client-clock.js';
import { type ClientOptions, Connector } from './connection/connector.js';
import { reconnect } from './connection/reconnect.js';
import type { Wire } from './connection/wire.js';
import { createDeferred } from './deferred.js';
import { Hooks } from './hooks.js';
import type { CallResult } from './messages.js';
import {
  type CallOptions,
  type EventStreamOptions,
  type JoinOptions,
  type PayloadChunks,
  type PayloadInput,
  type PublishOptions,
  type RegisterOptions,
  type StreamOptions,
  type SubscribeOptions,
  wireOptions,
} from './options.js';
import type { InvocationHandler } from './registrations/invocation-context.js';
import type { Registration } from './registrations/registration.js';
import { Registrations } from './registrations/registrations.js';
import { request } from './session/request.js';
import { notSent, Session, type SessionEnd } from './session/session.js';
import type { SessionDetails } from './session/session-details.js';
import { type ClientStatus, type StatusEvent, StatusFeed } from './status.js';
import type { EventHandler, EventStream, Subscription } from './subscriptions/subscription.js';
import { Subscriptions } from './subscriptions/subscriptions.js';

/** What `publish` gives. */
export interface Publication {
  /** PUBLISHED.Publication; `null` without `acknowledge`. */
  readonly id: number | null;
}

/**
 * A WAMP client; `connect` makes one. It lives through reconnects, and so do its subscriptions and registrations.
 *
 * A request is sent at most once, and only while it is waited for: without a session it rejects at once
 * (ConnectionLostError, `sent` false), and when the connection goes it rejects at once (`sent` true).
 */
export class Client implements AsyncDisposable {
  /** Resolves when the client is closed: with `undefined` after `close()`, else with what ended it. Never rejects. */
  readonly closed: Promise<WampError | undefined>;
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #hooks: Hooks;
  readonly #backoff: Backoff;
  readonly #subscriptions: Subscriptions;
  readonly #registrations: Registrations;
  readonly #statuses = new StatusFeed();
  readonly #closed = createDeferred<WampError | undefined>();
  #join: JoinOptions;
  readonly #connector: Connector;
  #session: Session | null = null;
  #status: ClientStatus = 'left';
  /** Stops the join in progress; `null` when there is none. */
  #joining: AbortController | null = null;
  /** Stops the attempts to reconnect; `null` when there are none. */
  #reconnecting: AbortController | null = null;
  #joinedAt = 0;
  #closing: Promise<void> | null = null;

  /** @internal */
  constructor(urls: readonly string[], options: ClientOptions) {
    this.#options = options;
    this.#join = options;
    this.#clock = options.clock ?? clientClock;
    this.#hooks = new Hooks(options);
    const backoff = () => new Backoff(options.reconnect || {}, options.random ?? Math.random);
    this.#backoff = backoff();
    this.#subscriptions = new Subscriptions(this.#hooks);
    this.#registrations = new Registrations(this.#hooks, backoff);
    this.closed = this.#closed.promise;
    this.#connector = new Connector(urls, options, { clock: this.#clock, hooks: this.#hooks });
  }

  /** The session that is joined, `null` when there is none. */
  get session(): SessionDetails | null {
    return this.#session?.details ?? null;
  }

  get status(): ClientStatus {
    return this.#status;
  }

  /**
   * The steps of this client's life from now on; ends when it is closed.
   *
   * @example
   * for await (const event of client.statuses()) if (event.status === 'reconnecting') showOffline(event.delay);
   */
  statuses(): AsyncIterableIterator<StatusEvent, undefined> {
    return this.#statuses.watch();
  }

  /**
   * Calls a procedure. A payload in chunks is sent as they come (PCI); an error of their source cancels the call, which
   * rejects with it.
   *
   * @throws {CallError} ERROR came: `uri`, `args`, `kwargs` and `details` are its
   * @throws {TimeoutError} `timeout` ended, here, at the router or at the callee
   * @throws {CanceledError} `signal` aborted
   * @throws {RequestError} the arguments cannot be sent; nothing was
   * @throws {ConnectionLostError} there is no session, or it ended; `sent` tells whether CALL was sent
   * @example
   * const { value } = await client.call('com.example.add', { args: [2, 3] }, { timeout: 2_000 });
   */
  async call(
    procedure: string,
    payload?: PayloadInput | PayloadChunks,
    options?: CallOptions,
  ): Promise<CallResult> {
    return new PendingCall(this.#established(), { procedure, payload, options }).result;
  }

  /**
   * Calls a procedure and takes its progressive results.
   *
   * @example
   * const stream = client.stream('com.example.export', { kwargs: { since: '2026-01-01' } });
   * for await (const { value } of stream) show(value);
   * const { kwargs } = await stream.result;
   */
  stream(procedure: string, payload?: PayloadInput | PayloadChunks, options?: StreamOptions): CallStream {
    return CallStream.start(() => this.#established(), procedure, { payload, options });
  }

  /**
   * Publishes an event. With `acknowledge` it resolves on PUBLISHED and rejects on ERROR; without, when the transport
   * has taken the message and its send queue is short enough for the next: awaited publications never overrun it.
   *
   * @throws {RequestError} ERROR came, or the arguments cannot be sent
   * @throws {CanceledError} `signal` aborted; what is sent stays sent
   * @throws {ConnectionLostError} there is no session, or it ended before PUBLISHED
   */
  async publish(topic: string, payload?: PayloadInput, options: PublishOptions = {}): Promise<Publication> {
    const session = this.#established();
    const wire = wireOptions(options);
    const make = (id: number) => new Publish(id, wire, topic, Payload.of(payload?.args, payload?.kwargs));
    const what = `publish "${topic}"`;
    const { signal } = options;
    if (options.acknowledge === true) {
      const spec = { type: MessageCode.Publish, what, make, signal };
      return { id: (await request<Published>(session, spec)).publication };
    }
    throwIfAborted(signal, what);
    session.start(make, null);
    await session.drained();
    return { id: null };
  }

  /**
   * Subscribes a handler. Several handlers of one topic and the same options share one subscription on the wire.
   *
   * @throws {RequestError} ERROR came
   * @throws {CanceledError} `signal` aborted
   * @throws {ConnectionLostError} there is no session, or it ended
   * @example
   * await using subscription = await client.subscribe('com.example.topic', (event) => show(event.value));
   */
  subscribe(topic: string, handler: EventHandler, options?: SubscribeOptions): Promise<Subscription>;
  /**
   * Subscribes for iteration, with a bounded buffer.
   *
   * @example
   * for await (const event of await client.subscribe('com.example.', { match: 'prefix' })) show(event.topic);
   */
  subscribe(topic: string, options?: EventStreamOptions): Promise<EventStream>;
  async subscribe(
    topic: string,
    handler?: EventHandler | EventStreamOptions,
    options: SubscribeOptions = {},
  ): Promise<Subscription> {
    this.#established();
    if (typeof handler === 'function') return this.#subscriptions.subscribe(topic, handler, options);
    return this.#subscriptions.subscribe(topic, null, handler ?? {});
  }

  /**
   * Registers a procedure; see `InvocationHandler` for what it may return, yield and throw.
   *
   * @throws {RequestError} ERROR came, or this client has registered the procedure already
   * @throws {CanceledError} `signal` aborted
   * @throws {ConnectionLostError} there is no session, or it ended
   * @example
   * await client.register('com.example.add', ({ args: [a, b] }) => Number(a) + Number(b));
   * await client.register('com.example.count', async function* ({ value, signal }) {
   *   for (let n = 1; n < Number(value) && !signal.aborted; n++) yield n;
   *   return value;
   * });
   */
  async register(
    procedure: string,
    handler: InvocationHandler,
    options: RegisterOptions = {},
  ): Promise<Registration> {
    this.#established();
    return this.#registrations.register(procedure, handler, options);
  }

  /**
   * Joins again after `leave()`, on the same transport if it is still there (BP-TRN-04). What is not given is as it
   * was.
   *
   * @throws {JoinError | ConnectError | CanceledError} the client then stays `left`
   */
  async join(options: Partial<JoinOptions> = {}): Promise<void> {
    if (this.#status !== 'left' || this.#joining !== null)
      throw new WampError(
        `join() is for a client that has left; this one is ${this.#joining === null ? this.#status : 'joining'}`,
      );
    const { signal, ...changes } = options;
    this.#join = { ...this.#join, ...changes };
    await this.#connectAndJoin(signal);
  }

  /**
   * Leaves the realm by the GOODBYE handshake; the transport stays. All subscriptions and registrations end, what is
   * open rejects. Resolves when the session is over, however.
   *
   * @param reason the reason URI of GOODBYE
   */
  async leave(reason: string = CloseUri.CloseRealm): Promise<void> {
    if (this.#session !== null) await this.#session.leave(reason);
    else if (this.#reconnecting !== null) this.#left(notSent());
  }

  /** Leaves, and ends the transport. Resolves when it has ended. May be called at any time, repeatedly. */
  close(): Promise<void> {
    return this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Connects and joins for the first time. */
  async start(): Promise<void> {
    const { signal } = this.#options;
    try {
      await this.#connectAndJoin(signal);
    } catch (error) {
      await this.#close(error as WampError);
      throw error;
    }
    const stop = onAbort(signal, () => void this.close());
    void this.closed.then(stop);
  }

  #established(): Session {
    const closed = this.#closing !== null;
    if (closed || !this.#session?.established) throw notSent(closed);
    return this.#session;
  }

  async #connectAndJoin(signal: AbortSignal | undefined): Promise<void> {
    const controller = new AbortController();
    const stop = onAbort(signal, () => controller.abort(signal?.reason));
    this.#joining = controller;
    try {
      const welcomed = (wire: Wire, details: SessionDetails) => this.#joined(wire, details);
      await this.#connector.join({ join: this.#join, signal: controller.signal, welcomed });
    } finally {
      stop();
      this.#joining = null;
    }
  }

  #joined(wire: Wire, details: SessionDetails): void {
    this.#session = new Session({
      wire,
      details,
      clock: this.#clock,
      hooks: this.#hooks,
      handlers: {
        event: (message) => this.#subscriptions.receive(message),
        invocation: (message) => this.#registrations.invoke(message),
        interrupt: (message) => this.#registrations.interrupt(message),
        subscriptionRevoked: (id, reason) => this.#subscriptions.revoke(id, reason),
        registrationRevoked: (id, reason) => this.#registrations.revoke(id, reason),
        ended: (end) => this.#ended(end),
      },
    });
    this.#joinedAt = this.#clock.monotonic();
    this.#subscriptions.attach(this.#session);
    this.#registrations.attach(this.#session);
    this.#tell({ status: 'joined', session: details });
  }

  #ended(end: SessionEnd): void {
    this.#session = null;
    if (end.left) this.#left(end.error);
    else this.#lost(end);
  }

  #lost(end: SessionEnd): void {
    this.#subscriptions.detach();
    this.#registrations.detach(end.error);
    void this.#connector.close();
    // Who was killed is not wanted back.
    const final = this.#options.reconnect === false || this.#options.peer || end.uri === CloseUri.Killed;
    if (final || this.#closing !== null) void this.#close(end.error);
    else void this.#reconnect(end);
  }

  #left(error: WampError): void {
    this.#reconnecting?.abort();
    this.#subscriptions.end({ type: 'done' });
    this.#registrations.end({ type: 'done' }, error);
    if (this.#closing === null) this.#tell({ status: 'left' });
  }

  async #reconnect(end: SessionEnd): Promise<void> {
    // A session that ends soon after it began does not make the next wait short.
    if (this.#clock.monotonic() - this.#joinedAt >= this.#backoff.maxDelay) this.#backoff.reset();
    const { retries = Number.POSITIVE_INFINITY } = this.#options.reconnect || {};
    const controller = new AbortController();
    this.#reconnecting = controller;
    const { signal } = controller;
    try {
      await reconnect({
        backoff: this.#backoff,
        clock: this.#clock,
        retries,
        signal,
        attempt: () => this.#connectAndJoin(signal),
        waiting: (attempt, delay, error) =>
          this.#tell({ status: 'reconnecting', attempt, delay, error: (error as WampError) ?? end.error }),
      });
    } catch (error) {
      if (!signal.aborted) void this.#close((error as WampError | null) ?? end.error);
    } finally {
      if (this.#reconnecting === controller) this.#reconnecting = null;
    }
  }

  #close(error?: WampError): Promise<void> {
    this.#closing ??= this.#shutdown(error);
    return this.#closing;
  }

  async #shutdown(error?: WampError): Promise<void> {
    await null; // so that #closing is set
    this.#status = 'closed';
    this.#reconnecting?.abort();
    this.#joining?.abort();
    await this.#session?.leave();
    await this.#connector.close();
    const reason = error === undefined ? ({ type: 'done' } as const) : ({ type: 'failed', error } as const);
    this.#subscriptions.end(reason);
    this.#registrations.end(reason, error ?? notSent(true));
    this.#tell({ status: 'closed', error: error ?? null });
    this.#statuses.end();
    this.#closed.resolve(error);
  }

  #tell(event: StatusEvent): void {
    this.#status = event.status;
    this.#hooks.log('info', event.status, event as unknown as Dict);
    this.#statuses.tell(event);
  }
}
