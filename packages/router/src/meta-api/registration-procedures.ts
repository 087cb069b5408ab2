import { ErrorUri, isDict, isId, isReservedUri, type MatchPolicy, Payload } from '@wampkit/protocol';
import type { Registration } from '../dealer/registration.js';
import type { Realm } from '../realm/realm.js';
import type { Session } from '../session/session.js';
import { describeRegistration } from './describe-registration.js';
import { type Answer, answer, invalidArgument, type MetaCall, type Procedures } from './procedure.js';

type Known = Registration<Session>;

/**
 * `wamp.registration.*` (RMETA-04, RREV-02). Of the router's own registrations nothing is told, as its sessions are
 * not told of (A15).
 */
export function registrationProcedures(realm: Realm): Procedures {
  return {
    'wamp.registration.list': () => list(realm),
    'wamp.registration.lookup': (call) => lookup(realm, call),
    'wamp.registration.match': ({ args }) => match(realm, args[0]),
    'wamp.registration.get': ({ args }) => withKnown(realm, args[0], describeRegistration),
    'wamp.registration.list_callees': ({ args }) =>
      withKnown(realm, args[0], ({ callees }) => callees.map(({ session }) => session.id)),
    'wamp.registration.count_callees': ({ args }) =>
      withKnown(realm, args[0], ({ callees }) => callees.length),
    'wamp.registration.remove_callee': (call) => removeCallee(realm, call),
  };
}

function list(realm: Realm): Answer {
  const ids: Record<MatchPolicy, number[]> = { exact: [], prefix: [], wildcard: [] };
  for (const registration of realm.dealer.registry.all())
    if (!isReservedUri(registration.procedure)) ids[registration.match].push(registration.id);
  return answer(ids);
}

function lookup(realm: Realm, { args: [procedure, options] }: MetaCall): Answer {
  if (typeof procedure !== 'string') return invalidArgument('procedure must be a string');
  if (options !== undefined && options !== null && !isDict(options))
    return invalidArgument('options must be a dict');
  const policy = options?.match ?? 'exact';
  if (policy !== 'exact' && policy !== 'prefix' && policy !== 'wildcard')
    return invalidArgument('options.match must be one of exact, prefix, wildcard');
  return answer(idOf(realm.dealer.registry.lookup(procedure, policy)));
}

function match(realm: Realm, procedure: unknown): Answer {
  if (typeof procedure !== 'string') return invalidArgument('procedure must be a string');
  return answer(idOf(realm.dealer.registry.find(procedure)));
}

function idOf(registration: Known | undefined): number | null {
  return registration === undefined || isReservedUri(registration.procedure) ? null : registration.id;
}

function withKnown(realm: Realm, id: unknown, tell: (registration: Known) => unknown): Answer {
  const found = findKnown(realm, id);
  return 'uri' in found ? found : answer(tell(found));
}

function findKnown(realm: Realm, id: unknown): Known | { readonly uri: string; readonly text: string } {
  if (!isId(id)) return invalidArgument('registration must be an id');
  const known = realm.dealer.registry.get(id);
  if (known !== undefined && !isReservedUri(known.procedure)) return known;
  return { uri: ErrorUri.NoSuchRegistration, text: `no registration ${id}` };
}

function removeCallee(realm: Realm, { args, kwargs }: MetaCall): Answer {
  const [id, session, third] = args;
  const reason = kwargs.reason ?? third ?? undefined;
  if (!isId(session)) return invalidArgument('session must be an id');
  if (reason !== undefined && typeof reason !== 'string') return invalidArgument('reason must be a string');
  const known = findKnown(realm, id);
  if ('uri' in known) return known;
  const callee = known.callees.find((each) => each.session.id === session);
  if (callee === undefined)
    return {
      uri: ErrorUri.NoSuchSession,
      text: `session ${session} is no callee of registration ${known.id}`,
    };
  realm.dealer.registry.revoke(callee, reason);
  return Payload.empty;
}
