import { Event } from '@wampkit/protocol';
import { admits, type StoredEvent } from '../event-store/stored-event.js';
import type { RealmContext } from '../realm/realm-context.js';
import type { Session } from '../session/session.js';
import { sendEvent } from './event-dispatch.js';
import type { Publication } from './publication.js';
import type { Subscription } from './subscription.js';

/** Keeps a publication as its topic's retained event (RET-02); one without any payload clears the topic instead. */
export function retainEvent(realm: RealmContext, publication: Publication): void {
  const { topic, payload } = publication.message;
  if (payload.count === 0) realm.retained.clear(topic);
  else realm.retained.keep(publication.stored(realm.clock.now()));
}

/**
 * Sends a subscriber the newest retained event of each topic that its subscription matches, of those that it would have
 * got (RET-03, RET-04).
 */
export function sendRetained(realm: RealmContext, subscription: Subscription, session: Session): void {
  for (const events of realm.retained.find(subscription.topic, subscription.match)) {
    // its transport may end within `send`
    if (!subscription.subscribers.has(session)) return;
    const event = events.find((one) => one.excluded !== session.id && admits(one, session));
    if (event !== undefined) sendEvent(realm, retainedEvent(subscription, event), session);
  }
}

function retainedEvent(
  subscription: Subscription,
  { publication, topic, details, payload }: StoredEvent,
): Event {
  const all = { ...subscription.details(topic), ...details, retained: true };
  return new Event(subscription.id, publication, all, payload);
}
