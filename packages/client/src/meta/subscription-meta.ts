import type { CallOptions, SubscribeOptions } from '../options.js';
import { type EntryInfo, EntryMeta } from './entry-meta.js';
import { type HistoryEvent, type HistoryQuery, historyCall, readHistory } from './history.js';
import { type MetaClient, readIds } from './meta-call.js';

/** A subscription as the router tells of it (UMETA-03). */
export type SubscriptionInfo = EntryInfo;

/**
 * The subscription meta API (UMETA). Its calls reject as `Client.call` does; RequestErrors of the router are
 * `wamp.error.no_such_subscription` for an id that is none, and what `SessionMeta` names.
 */
export class SubscriptionMeta extends EntryMeta<SubscriptionInfo> {
  /** @internal */
  constructor(client: MetaClient) {
    super(client, { prefix: 'wamp.subscription', holder: 'subscriber' });
  }

  /** Ids of all subscriptions that an event of `topic` would go to. */
  match(topic: string, options?: CallOptions): Promise<readonly number[]> {
    const read = (value: unknown) => (value === null || value === undefined ? [] : readIds(value));
    return this.ask('match', { payload: { args: [topic] }, options }, read);
  }

  /**
   * Events of a subscription that the router kept, where it announces `event_history` (HIST). To go on where one answer
   * ended: `after_publication`, or in reverse `before_publication`, of its last event.
   *
   * @throws {CallError} `wamp.error.not_authorized`: who may not subscribe may not read (HIST-06)
   */
  history(
    subscription: number,
    query: HistoryQuery = {},
    options?: CallOptions,
  ): Promise<readonly HistoryEvent[]> {
    return this.ask('get_events', historyCall(subscription, query, options), (_, args) => readHistory(args));
  }

  /** Sessions of the subscribers. */
  subscribers(subscription: number, options?: CallOptions): Promise<readonly number[]> {
    return this.holders(subscription, options);
  }

  subscriberCount(subscription: number, options?: CallOptions): Promise<number> {
    return this.countHolders(subscription, options);
  }

  /** Takes the subscription from a subscriber, who is told if it announced `subscription_revocation` (SREV-01). */
  removeSubscriber(
    subscription: number,
    session: number,
    options: CallOptions & { readonly reason?: string } = {},
  ): Promise<void> {
    return this.removeHolder(subscription, session, options);
  }

  /** After a subscriber was added, the first one after `onCreate` (UMETA-02). */
  onSubscribe(handler: (session: number, subscription: number) => unknown, options?: SubscribeOptions) {
    return this.watch('on_subscribe', handler, options);
  }

  /** After a subscriber went, the last one before `onDelete` (UMETA-02). */
  onUnsubscribe(handler: (session: number, subscription: number) => unknown, options?: SubscribeOptions) {
    return this.watch('on_unsubscribe', handler, options);
  }
}
