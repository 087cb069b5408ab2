import { type Args, isReservedUri } from '@wampkit/protocol';
import type { Subscription } from '../broker/subscription.js';
import type { Registration } from '../dealer/registration.js';
import type { DefinitionChange } from '../reflection/definitions.js';
import { isKnownToUse } from '../reflection/visibility.js';
import type { Session } from '../session/session.js';
import { describeRegistration } from './describe-registration.js';

/** An event of the router itself. */
export interface MetaEvent {
  readonly topic: string;
  /** Asked for only when somebody listens. */
  readonly args: () => Args;
  /** The subscription that it tells of, which does not tell of itself. */
  readonly about: Subscription | null;
  /** Who may know of it; `null`: whoever may subscribe. */
  readonly admits: ((session: Session) => boolean) | null;
}

/** Publishes in the name of the router. */
export type MetaPublish = (event: MetaEvent) => void;

/**
 * The events of the meta API. Without a publisher (a realm without the meta API) nothing is told; nor is anything told
 * of what the router's own sessions hold, or of subscriptions to and registrations of reserved URIs (UMETA-04, A15).
 */
export class MetaEvents {
  /** Set once, when the meta API begins to be served. */
  publisher: MetaPublish | null = null;

  /** What happens while an event is published is told after it: a transport may end then, and with it a session. */
  readonly #due: MetaEvent[] = [];
  #isPublishing = false;

  sessionJoined(session: Session): void {
    this.#note('wamp.session.on_join', () => [session.describe()]); // SMETA-02
    this.#publish();
  }

  sessionLeft({ id, identity }: Session): void {
    this.#note('wamp.session.on_leave', () => [id, identity.authid, identity.authrole]); // SMETA-03
    this.#publish();
  }

  /** UMETA-02: on_create, then on_subscribe. */
  subscribed(session: Session, subscription: Subscription, isCreated: boolean): void {
    if (session.local || isReservedUri(subscription.topic)) return;
    const { id } = subscription;
    if (isCreated)
      this.#note('wamp.subscription.on_create', () => [session.id, subscription.describe()], subscription);
    this.#note('wamp.subscription.on_subscribe', () => [session.id, id], subscription);
    this.#publish();
  }

  /** UMETA-02: on_unsubscribe, then on_delete. */
  unsubscribed(session: Session, subscription: Subscription, isDeleted: boolean): void {
    if (session.local || isReservedUri(subscription.topic)) return;
    const args = () => [session.id, subscription.id];
    this.#note('wamp.subscription.on_unsubscribe', args, subscription);
    if (isDeleted) this.#note('wamp.subscription.on_delete', args, subscription);
    this.#publish();
  }

  /** RMETA-02: on_create, then on_register. */
  registered(session: Session, registration: Registration<Session>, isCreated: boolean): void {
    if (session.local || isReservedUri(registration.procedure)) return;
    if (isCreated)
      this.#note('wamp.registration.on_create', () => [session.id, describeRegistration(registration)]);
    this.#note('wamp.registration.on_register', () => [session.id, registration.id]);
    this.#publish();
  }

  /** RMETA-02: on_unregister, then on_delete. */
  unregistered(session: Session, registration: Registration<Session>, isDeleted: boolean): void {
    if (session.local || isReservedUri(registration.procedure)) return;
    const args = () => [session.id, registration.id];
    this.#note('wamp.registration.on_unregister', args);
    if (isDeleted) this.#note('wamp.registration.on_delete', args);
    this.#publish();
  }

  /** REFL-01: what describes a URI changed; told to those who may know of it. */
  redefined({ former, current }: DefinitionChange): void {
    const told = current ?? former;
    if (this.publisher === null || told === null || current === former) return;
    const { kind, uri } = told;
    const topic = current === null ? 'wamp.reflect.on_undefine' : 'wamp.reflect.on_define';
    const args = () => (current === null ? [uri, kind] : [uri, current.schema, former === null, kind]);
    this.#due.push({ topic, args, about: null, admits: (session) => isKnownToUse(session, kind, uri) });
    this.#publish();
  }

  #note(topic: string, args: () => Args, about: Subscription | null = null): void {
    if (this.publisher !== null) this.#due.push({ topic, args, about, admits: null });
  }

  #publish(): void {
    const { publisher } = this;
    if (publisher === null || this.#isPublishing) return;
    this.#isPublishing = true;
    try {
      for (let next = this.#due.shift(); next !== undefined; next = this.#due.shift()) publisher(next);
    } finally {
      this.#isPublishing = false;
    }
  }
}
