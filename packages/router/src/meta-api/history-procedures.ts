import { type Dict, ErrorUri, Payload } from '@wampkit/protocol';
import { decideOrAsk } from '../authorization/decide.js';
import { denial } from '../authorization/denial.js';
import type { Subscription } from '../broker/subscription.js';
import { readHistoryQuery, selectEvents } from '../event-store/history-query.js';
import { admits, type StoredEvent } from '../event-store/stored-event.js';
import type { Realm } from '../realm/realm.js';
import type { Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { type Answer, invalidArgument, type MetaCall, type Procedures } from './procedure.js';
import { findSubscription } from './subscription-procedures.js';

/** `wamp.subscription.get_events` (HIST-01), where the realm keeps the history of a topic. */
export function historyProcedures(realm: Realm): Procedures {
  const isKept = (realm.options.history ?? []).length > 0;
  return isKept ? { 'wamp.subscription.get_events': (call) => getEvents(realm, call) } : {};
}

async function getEvents(realm: Realm, { args: [id], kwargs, caller }: MetaCall): Promise<Answer> {
  const found = findSubscription(realm, id);
  if ('uri' in found) return found;
  const { subscription } = found;
  const refusal = caller === null ? null : await authorize(realm, caller, subscription);
  if (refusal !== null) return refusal;
  const query = readHistoryQuery(kwargs);
  if (typeof query === 'string') return invalidArgument(query);
  const { history } = subscription;
  if (history === null)
    return { uri: ErrorUri.HistoryUnavailable, text: `no events of subscription ${id} are kept` };
  const events = await selectEvents(history, query, {
    admits: (event) => caller === null || admits(event, caller),
    nextTurn: () => realm.nextTurn(),
  });
  return Payload.of(events.map((event) => describeEvent(subscription, event))); // A13
}

/* HIST-06: who may not subscribe may not read. */
async function authorize(
  realm: Realm,
  caller: Session,
  { topic: uri, match }: Subscription,
): Promise<Refusal | null> {
  const decision = await decideOrAsk(caller, { action: 'subscribe', uri, match });
  return decision.allowed ? null : denial(realm, caller, { action: 'subscribe', uri, decision });
}

/* HIST-05 */
function describeEvent(subscription: Subscription, event: StoredEvent): Dict {
  const { publication, timestamp, topic, details, payload } = event;
  // decoded apart from what is kept, which would else keep the values too
  const { serializer, bytes, start, end, count } = payload;
  const values =
    serializer === null || bytes === null ? payload : Payload.borrow(serializer, bytes, start, end, count);
  return {
    timestamp: new Date(timestamp).toISOString(),
    subscription: subscription.id,
    publication,
    details: { ...subscription.details(topic), ...details },
    ...(count > 0 ? { args: values.args() } : {}),
    ...(count > 1 ? { kwargs: values.kwargs() } : {}),
  };
}
