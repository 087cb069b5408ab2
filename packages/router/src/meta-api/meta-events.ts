import { type Args, isReservedUri } from '@wampkit/protocol';
import type { Subscription } from '../broker/subscription.js';
import type { Registration } from '../dealer/registration.js';
import type { Session } from '../session/session.js';
import { describeRegistration } from './describe-registration.js';

/** Publishes in the name of the router; `args` is asked for only when somebody listens. */
export type MetaPublish = (topic: string, args: () => Args, about: Subscription | null) => void;

/**
 * The events of the meta API. Without a publisher (a realm without the meta API) nothing is told; nor is anything told
 * of what the router's own sessions hold, or of subscriptions to and registrations of reserved URIs (UMETA-04, A15).
 */
export class MetaEvents {
  /** Set once, when the meta API begins to be served. */
  publisher: MetaPublish | null = null;

  /** What happens while an event is published, for a transport may end then, is told after it. */
  readonly #due: {
    readonly topic: string;
    readonly args: () => Args;
    readonly about: Subscription | null;
  }[] = [];
  #isTelling = false;

  sessionJoined(session: Session): void {
    this.#tell('wamp.session.on_join', () => [session.describe()]); // SMETA-02
  }

  sessionLeft({ id, identity }: Session): void {
    this.#tell('wamp.session.on_leave', () => [id, identity.authid, identity.authrole]); // SMETA-03
  }

  /** UMETA-02: on_create, then on_subscribe. */
  subscribed(session: Session, subscription: Subscription, isCreated: boolean): void {
    if (session.local || isReservedUri(subscription.topic)) return;
    if (isCreated)
      this.#tell('wamp.subscription.on_create', () => [session.id, subscription.describe()], subscription);
    this.#tell('wamp.subscription.on_subscribe', () => [session.id, subscription.id], subscription);
  }

  /** UMETA-02: on_unsubscribe, then on_delete. */
  unsubscribed(session: Session, subscription: Subscription, isDeleted: boolean): void {
    if (session.local || isReservedUri(subscription.topic)) return;
    const args = () => [session.id, subscription.id];
    this.#tell('wamp.subscription.on_unsubscribe', args, subscription);
    if (isDeleted) this.#tell('wamp.subscription.on_delete', args, subscription);
  }

  registrationCreated({ id }: Session, registration: Registration<Session>): void {
    if (isReservedUri(registration.procedure)) return; // A15
    this.#tell('wamp.registration.on_create', () => [id, describeRegistration(registration)]);
  }

  calleeRegistered(session: Session, registration: Registration<Session>): void {
    this.#tellOfCallee('wamp.registration.on_register', session, registration);
  }

  calleeUnregistered(session: Session, registration: Registration<Session>): void {
    this.#tellOfCallee('wamp.registration.on_unregister', session, registration);
  }

  registrationDeleted(session: Session, registration: Registration<Session>): void {
    this.#tellOfCallee('wamp.registration.on_delete', session, registration);
  }

  #tellOfCallee(topic: string, session: Session, { id, procedure }: Registration<Session>): void {
    if (isReservedUri(procedure)) return; // A15
    this.#tell(topic, () => [session.id, id]);
  }

  /* `about` is the subscription told of, which does not tell of itself. */
  #tell(topic: string, args: () => Args, about: Subscription | null = null): void {
    const { publisher } = this;
    if (publisher === null) return;
    this.#due.push({ topic, args, about });
    if (this.#isTelling) return;
    this.#isTelling = true;
    try {
      for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift())
        publisher(next.topic, next.args, next.about);
    } finally {
      this.#isTelling = false;
    }
  }
}
