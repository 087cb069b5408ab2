import type { WampError } from '@wampkit/protocol';
import { createDeferred } from './deferred.js';
import type { EventBuffer } from './event-buffer.js';
import type { EventMessage } from './messages.js';
import type { SubscribeOptions } from './options.js';

/** Takes the events of a subscription. A promise that it returns is not waited for before the next event. */
export type EventHandler = (event: EventMessage) => unknown;

/** How a subscription or registration ended. */
export interface EndReason {
  /**
   * `done`: by the client, through `unsubscribe`, `unregister`, a signal, `leave` or `close`; `revoked`: by the router;
   * `failed`: the client closed for good, or the router refused to restore it after a reconnect.
   */
  readonly type: 'done' | 'revoked' | 'failed';
  /** For people or as URI, where the router gave one. */
  readonly reason?: string;
  readonly error?: WampError;
}

/** What a subscription needs from those who keep it. */
export interface SubscriptionKeeper {
  /** The wire's subscription id, `null` while there is none. */
  id(): number | null;
  release(): Promise<void>;
}

/** A subscription with a handler. It lives through reconnects, under changing ids. */
export class Subscription implements AsyncDisposable {
  readonly topic: string;
  readonly options: SubscribeOptions;
  /** Resolves once no more events come; never rejects. */
  readonly ended: Promise<EndReason>;
  readonly #keeper: SubscriptionKeeper;
  readonly #ended = createDeferred<EndReason>();

  /** @internal */
  constructor(topic: string, options: SubscribeOptions, keeper: SubscriptionKeeper) {
    this.topic = topic;
    this.options = options;
    this.ended = this.#ended.promise;
    this.#keeper = keeper;
  }

  /** SUBSCRIBED.Subscription of the current session; `null` while reconnecting and afterwards. */
  get id(): number | null {
    return this.#keeper.id();
  }

  /** Ends the subscription: no event is handled after the call. Resolves when the router has confirmed. */
  unsubscribe(): Promise<void> {
    this.finish({ type: 'done' });
    return this.#keeper.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.unsubscribe();
  }

  /** @internal */
  finish(reason: EndReason): void {
    this.#ended.resolve(reason);
  }
}

/** A subscription that is iterated. Leaving the loop unsubscribes. */
export class EventStream extends Subscription implements AsyncIterable<EventMessage, undefined> {
  readonly #buffer: EventBuffer<EventMessage>;

  /** @internal */
  constructor(
    topic: string,
    options: SubscribeOptions,
    { keeper, buffer }: { keeper: SubscriptionKeeper; buffer: EventBuffer<EventMessage> },
  ) {
    super(topic, options, keeper);
    this.#buffer = buffer;
  }

  /** How many events were lost to the overflow policy. */
  get dropped(): number {
    return this.#buffer.dropped;
  }

  /** How many events wait for the iterator. */
  get buffered(): number {
    return this.#buffer.size;
  }

  /** Ends without an error when the client ended the subscription, else throws what did. */
  [Symbol.asyncIterator](): AsyncIterator<EventMessage, undefined> {
    return {
      next: () => this.#buffer.next(),
      return: async () => {
        this.#buffer.clear();
        await this.unsubscribe();
        return { done: true, value: undefined };
      },
    };
  }

  /** @internal */
  override finish(reason: EndReason): void {
    super.finish(reason);
    this.#buffer.end(reason.error ?? null);
  }
}
