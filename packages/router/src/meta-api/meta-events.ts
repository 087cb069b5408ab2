import { type Args, isReservedUri } from '@wampkit/protocol';
import type { Subscription } from '../broker/subscription.js';
import type { Session } from '../session/session.js';

/** Publishes in the name of the router; `args` is asked for only when somebody listens. */
export type MetaPublish = (topic: string, args: () => Args, about: Subscription | null) => void;

/**
 * The events of the meta API. Without a publisher (a realm without the meta API) nothing is told; nor is anything told
 * of what the router's own sessions hold, or of subscriptions to reserved URIs (UMETA-04, A15).
 */
export class MetaEvents {
  /** Set once, when the meta API begins to be served. */
  publisher: MetaPublish | null = null;

  sessionJoined(session: Session): void {
    this.publisher?.('wamp.session.on_join', () => [session.describe()], null); // SMETA-02
  }

  sessionLeft({ id, identity }: Session): void {
    this.publisher?.('wamp.session.on_leave', () => [id, identity.authid, identity.authrole], null); // SMETA-03
  }

  /** UMETA-02: on_create, then on_subscribe. */
  subscribed(session: Session, subscription: Subscription, isCreated: boolean): void {
    if (this.publisher === null || isUntold(session, subscription.topic)) return;
    if (isCreated) {
      const args = () => [session.id, subscription.describe()];
      this.publisher('wamp.subscription.on_create', args, subscription);
    }
    const args = () => [session.id, subscription.id];
    this.publisher('wamp.subscription.on_subscribe', args, subscription);
  }

  /** UMETA-02: on_unsubscribe, then on_delete. */
  unsubscribed(session: Session, subscription: Subscription, isDeleted: boolean): void {
    if (this.publisher === null || isUntold(session, subscription.topic)) return;
    const args = () => [session.id, subscription.id];
    this.publisher('wamp.subscription.on_unsubscribe', args, subscription);
    if (isDeleted) this.publisher('wamp.subscription.on_delete', args, subscription);
  }
}

function isUntold(session: Session, uri: string): boolean {
  return session.local || isReservedUri(uri);
}
