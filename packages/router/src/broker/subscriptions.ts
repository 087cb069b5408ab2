import type { MatchPolicy } from '@wampkit/protocol';
import type { EventHistory } from '../event-store/event-store.js';
import { freshId, type RealmContext } from '../realm/realm-context.js';
import type { Session } from '../session/session.js';
import { UriMatcher } from '../uri/uri-matcher.js';
import { Subscription } from './subscription.js';

/** The subscriptions of a realm by what finds them: topic, id and subscriber. */
export class Subscriptions {
  readonly #realm: RealmContext;
  readonly #matcher = new UriMatcher<Subscription>();
  readonly #byId = new Map<number, Subscription>();
  readonly #held = new Map<Session, Map<number, Subscription>>();

  constructor(realm: RealmContext) {
    this.#realm = realm;
  }

  /** Every subscription, in the order of their making. */
  values(): Iterable<Subscription> {
    return this.#byId.values();
  }

  /** Those that a topic matches (PSUB-02). */
  all(topic: string): readonly Subscription[] {
    return this.#matcher.all(topic);
  }

  get(topic: string, match: MatchPolicy): Subscription | undefined {
    return this.#matcher.get(topic, match);
  }

  find(id: number): Subscription | undefined {
    return this.#byId.get(id);
  }

  /** Whether a subscription is still there. */
  has(subscription: Subscription): boolean {
    return this.#byId.get(subscription.id) === subscription;
  }

  /** How many a session holds. */
  countOf(session: Session): number {
    return this.#held.get(session)?.size ?? 0;
  }

  /** The subscription of that id, when the session holds it. */
  heldBy(session: Session, id: number): Subscription | undefined {
    return this.#held.get(session)?.get(id);
  }

  create(topic: string, match: MatchPolicy, history: EventHistory | null = null): Subscription {
    const id = freshId(this.#realm.ids, this.#byId);
    const created = this.#realm.clock.now();
    const subscription = new Subscription({ id, topic, match, created, history });
    this.#byId.set(id, subscription);
    this.#matcher.set(topic, match, subscription);
    return subscription;
  }

  add(session: Session, subscription: Subscription): void {
    subscription.subscribers.add(session);
    const held = this.#held.get(session);
    if (held === undefined) this.#held.set(session, new Map([[subscription.id, subscription]]));
    else held.set(subscription.id, subscription);
  }

  /** Takes a subscriber away, and the subscription too when it was the last and nothing is kept for it. */
  remove(session: Session, subscription: Subscription): void {
    const held = this.#held.get(session);
    held?.delete(subscription.id);
    if (held?.size === 0) this.#held.delete(session);
    this.#release(session, subscription);
  }

  /** Takes a session away from all that it holds. @returns those */
  removeAll(session: Session): readonly Subscription[] {
    const held = this.#held.get(session);
    if (held === undefined) return none;
    this.#held.delete(session);
    const subscriptions = [...held.values()];
    for (const subscription of subscriptions) this.#release(session, subscription);
    return subscriptions;
  }

  #release(session: Session, subscription: Subscription): void {
    subscription.subscribers.delete(session);
    if (subscription.subscribers.size > 0 || subscription.history !== null) return;
    this.#byId.delete(subscription.id);
    this.#matcher.delete(subscription.topic, subscription.match);
  }
}

const none: readonly never[] = Object.freeze([]);
