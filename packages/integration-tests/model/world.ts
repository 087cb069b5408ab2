import type { Peer } from '@wampkit/protocol';
import type { NaiveRouter } from './naive-router.js';
import type { Trace } from './trace.js';

/** Where clients are attached, and what they know of the rest of the world. */
export interface World {
  readonly trace: Trace;
  readonly model: NaiveRouter;
  /** Ids of all subscriptions, registrations and publications that ever were. */
  readonly subscriptionIds: readonly number[];
  readonly registrationIds: readonly number[];
  readonly publicationIds: readonly number[];
  attach(peer: Peer): void;
  nextConnection(): number;
  /** A time limit that no other call has, even modulo the steps in which time passes: what is due is due one by one. */
  nextTimeout(): number;
}
