import {
  type Args,
  checkDict,
  ErrorUri,
  emptyDict,
  isReservedUri,
  type MatchPolicy,
  MessageCode,
  Payload,
  Publish,
  Published,
  type Subscribe,
  Subscribed,
  type Unsubscribe,
  Unsubscribed,
} from '@wampkit/protocol';
import { decidePattern, denial } from '../authorization/authorization.js';
import { freshId, type RealmContext } from '../realm/realm-context.js';
import {
  disclosureDisallowed,
  invalidUri,
  limitReached,
  type Refusal,
  reservedUri,
} from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { UriMatcher } from '../uri/uri-matcher.js';
import { dispatchEvent } from './event-dispatch.js';
import { Publication } from './publication.js';
import { type PublishOptions, readPublishOptions } from './publish-options.js';
import { Subscription } from './subscription.js';

/** The subscriptions of a realm, and the way of an event to them. Synchronous: a method is the lock. */
export class Broker {
  readonly #realm: RealmContext;
  readonly #matcher = new UriMatcher<Subscription>();
  readonly #byId = new Map<number, Subscription>();
  readonly #held = new Map<Session, Map<number, Subscription>>();

  constructor(realm: RealmContext) {
    this.#realm = realm;
  }

  /** @throws {ProtocolError} for an option of a wrong type */
  subscribe(session: Session, message: Subscribe): void {
    if (message.options !== emptyDict) checkDict(MessageCode.Subscribe, message.options);
    const match = (message.options.match ?? 'exact') as MatchPolicy;
    const refusal = this.#subscribeRefusal(session, message.topic, match);
    if (refusal !== null) {
      session.refuse(message, refusal);
      return;
    }
    const subscription = this.#matcher.get(message.topic, match) ?? this.#create(message.topic, match);
    // BP-PS-01: a repeated SUBSCRIBE gets the same id and changes nothing
    if (!subscription.subscribers.has(session)) this.#add(session, subscription);
    session.peer.send(new Subscribed(message.request, subscription.id));
  }

  unsubscribe(session: Session, message: Unsubscribe): void {
    const held = this.#held.get(session);
    const subscription = held?.get(message.subscription);
    if (held === undefined || subscription === undefined) {
      // BP-PS-03: nothing is told of subscriptions of others
      const text = `this session has no subscription ${message.subscription}`;
      session.refuse(message, { uri: ErrorUri.NoSuchSubscription, text });
      return;
    }
    held.delete(subscription.id);
    if (held.size === 0) this.#held.delete(session);
    this.#remove(session, subscription);
    session.peer.send(new Unsubscribed(message.request));
  }

  /** @throws {ProtocolError} for an option of a wrong type, or payload passthru */
  publish(session: Session, message: Publish): void {
    const options = readPublishOptions(message.options);
    const refusal = this.#publishRefusal(session, message.topic, options);
    if (refusal !== null) {
      // BP-PS-04: without acknowledge, silence in every case
      if (options.acknowledge) session.refuse(message, refusal);
      return;
    }
    const publication = new Publication(this.#realm.ids.next(), session, message, options);
    for (const subscription of this.#matcher.all(message.topic))
      dispatchEvent(this.#realm, subscription, publication);
    // after the EVENTs: so they share a write with it where the publisher subscribes too
    if (options.acknowledge) session.peer.send(new Published(message.request, publication.id));
  }

  /** Publishes an event of the router itself, whose arguments are asked for only when somebody subscribes. */
  announce(publisher: Session, topic: string, args: () => Args): void {
    const subscriptions = this.#matcher.all(topic);
    if (subscriptions.length === 0) return;
    const message = new Publish(1, emptyDict, topic, Payload.of(args()));
    const publication = new Publication(
      this.#realm.ids.next(),
      publisher,
      message,
      readPublishOptions(emptyDict),
    );
    for (const subscription of subscriptions) dispatchEvent(this.#realm, subscription, publication);
  }

  /** Removes everything that a session holds. */
  leave(session: Session): void {
    const held = this.#held.get(session);
    if (held === undefined) return;
    this.#held.delete(session);
    for (const subscription of held.values()) this.#remove(session, subscription);
  }

  #subscribeRefusal(session: Session, uri: string, match: MatchPolicy): Refusal | null {
    const fault = this.#realm.rules.patternFault(uri, match);
    if (fault !== '') return invalidUri(uri, fault);
    // AZ-04: before anything tells what exists
    const { allowed, rule } = decidePattern(session, 'subscribe', { uri, match });
    if (!allowed) return denial(this.#realm, session, { action: 'subscribe', uri, rule });
    const limit = this.#realm.limits.subscriptionsPerSession;
    if (limit === 0 || (this.#held.get(session)?.size ?? 0) < limit) return null;
    const isRepeated = this.#matcher.get(uri, match)?.subscribers.has(session) ?? false;
    return isRepeated ? null : limitReached(limit, 'subscriptions');
  }

  #publishRefusal(session: Session, topic: string, options: PublishOptions): Refusal | null {
    const fault = this.#realm.rules.fault(topic);
    if (fault !== '') return invalidUri(topic, fault);
    if (isReservedUri(topic) && !session.local) return reservedUri(topic);
    const { allowed, disclosePublisher, rule } = session.permissions.decide('publish', topic);
    if (!allowed) return denial(this.#realm, session, { action: 'publish', uri: topic, rule });
    if (options.discloseMe && !disclosePublisher) return disclosureDisallowed('publisher', topic);
    return null;
  }

  #create(topic: string, match: MatchPolicy): Subscription {
    const subscription = new Subscription(freshId(this.#realm.ids, this.#byId), topic, match);
    this.#byId.set(subscription.id, subscription);
    this.#matcher.set(topic, match, subscription);
    return subscription;
  }

  #add(session: Session, subscription: Subscription): void {
    subscription.subscribers.add(session);
    const held = this.#held.get(session);
    if (held === undefined) this.#held.set(session, new Map([[subscription.id, subscription]]));
    else held.set(subscription.id, subscription);
  }

  #remove(session: Session, subscription: Subscription): void {
    subscription.subscribers.delete(session);
    if (subscription.subscribers.size > 0) return;
    this.#byId.delete(subscription.id);
    this.#matcher.delete(subscription.topic, subscription.match);
  }
}
