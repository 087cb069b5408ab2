import type { Dict } from '@wampkit/protocol';
import type { Action } from './action.js';
import { dateOf } from './naive-realm.js';
import { SHY } from './naive-session.js';
import { authids, usable } from './vocabulary.js';
import type { World } from './world.js';

/** A call of a procedure of the router itself. */
export interface MetaCall {
  readonly procedure: string;
  readonly args: unknown[];
  readonly kwargs?: Record<string, unknown>;
}

/** What a testament says, and how. */
export interface Will {
  readonly topic: string;
  /** Whose it is, and which one. */
  readonly sender: string;
  readonly number: number;
  readonly options: Dict;
}

/** What an action asks of the meta API. */
export function metaCall(action: Action, world: World, will: Will): MetaCall {
  switch (action.verb) {
    case 'kill':
      return kill(action, world);
    case 'revoke':
      return revoke(action, world);
    case 'testament':
      return testament(action, will);
    case 'history':
      return history(action, world);
    default:
      return inspect(action, world);
  }
}

function kill({ a, b, c }: Action, world: World): MetaCall {
  const kwargs = {
    ...(b % 3 === 0 ? { reason: 'com.example.end' } : {}),
    ...(b % 4 === 0 ? { message: 'enough' } : {}),
  };
  if (c % 4 === 0) return { procedure: 'wamp.session.kill_all', args: [], kwargs };
  if (c % 4 === 1) return { procedure: 'wamp.session.kill_by_authid', args: [pick(authids, a)], kwargs };
  if (c % 8 === 2)
    return { procedure: 'wamp.session.kill_by_authrole', args: [pick(['open', SHY], a)], kwargs };
  return { procedure: 'wamp.session.kill', args: [someSession(a, world)], kwargs };
}

/* Somebody's part in something, or now and then of one in something else. */
function revoke({ a, b, c }: Action, { model, ...world }: World): MetaCall {
  const { realm } = model;
  const kwargs = b % 2 === 0 ? { reason: 'unwanted' } : {};
  if (c % 2 === 0) {
    const some = pick(realm.subscriptions, a);
    const session = b % 5 === 0 ? someSession(b, { model }) : (some?.session.id.value ?? 1 + a);
    const id = some?.id.value ?? pick(world.subscriptionIds, a) ?? 1 + a;
    return { procedure: 'wamp.subscription.remove_subscriber', args: [id, session], kwargs };
  }
  const some = pick(realm.registrations, a);
  const session =
    b % 5 === 0 ? someSession(b, { model }) : (pick(some?.callees ?? [], b)?.session.id.value ?? 1 + a);
  const id = some?.id.value ?? pick(world.registrationIds, a) ?? 1 + a;
  return { procedure: 'wamp.registration.remove_callee', args: [id, session], kwargs };
}

/* Those of the later scope have greater numbers: so their order can be seen (TEST-03). */
function testament({ b, c }: Action, { topic, sender, number, options }: Will): MetaCall {
  const scope = pick(['detached', 'destroyed', undefined], b);
  const kwargs = scope === undefined ? {} : { scope };
  if (c % 4 === 0) return { procedure: 'wamp.session.flush_testaments', args: [], kwargs };
  const args = [sender, scope === 'detached' ? number : 1_000_000 + number];
  return {
    procedure: 'wamp.session.add_testament',
    args: [topic, args, c % 2 === 0 ? { c } : {}],
    kwargs: { ...kwargs, publish_options: options },
  };
}

function history({ a, b, c }: Action, { model, subscriptionIds, publicationIds }: World): MetaCall {
  const { now, histories } = model.realm;
  const kept = pick(histories, a);
  const any = kept.id.value === null || c % 6 === 0;
  const publications = any ? publicationIds : kept.events.map(({ publication }) => publication.value);
  const publication = (n: number) => pick(publications, n) ?? 1 + n;
  const query: Record<string, unknown>[] = [
    {},
    { limit: 1 + (b % 3) },
    { topic: pick(usable, b) },
    { from_time: dateOf(now - (b % 5) * 1000) },
    { before_time: dateOf(now - (b % 3) * 1000) },
  ];
  return {
    procedure: 'wamp.subscription.get_events',
    args: [any ? (pick(subscriptionIds, a) ?? 1 + a) : kept.id.value],
    kwargs: {
      ...pick(query, b >> 4),
      ...(a % 2 === 0 ? { reverse: true } : {}),
      ...(b % 3 === 0 ? { after_publication: publication(b) } : {}),
      ...(c % 3 === 0 ? { until_publication: publication(c) } : {}),
    },
  };
}

function inspect({ a, b, c }: Action, { subscriptionIds, registrationIds }: World): MetaCall {
  const roles = b % 2 === 0 ? [] : [pick([['open'], [SHY], ['open', SHY], []], a)];
  const calls: MetaCall[] = [
    { procedure: 'wamp.session.count', args: roles },
    { procedure: 'wamp.session.list', args: roles },
    { procedure: 'wamp.subscription.list_subscribers', args: [pick(subscriptionIds, a) ?? 1] },
    { procedure: 'wamp.registration.list_callees', args: [pick(registrationIds, a) ?? 1] },
    { procedure: 'wamp.registration.match', args: [pick(usable, a)] },
  ];
  return pick(calls, c);
}

function someSession(n: number, { model }: Pick<World, 'model'>): number {
  return pick(model.realm.sessions, n)?.id.value ?? 1 + n;
}

function pick<T>(list: readonly T[], n: number): T {
  return list[n % list.length] as T;
}
