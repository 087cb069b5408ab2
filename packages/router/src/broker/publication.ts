import { type Dict, emptyDict, type Publish } from '@wampkit/protocol';
import { payloadSize } from '../event-store/payload-size.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { Session } from '../session/session.js';
import type { PublishOptions } from './publish-options.js';
import { receiverLists } from './receiver-filter.js';
import type { Subscription } from './subscription.js';

/** An accepted PUBLISH on its way to its receivers. */
export class Publication {
  readonly id: number;
  readonly publisher: Session;
  readonly message: Publish;
  readonly options: PublishOptions;
  #stored: StoredEvent | null = null;

  constructor(id: number, publisher: Session, message: Publish, options: PublishOptions) {
    this.id = id;
    this.publisher = publisher;
    this.message = message;
    this.options = options;
  }

  /** Whether a subscriber gets it: exclude_me and the six lists all apply (BP-PS-06, BWL-05). */
  reaches(session: Session): boolean {
    if (session === this.publisher && this.options.excludeMe) return false;
    const { filter } = this.options;
    return filter === null || filter.admits(session);
  }

  /** EVENT.Details for the receivers of one subscription. */
  details(subscription: Subscription): Dict {
    const details = subscription.details(this.message.topic);
    const { discloseMe, passthru } = this.options;
    if (discloseMe || this.publisher.trustlevel !== null) return { ...details, ...this.#ownDetails() };
    if (passthru === null) return details;
    return details === emptyDict ? passthru : { ...details, ...passthru };
  }

  /** The publication to keep, whoever keeps it: made once. */
  stored(now: number): StoredEvent {
    this.#stored ??= this.#store(now);
    return this.#stored;
  }

  /* What EVENT.Details tell whatever the subscription: how the payload is passed through (PPT-02), the publisher only
     when it asked for it (PID-02, PID-03), and its role's trust level, where it has one (PTL-01). */
  #ownDetails(): Dict {
    const { id, identity, trustlevel } = this.publisher;
    const own = { ...this.options.passthru, ...(trustlevel === null ? {} : { trustlevel }) };
    if (!this.options.discloseMe) return own;
    const { authid, authrole } = identity;
    return { ...own, publisher: id, publisher_authid: authid, publisher_authrole: authrole };
  }

  #store(timestamp: number): StoredEvent {
    const { topic, payload, options } = this.message;
    const receivers = receiverLists(options);
    return {
      publication: this.id,
      topic,
      timestamp,
      details: this.#ownDetails(),
      receivers,
      excluded: this.options.excludeMe ? this.publisher.id : null,
      payload: payload.retain(),
      size: payloadSize(payload) + topic.length + JSON.stringify(receivers).length + OVERHEAD,
    };
  }
}

/* About what the objects of a stored event take, in bytes. */
const OVERHEAD = 200;
