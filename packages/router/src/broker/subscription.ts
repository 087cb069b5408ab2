import { type Dict, emptyDict, type MatchPolicy } from '@wampkit/protocol';
import type { EventHistory } from '../event-store/event-store.js';
import type { Session } from '../session/session.js';

/** What a subscription is. */
export interface SubscriptionOptions {
  readonly id: number;
  readonly topic: string;
  readonly match: MatchPolicy;
  /** When it was made, in milliseconds since the Unix epoch. */
  readonly created: number;
  /** Where its events are kept: then it stays without subscribers too (HIST-02). */
  readonly history: EventHistory | null;
}

/** A (topic, match) with all its subscribers, who share the id (BP-PS-02). */
export class Subscription {
  readonly id: number;
  readonly topic: string;
  readonly match: MatchPolicy;
  readonly history: EventHistory | null;
  readonly subscribers: Set<Session> = new Set();
  readonly #created: number;
  #lastTopic = '';
  #lastDetails: Dict = emptyDict;

  constructor(options: SubscriptionOptions) {
    this.id = options.id;
    this.topic = options.topic;
    this.match = options.match;
    this.history = options.history;
    this.#created = options.created;
  }

  /** EVENT.Details of a publication that discloses nobody: the topic where the subscription is a pattern (PSUB-03). */
  details(topic: string): Dict {
    if (this.match === 'exact') return emptyDict;
    if (topic !== this.#lastTopic || this.#lastDetails === emptyDict) {
      this.#lastTopic = topic;
      this.#lastDetails = Object.freeze({ topic });
    }
    return this.#lastDetails;
  }

  /** The subscription as the meta API tells it (UMETA-03). */
  describe(): Dict {
    return {
      id: this.id,
      created: new Date(this.#created).toISOString(),
      uri: this.topic,
      match: this.match,
    };
  }
}
