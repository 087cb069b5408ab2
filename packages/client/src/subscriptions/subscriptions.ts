import {
  ConnectionLostError,
  type Dict,
  ErrorUri,
  type Event,
  MessageCode,
  Subscribe,
  type Subscribed,
  Unsubscribe,
  type WampError,
} from '@wampkit/protocol';
import { orAborted, throwIfAborted } from '../abort-signal.js';
import type { Hooks } from '../hooks.js';
import { limits } from '../limits.js';
import { EventMessage } from '../messages.js';
import { type EventStreamOptions, wireOptions } from '../options.js';
import { type EndReason, giveBack } from '../session/kept.js';
import { request } from '../session/request.js';
import type { Session } from '../session/session.js';
import { EventBuffer } from './event-buffer.js';
import { type EventHandler, EventStream, Subscription } from './subscription.js';

/** One SUBSCRIBE on the wire, shared by all subscriptions of the same topic and options (BP-PS-09). */
interface WireSubscription {
  readonly key: string;
  readonly topic: string;
  readonly options: Dict;
  readonly members: Map<Subscription, EventHandler>;
  /** `null` before SUBSCRIBED and while there is no session. */
  id: number | null;
  /** Settles as the SUBSCRIBE on its way does. */
  ready: Promise<unknown>;
}

