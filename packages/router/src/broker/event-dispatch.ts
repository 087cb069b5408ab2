import { ErrorUri, Event, SharedMessage, type WampError } from '@wampkit/protocol';
import type { RealmContext } from '../realm/realm-context.js';
import type { EventDropped } from '../router-events.js';
import type { Session } from '../session/session.js';
import type { Publication } from './publication.js';
import type { Subscription } from './subscription.js';

/**
 * Sends one EVENT to each receiver of one subscription (BP-PS-07), made and encoded once for all.
 *
 * A receiver that reads too slowly loses it, or its session, by the realm's policy; nobody else is touched.
 */
export function dispatchEvent(
  realm: RealmContext,
  subscription: Subscription,
  publication: Publication,
): void {
  const { subscribers, history } = subscription;
  if (history !== null && !publication.options.namesSessions)
    history.append(publication.stored(realm.clock.now()));
  if (subscribers.size === 0) return;
  const event = new Event(
    subscription.id,
    publication.id,
    publication.details(subscription),
    publication.message.payload,
  );
  const shared = subscribers.size > 1 ? new SharedMessage(event) : null;
  for (const receiver of subscribers) {
    if (!publication.reaches(receiver)) continue;
    if (receiver.peer.congested) dropCongested(realm, event, receiver);
    else {
      const refused = shared === null ? receiver.peer.send(event) : receiver.peer.sendShared(shared);
      if (refused !== null) tellDropped(realm, event, receiver, causeOf(refused));
    }
  }
}

/** Sends an EVENT that is for one receiver alone. */
export function sendEvent(realm: RealmContext, event: Event, receiver: Session): void {
  if (receiver.peer.congested) dropCongested(realm, event, receiver);
  else {
    const refused = receiver.peer.send(event);
    if (refused !== null) tellDropped(realm, event, receiver, causeOf(refused));
  }
}

function dropCongested(realm: RealmContext, event: Event, receiver: Session): void {
  tellDropped(realm, event, receiver, 'congested');
  if (realm.disconnectSlow)
    receiver.abort(ErrorUri.NetworkFailure, `too slow: ${receiver.peer.queuedBytes} bytes wait to be read`);
}

function causeOf(refused: WampError): EventDropped['cause'] {
  return refused.uri === ErrorUri.PayloadSizeExceeded ? 'too_large' : 'unencodable';
}

function tellDropped(
  realm: RealmContext,
  event: Event,
  receiver: Session,
  cause: EventDropped['cause'],
): void {
  if (realm.hooks.eventDropped === null) return;
  const { subscription, publication } = event;
  realm.hooks.eventDropped({ realm: realm.name, session: receiver.id, subscription, publication, cause });
}
