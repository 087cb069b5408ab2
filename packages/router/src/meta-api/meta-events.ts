import type { Args } from '@wampkit/protocol';
import type { Session } from '../session/session.js';

/** Publishes in the name of the router; `args` is asked for only when somebody listens. */
export type MetaPublish = (topic: string, args: () => Args) => void;

/** The events of the meta API. Without a publisher (a realm without the meta API) nothing is told. */
export class MetaEvents {
  /** Set once, when the meta API begins to be served. */
  publisher: MetaPublish | null = null;

  sessionJoined(session: Session): void {
    this.publisher?.('wamp.session.on_join', () => [session.describe()]); // SMETA-02
  }

  sessionLeft({ id, identity }: Session): void {
    this.publisher?.('wamp.session.on_leave', () => [id, identity.authid, identity.authrole]); // SMETA-03
  }
}