/** All subscriptions of a client; they outlive its sessions. */
export class Subscriptions {
  readonly #hooks: Hooks;
  readonly #wires = new Map<string, WireSubscription>();
  /** A router gives one id to all SUBSCRIBEs of a topic and match policy, whatever their other options (BP-PS-01). */
  readonly #byId = new Map<number, Set<WireSubscription>>();
  readonly #pending = new Set<WireSubscription>();
  #session: Session | null = null;
  #unique = 0;

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  /** To be called while there is a session that is established. */
  async subscribe(
    topic: string,
    handler: EventHandler | null,
    options: EventStreamOptions,
  ): Promise<Subscription> {
    const what = `subscribe "${topic}"`;
    throwIfAborted(options.signal, what);
    const wire = this.#wireFor(topic, wireOptions(options));
    const subscription = this.#join(wire, handler, options);
    try {
      await orAborted(wire.ready, options.signal, what);
    } catch (error) {
      wire.members.delete(subscription);
      this.#releaseUnused(wire).catch(() => {});
      throw error;
    }
    subscription.heedSignal(this.#hooks, what);
    return subscription;
  }

  receive(message: Event): void {
    // An unknown id races with UNSUBSCRIBE (BP-PS-09).
    const wires = this.#byId.get(message.subscription);
    for (const wire of wires ?? []) {
      const event = new EventMessage(message, wire.topic);
      for (const [member, handler] of [...wire.members])
        if (wire.members.has(member)) this.#handle(wire, handler, event);
    }
  }

  /** UNSUBSCRIBED that nobody asked for (SREV-02). */
  revoke(id: number, { reason }: Dict): void {
    for (const wire of this.#byId.get(id) ?? [])
      this.#finish(wire, (member) => member.revoke(`subscription of "${wire.topic}"`, reason));
    this.#byId.delete(id);
  }

  /** Subscribes everything again, in a new session. */
  attach(session: Session): void {
    this.#session = session;
    for (const wire of this.#wires.values()) {
      this.#send(wire, session);
      wire.ready.catch((error) => this.#restoreFailed(wire, error));
    }
  }

  /** The session is over; another may come. */
  detach(): void {
    this.#session = null;
    this.#byId.clear();
    for (const wire of this.#wires.values()) wire.id = null;
  }

  /** No session will come. */
  end(reason: EndReason): void {
    this.detach();
    for (const wire of [...this.#wires.values()]) this.#finish(wire, (member) => member.finish(reason));
  }

  #wireFor(topic: string, options: Dict): WireSubscription {
    const key = this.#keyOf(topic, options);
    const shared = this.#wires.get(key);
    if (shared !== undefined) return shared;
    const wire: WireSubscription = {
      key,
      topic,
      options,
      members: new Map(),
      id: null,
      ready: Promise.resolve(),
    };
    this.#wires.set(key, wire);
    this.#send(wire, this.#session as Session);
    return wire;
  }

  #keyOf(topic: string, options: Dict): string {
    // RET-03: the retained event follows SUBSCRIBED, so each one who asks for it subscribes.
    if (options.get_retained === true) return `${topic} ${this.#unique++}`;
    const entries = Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
    return `${topic} ${JSON.stringify(entries, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))}`;
  }

  #join(wire: WireSubscription, handler: EventHandler | null, options: EventStreamOptions): Subscription {
    const keeper = {
      id: () => (wire.members.has(subscription) ? wire.id : null),
      release: () => (wire.members.delete(subscription) ? this.#releaseUnused(wire) : Promise.resolve()),
    };
    const { topic } = wire;
    const buffer = new EventBuffer<EventMessage>(
      options.buffer ?? limits.events,
      options.overflow ?? 'drop-oldest',
    );
    const subscription: Subscription =
      handler === null
        ? new EventStream(topic, options, { keeper, buffer })
        : new Subscription(topic, options, keeper);
    wire.members.set(subscription, handler ?? ((event) => this.#buffer(subscription, buffer, event)));
    return subscription;
  }

  #buffer(subscription: Subscription, buffer: EventBuffer<EventMessage>, event: EventMessage): void {
    const overflow = buffer.push(event);
    if (overflow === null) return;
    subscription.finish({ type: 'failed', error: overflow });
    subscription
      .unsubscribe()
      .catch((error) => this.#hooks.report(error, `overflow of "${subscription.topic}"`));
  }

  #handle(wire: WireSubscription, handler: EventHandler, event: EventMessage): void {
    const report = (error: unknown) => this.#hooks.report(error, `event handler of "${wire.topic}"`);
    try {
      const outcome = handler(event);
      if (outcome instanceof Object && 'then' in outcome) Promise.resolve(outcome).catch(report);
    } catch (error) {
      report(error);
    }
  }

  #send(wire: WireSubscription, session: Session): void {
    this.#pending.add(wire);
    wire.ready = request<Subscribed>(session, {
      type: MessageCode.Subscribe,
      what: `subscribe "${wire.topic}"`,
      make: (id) => new Subscribe(id, wire.options, wire.topic),
      // Before what is behind SUBSCRIBED: those events are for it.
      answered: ({ subscription }) => this.#subscribed(wire, subscription),
    }).finally(() => this.#pending.delete(wire));
    wire.ready.catch(() => {});
  }

  #subscribed(wire: WireSubscription, id: number): void {
    this.#pending.delete(wire);
    wire.id = id;
    const wires = this.#byId.get(id);
    if (wires === undefined) this.#byId.set(id, new Set([wire]));
    else wires.add(wire);
    // Everybody gave up meanwhile.
    if (wire.members.size === 0) this.#releaseUnused(wire).catch(() => {});
  }

  async #releaseUnused(wire: WireSubscription): Promise<void> {
    if (wire.members.size > 0) return;
    if (this.#wires.get(wire.key) === wire) this.#wires.delete(wire.key);
    const { id } = wire;
    const session = this.#session;
    if (id === null || session === null) return;
    wire.id = null;
    this.#drop(wire, id);
    // A SUBSCRIBE on its way for the same topic may be answered with this very id: it must not lose it.
    for (let other = this.#pendingOf(wire.topic); other !== undefined; other = this.#pendingOf(wire.topic))
      await other.ready.catch(() => {});
    if (session.established && !this.#byId.has(id)) await this.#unsubscribe(session, wire.topic, id);
  }

  #pendingOf(topic: string): WireSubscription | undefined {
    for (const wire of this.#pending) if (wire.topic === topic) return wire;
    return undefined;
  }

  #unsubscribe(session: Session, topic: string, subscription: number): Promise<void> {
    const spec = {
      type: MessageCode.Unsubscribe,
      what: `unsubscribe "${topic}"`,
      make: (id: number) => new Unsubscribe(id, subscription),
    };
    return giveBack(session, spec, ErrorUri.NoSuchSubscription);
  }

  #restoreFailed(wire: WireSubscription, error: unknown): void {
    if (error instanceof ConnectionLostError || wire.members.size === 0) return;
    this.#hooks.report(error, `restored subscription of "${wire.topic}"`);
    this.#finish(wire, (member) => member.finish({ type: 'failed', error: error as WampError }));
  }

  #finish(wire: WireSubscription, end: (member: Subscription) => void): void {
    if (this.#wires.get(wire.key) === wire) this.#wires.delete(wire.key);
    wire.id = null;
    for (const member of wire.members.keys()) end(member);
    wire.members.clear();
  }

  #drop(wire: WireSubscription, id: number): void {
    const wires = this.#byId.get(id);
    wires?.delete(wire);
    if (wires?.size === 0) this.#byId.delete(id);
  }
}
