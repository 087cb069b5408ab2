import type { Dict, Publish } from '@wampkit/protocol';
import type { Session } from '../session/session.js';
import type { PublishOptions } from './publish-options.js';
import type { Subscription } from './subscription.js';

/** An accepted PUBLISH on its way to its receivers. */
export class Publication {
  readonly id: number;
  readonly publisher: Session;
  readonly message: Publish;
  readonly options: PublishOptions;

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

  /** EVENT.Details for the receivers of one subscription; tells the publisher only when it asked for it (PID-02, PID-03). */
  details(subscription: Subscription): Dict {
    const details = subscription.details(this.message.topic);
    if (!this.options.discloseMe) return details;
    const { id, identity } = this.publisher;
    return {
      ...details,
      publisher: id,
      publisher_authid: identity.authid,
      publisher_authrole: identity.authrole,
    };
  }
}
