import { type Dict, emptyDict, type MatchPolicy } from '@wampkit/protocol';
import type { Session } from '../session/session.js';

/** A (topic, match) with all its subscribers, who share the id (BP-PS-02). */
export class Subscription {
  readonly id: number;
  readonly topic: string;
  readonly match: MatchPolicy;
  readonly subscribers: Set<Session> = new Set();
  #lastTopic = '';
  #lastDetails: Dict = emptyDict;

  constructor(id: number, topic: string, match: MatchPolicy) {
    this.id = id;
    this.topic = topic;
    this.match = match;
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
}
