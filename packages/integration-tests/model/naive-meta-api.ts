import { type Call, type Dict, ErrorUri, isReservedUri, isUri, type MatchPolicy } from '@wampkit/protocol';
import { isAdmitted, revokeSubscription } from './naive-broker.js';
import { serveWaiting } from './naive-dealer.js';
import { best, matches } from './naive-match.js';
import { dateOf, type NaiveEvent, type NaiveRealm } from './naive-realm.js';
import { takeAway } from './naive-registry.js';
import type { NaiveSession, NaiveTestament } from './naive-session.js';
import type { FreshId } from './placeholder.js';

interface MetaCall {
  readonly realm: NaiveRealm;
  readonly caller: NaiveSession;
  readonly args: readonly unknown[];
  readonly kwargs: Dict;
  /** Ends another session with GOODBYE. */
  readonly kill: (session: NaiveSession) => void;
}

/** The arguments of a RESULT, or an error. */
type Answer = readonly unknown[] | string;

/** Serves a procedure of the router itself. @returns whether there is one of that name */
export function serveMeta(
  realm: NaiveRealm,
  caller: NaiveSession,
  { message, kill }: { message: Call; kill: (session: NaiveSession, words: Dict) => void },
): boolean {
  const { request, procedure, payload } = message;
  const serve = procedures[procedure];
  if (serve === undefined) return false;
  const kwargs = payload.kwargs();
  const answer = serve({
    realm,
    caller,
    args: payload.args(),
    kwargs,
    kill: (session) => kill(session, kwargs),
  });
  if (typeof answer === 'string') realm.refuse(caller, [48, request], [answer]);
  else realm.send(caller, 50, request, {}, ...(answer.length === 0 ? [] : [answer]));
  return true;
}

const procedures: Readonly<Record<string, (call: MetaCall) => Answer>> = {
  'wamp.session.count': (call) => [sessionsOf(call).length],
  'wamp.session.list': (call) => [sessionsOf(call).map(({ id }) => id)],
  'wamp.session.kill': (call) => {
    const session = others(call).find(({ id }) => id.value === call.args[0]);
    if (session === undefined) return ErrorUri.NoSuchSession;
    call.kill(session);
    return [];
  },
  'wamp.session.kill_by_authid': (call) => {
    const killed = others(call).filter(({ authid }) => authid === call.args[0]);
    for (const session of killed) call.kill(session);
    return [killed.map(({ id }) => id)];
  },
  'wamp.session.kill_by_authrole': (call) => {
    const killed = others(call).filter(({ authrole }) => authrole === call.args[0]);
    for (const session of killed) call.kill(session);
    return [killed.length];
  },
  'wamp.session.kill_all': (call) => {
    const killed = others(call);
    for (const session of killed) session.quiet = true;
    for (const session of killed) call.kill(session);
    return [killed.length];
  },
  'wamp.session.add_testament': ({ caller, args: [topic, args, kwargs], kwargs: options }) => {
    if (!isUri(topic as string) || isReservedUri(topic as string)) return ErrorUri.InvalidUri;
    const tail = [args as unknown[], kwargs as object].slice(
      0,
      Object.keys(kwargs as object).length > 0 ? 2 : 1,
    );
    caller.testaments.push({
      scope: (options.scope ?? 'destroyed') as NaiveTestament['scope'],
      topic: topic as string,
      options: options.publish_options as Dict,
      tail: (args as unknown[]).length === 0 && tail.length === 1 ? [] : tail,
    });
    return [];
  },
  'wamp.session.flush_testaments': ({ caller, kwargs: { scope = 'destroyed' } }) => {
    caller.testaments = caller.testaments.filter((each) => each.scope !== scope);
    return [];
  },
  'wamp.subscription.get_events': ({ realm, caller, args: [id], kwargs }) => {
    const history = realm.histories.find((each) => each.id.value === id);
    if (history !== undefined) {
      const found = select(history.events, kwargs, {
        isKept: ({ at }) => history.maxAge === undefined || at > realm.now - history.maxAge,
        isAdmitted: ({ options }) => isAdmitted(caller, options),
      });
      return found.map((event) => describe(event, history));
    }
    const isKnown = realm.subscriptions.some((each) => each.id.value === id);
    return isKnown ? ErrorUri.HistoryUnavailable : ErrorUri.NoSuchSubscription;
  },
  'wamp.subscription.remove_subscriber': ({ realm, args: [id, session], kwargs }) => {
    const found = realm.subscriptions.filter((each) => each.id.value === id);
    if (found.length === 0 && !realm.histories.some((each) => each.id.value === id))
      return ErrorUri.NoSuchSubscription;
    const own = found.find((each) => each.session.id.value === session);
    if (own === undefined) return ErrorUri.NoSuchSession;
    revokeSubscription(realm, own, kwargs.reason);
    return [];
  },
  'wamp.subscription.list_subscribers': ({ realm, args: [id] }) => {
    const found = realm.subscriptions.filter((each) => each.id.value === id);
    if (found.length === 0 && !realm.histories.some((each) => each.id.value === id))
      return ErrorUri.NoSuchSubscription;
    return [found.map(({ session }) => session.id)];
  },
  'wamp.registration.remove_callee': ({ realm, args: [id, session], kwargs }) => {
    const known = realm.registrations.find((each) => each.id.value === id);
    if (known === undefined) return ErrorUri.NoSuchRegistration;
    const callee = known.callees.find((each) => each.session.id.value === session);
    if (callee === undefined) return ErrorUri.NoSuchSession;
    takeAway(realm, callee, kwargs.reason);
    serveWaiting(realm, known);
    return [];
  },
  'wamp.registration.list_callees': ({ realm, args: [id] }) => {
    const known = realm.registrations.find((each) => each.id.value === id);
    if (known === undefined) return ErrorUri.NoSuchRegistration;
    return [known.callees.map(({ session }) => session.id)];
  },
  'wamp.registration.match': ({ realm, args: [procedure] }) => {
    const found = best(realm.registrations.filter((each) => matches(each, procedure as string)));
    return [found?.id ?? null];
  },
};

