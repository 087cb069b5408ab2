import type { EventMessage } from '../messages.js';
import type { SubscribeOptions } from '../options.js';
import { type EndReason, type Keeper, Kept } from '../session/kept.js';
import type { EventBuffer } from './event-buffer.js';

/** Takes the events of a subscription. A promise that it returns is not waited for before the next event. */
export type EventHandler = (event: EventMessage) => unknown;

/** A subscription with a handler. It lives through reconnects, under changing ids. */
export class Subscription extends Kept<SubscribeOptions> {
  readonly topic: string;

  /** @internal */
  constructor(topic: string, options: SubscribeOptions, keeper: Keeper) {
    super(options, keeper);
    this.topic = topic;
  }

  /** Ends the subscription: no event is handled after the call. Resolves when the router has confirmed. */
  unsubscribe(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }
}

/** A subscription that is iterated. Leaving the loop unsubscribes. */
export class EventStream extends Subscription implements AsyncIterable<EventMessage, undefined> {
  readonly #buffer: EventBuffer<EventMessage>;

  /** @internal */
  constructor(
    topic: string,
    options: SubscribeOptions,
    { keeper, buffer }: { keeper: Keeper; buffer: EventBuffer<EventMessage> },
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
