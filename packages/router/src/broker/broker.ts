import {
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
import { decidePattern } from '../authorization/decide.js';
import { denial } from '../authorization/denial.js';
import { payloadRefusal } from '../authorization/payload-refusal.js';
import type { MetaEvent } from '../meta-api/meta-events.js';
import type { RealmContext } from '../realm/realm-context.js';
import { admitPassthru } from '../session/payload-passthru.js';
import {
  disclosureDisallowed,
  invalidUri,
  limitReached,
  type Refusal,
  reservedUri,
} from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { dispatchEvent } from './event-dispatch.js';
import { Publication } from './publication.js';
import { type PublishOptions, readPublishOptions } from './publish-options.js';
import { retainEvent, sendRetained } from './retention.js';
import type { Subscription } from './subscription.js';
import { Subscriptions } from './subscriptions.js';

/** The way of subscriptions and events through a realm. Synchronous: a method is the lock. */
export class Broker {
  readonly subscriptions: Subscriptions;
  readonly #realm: RealmContext;
  /** What is being answered with SUBSCRIBED, and not told of yet: a transport may end within `send`. */
  #replying: Subscription | null = null;

  constructor(realm: RealmContext) {
    this.#realm = realm;
    this.subscriptions = new Subscriptions(realm);
  }

  /** @throws {ProtocolError} for an option of a wrong type */
  subscribe(session: Session, message: Subscribe): void {
    const { topic, options } = message;
    if (options !== emptyDict) checkDict(MessageCode.Subscribe, options);
    const match = (options.match ?? 'exact') as MatchPolicy;
    const refusal = this.#subscribeRefusal(session, topic, match);
    if (refusal !== null) {
      session.refuse(message, refusal);
      return;
    }
    const known = this.subscriptions.get(topic, match);
    const subscription = known ?? this.subscriptions.create(topic, match);
    // BP-PS-01: a repeated SUBSCRIBE gets the same id and changes nothing
    const isRepeated = subscription.subscribers.has(session);
    if (!isRepeated) this.subscriptions.add(session, subscription);
    this.#replying = isRepeated ? null : subscription;
    session.peer.send(new Subscribed(message.request, subscription.id));
    this.#replying = null;
    if (!isRepeated && subscription.subscribers.has(session))
      this.#realm.meta.subscribed(session, subscription, known === undefined);
    if (options.get_retained === true) sendRetained(this.#realm, subscription, session);
  }

  unsubscribe(session: Session, message: Unsubscribe): void {
    const subscription = this.subscriptions.heldBy(session, message.subscription);
    if (subscription === undefined) {
      // BP-PS-03: nothing is told of subscriptions of others
      const text = `this session has no subscription ${message.subscription}`;
      session.refuse(message, { uri: ErrorUri.NoSuchSubscription, text });
      return;
    }
    this.subscriptions.remove(session, subscription);
    session.peer.send(new Unsubscribed(message.request));
    this.#tellRemoved(session, subscription);
  }

  /** Takes a subscription away from a subscriber, and tells it if it takes that (SREV-01). */
  revoke(session: Session, subscription: Subscription, reason: string | null): void {
    this.subscriptions.remove(session, subscription);
    const details = { subscription: subscription.id, ...(reason === null ? {} : { reason }) };
    if (session.takesSubscriptionRevocation) session.peer.send(new Unsubscribed(0, details));
    this.#tellRemoved(session, subscription);
  }

  /** @throws {ProtocolError} for an option of a wrong type, or payload passthru that was not announced */
  publish(session: Session, message: Publish): void {
    const options = readPublishOptions(message.options);
    if (options.passthru !== null) admitPassthru(session, 'passthruPublisher', MessageCode.Publish);
    const refusal = this.#publishRefusal(session, message, options);
    if (refusal !== null) {
      // BP-PS-04: without acknowledge, silence in every case
      if (options.acknowledge) session.refuse(message, refusal);
      return;
    }
    const publication = new Publication(this.#realm.ids.next(), session, message, options);
    if (options.retain) retainEvent(this.#realm, publication);
    for (const subscription of this.subscriptions.all(message.topic))
      dispatchEvent(this.#realm, subscription, publication);
    // after the EVENTs: so they share a write with it where the publisher subscribes too
    if (options.acknowledge) session.peer.send(new Published(message.request, publication.id));
  }

  /** Publishes an event of the router itself, whose arguments are asked for only when somebody subscribes. */
  announce(publisher: Session, { topic, args, about, admits }: MetaEvent): void {
    const subscriptions = this.subscriptions.all(topic);
    if (subscriptions.length === 0) return;
    const message = new Publish(1, emptyDict, topic, Payload.of(args()));
    const publication = new Publication(this.#realm.ids.next(), publisher, message, announceOptions(admits));
    for (const subscription of subscriptions)
      if (subscription !== about) dispatchEvent(this.#realm, subscription, publication);
  }

  /**
   * Takes a session away from all that it subscribed to: it gets no EVENT any more.
   *
   * @returns how to tell of it, after what comes first (A15)
   */
  leave(session: Session): () => void {
    const told = this.#replying;
    const removed = this.subscriptions.removeAll(session).filter((subscription) => subscription !== told);
    return () => {
      for (const subscription of removed) this.#tellRemoved(session, subscription);
    };
  }

  #tellRemoved(session: Session, subscription: Subscription): void {
    this.#realm.meta.unsubscribed(session, subscription, !this.subscriptions.has(subscription));
  }

  #subscribeRefusal(session: Session, uri: string, match: MatchPolicy): Refusal | null {
    const fault = this.#realm.rules.patternFault(uri, match);
    if (fault !== '') return invalidUri(uri, fault);
    // AZ-04: before anything tells what exists
    const decision = decidePattern(session, 'subscribe', { uri, match });
    if (!decision.allowed) return denial(this.#realm, session, { action: 'subscribe', uri, decision });
    const limit = this.#realm.limits.subscriptionsPerSession;
    if (limit === 0 || this.subscriptions.countOf(session) < limit) return null;
    const isRepeated = this.subscriptions.get(uri, match)?.subscribers.has(session) ?? false;
    return isRepeated ? null : limitReached(limit, 'subscriptions');
  }

  #publishRefusal(session: Session, message: Publish, options: PublishOptions): Refusal | null {
    const { topic } = message;
    const fault = this.#realm.rules.fault(topic);
    if (fault !== '') return invalidUri(topic, fault);
    if (isReservedUri(topic) && !session.local) return reservedUri(topic);
    const decision = session.permissions.decide('publish', topic);
    if (!decision.allowed) return denial(this.#realm, session, { action: 'publish', uri: topic, decision });
    if (options.discloseMe && !decision.disclosePublisher) return disclosureDisallowed('publisher', topic);
    if (decision.check === null) return null;
    const { payload } = message;
    const { passthru } = options;
    return payloadRefusal(this.#realm, session, {
      decision,
      message: { action: 'publish', uri: topic, payload, passthru },
    });
  }
}

/* What is not for all is in no history either, as what names sessions (HIST-06). */
function announceOptions(admits: MetaEvent['admits']): PublishOptions {
  const options = readPublishOptions(emptyDict);
  return admits === null ? options : { ...options, filter: { admits }, namesSessions: true };
}