function sessionsOf({ realm, args: [roles] }: MetaCall): readonly NaiveSession[] {
  return realm.sessions.filter(({ authrole }) => !Array.isArray(roles) || roles.includes(authrole));
}

function others({ realm, caller }: MetaCall): readonly NaiveSession[] {
  return realm.sessions.filter((session) => session !== caller);
}

/* HIST-03, HIST-04 */
function select(
  events: readonly NaiveEvent[],
  query: Dict,
  which: { isKept(event: NaiveEvent): boolean; isAdmitted(event: NaiveEvent): boolean },
): readonly NaiveEvent[] {
  let found = events.filter(which.isKept);
  const place = (id: unknown): number => found.findIndex(({ publication }) => publication.value === id);
  const { after_publication: after, until_publication: until } = query;
  const end = until === undefined ? found.length : place(until) + 1;
  if (after !== undefined && place(after) < 0) return [];
  found = found.slice(after === undefined ? 0 : place(after) + 1, Math.max(0, end));
  found = found.filter(
    (event) =>
      which.isAdmitted(event) &&
      (query.from_time === undefined || dateOf(event.at) >= (query.from_time as string)) &&
      (query.before_time === undefined || dateOf(event.at) < (query.before_time as string)) &&
      (query.topic === undefined || event.topic === query.topic),
  );
  if (query.reverse === true) found = found.reverse();
  return found.slice(0, (query.limit ?? found.length) as number);
}

/* HIST-05 */
function describe(
  { publication, at, topic, details, tail }: NaiveEvent,
  { id, match }: { readonly id: FreshId; readonly match: MatchPolicy },
): object {
  return {
    timestamp: dateOf(at),
    subscription: id,
    publication,
    details: { ...(match === 'exact' ? {} : { topic }), ...details },
    ...(tail.length > 0 ? { args: tail[0] } : {}),
    ...(tail.length > 1 ? { kwargs: tail[1] } : {}),
  };
}
