import type { Clock, IdSource } from '@wampkit/protocol';
import type { CallTimeoutOptions } from '../dealer/call-timeouts.js';
import type { RetainedEvents } from '../event-store/event-store.js';
import type { RealmLimits } from '../limits.js';
import type { MetaEvents } from '../meta-api/meta-events.js';
import type { RouterHooks } from '../router-events.js';
import type { UriRules } from '../uri/uri-rules.js';

/** What broker and dealer share of their realm. */
export interface RealmContext {
  readonly name: string;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly rules: UriRules;
  readonly limits: RealmLimits;
  readonly hooks: RouterHooks;
  readonly timeouts: CallTimeoutOptions;
  /** Tells of sessions, subscriptions and registrations. */
  readonly meta: MetaEvents;
  readonly retained: RetainedEvents;
  /** Whether a subscriber that reads too slowly is disconnected, rather than its EVENTs dropped. */
  readonly disconnectSlow: boolean;
}

/** An id that nothing alive in `taken` has. */
export function freshId(ids: IdSource, taken: { has(id: number): boolean }): number {
  let id = ids.next();
  while (taken.has(id)) id = ids.next();
  return id;
}
