import { ErrorUri, isId, isMatchPolicy, Payload } from '@wampkit/protocol';
import type { Subscription } from '../broker/subscription.js';
import type { Realm } from '../realm/realm.js';
import type { Refusal } from '../session/refusal.js';
import { type Answer, answer, invalidArgument, type MetaCall, type Procedures } from './procedure.js';

/** `wamp.subscription.*` (UMETA-03), and `remove_subscriber`, which others have too. */
export function subscriptionProcedures(realm: Realm): Procedures {
  return {
    'wamp.subscription.list': () => list(realm),
    'wamp.subscription.lookup': (call) => lookup(realm, call),
    'wamp.subscription.match': (call) => match(realm, call),
    'wamp.subscription.get': (call) => tell(realm, call, (subscription) => subscription.describe()),
    'wamp.subscription.list_subscribers': (call) => tell(realm, call, subscribersOf),
    'wamp.subscription.count_subscribers': (call) =>
      tell(realm, call, (subscription) => subscribersOf(subscription).length),
    'wamp.subscription.remove_subscriber': (call) => removeSubscriber(realm, call),
  };
}

function list(realm: Realm): Answer {
  const ids: Record<Subscription['match'], number[]> = { exact: [], prefix: [], wildcard: [] };
  for (const { id, match } of realm.broker.subscriptions.values()) ids[match].push(id);
  return answer(ids);
}

function lookup(realm: Realm, { args: [topic, options] }: MetaCall): Answer {
  if (typeof topic !== 'string') return invalidArgument('topic must be a string');
  if (options !== undefined && (typeof options !== 'object' || Array.isArray(options)))
    return invalidArgument('options must be a dict');
  const { match = 'exact' } = (options ?? {}) as { match?: unknown };
  if (!isMatchPolicy(match)) return invalidArgument('match must be one of exact, prefix, wildcard');
  return answer(realm.broker.subscriptions.get(topic, match)?.id ?? null);
}

function match(realm: Realm, { args: [topic] }: MetaCall): Answer {
  if (typeof topic !== 'string') return invalidArgument('topic must be a string');
  const ids = realm.broker.subscriptions.all(topic).map(({ id }) => id);
  return answer(ids.length === 0 ? null : ids);
}

function tell(realm: Realm, { args: [id] }: MetaCall, what: (subscription: Subscription) => unknown): Answer {
  const found = findSubscription(realm, id);
  return 'uri' in found ? found : answer(what(found.subscription));
}

function removeSubscriber(realm: Realm, { args: [id, subscriber, third], kwargs }: MetaCall): Answer {
  const found = findSubscription(realm, id);
  if ('uri' in found) return found;
  if (!isId(subscriber)) return invalidArgument('session must be an id');
  const reason = third ?? kwargs.reason ?? null;
  if (reason !== null && typeof reason !== 'string') return invalidArgument('reason must be a string');
  const session = realm.sessions.get(subscriber);
  if (session === undefined || !found.subscription.subscribers.has(session))
    return { uri: ErrorUri.NoSuchSession, text: `session ${subscriber} does not subscribe to ${id}` };
  realm.broker.revoke(session, found.subscription, reason);
  return Payload.empty;
}

/** The subscription that an argument names. */
export function findSubscription(realm: Realm, id: unknown): { subscription: Subscription } | Refusal {
  if (!isId(id)) return invalidArgument('subscription must be an id');
  const subscription = realm.broker.subscriptions.find(id);
  if (subscription !== undefined) return { subscription };
  return { uri: ErrorUri.NoSuchSubscription, text: `no subscription ${id}` };
}

function subscribersOf({ subscribers }: Subscription): number[] {
  return [...subscribers].filter(({ local }) => !local).map(({ id }) => id);
}
