import type { Dict, Payload } from '@wampkit/protocol';
import { ReceiverFilter } from '../broker/receiver-filter.js';
import type { Session } from '../session/session.js';

/** A publication as it is kept: plain data, and its payload as it came. */
export interface StoredEvent {
  /** The id that PUBLISHED and every EVENT of it had. */
  readonly publication: number;
  readonly topic: string;
  /** When the broker accepted it, in milliseconds since the Unix epoch. */
  readonly timestamp: number;
  /** EVENT.Details, but for what depends on the subscription. */
  readonly details: Dict;
  /** Those of the six receiver lists that PUBLISH.Options held (BWL-02). */
  readonly receivers: Dict;
  /** The publisher's session, unless it said `exclude_me: false`. */
  readonly excluded: number | null;
  /** Retained: a copy. */
  readonly payload: Payload;
  /** About how much memory it takes, in bytes. */
  readonly size: number;
}

/** Pure cache: the lists of an event never change. */
const filters = new WeakMap<Dict, { readonly filter: ReceiverFilter | null }>();

/** Whether the six lists of a stored event let a session have it (BWL-05). */
export function admits({ receivers }: StoredEvent, session: Session): boolean {
  let known = filters.get(receivers);
  if (known === undefined) {
    known = { filter: ReceiverFilter.of(receivers) };
    filters.set(receivers, known);
  }
  return known.filter === null || known.filter.admits(session);
}
