import { CloseUri, describeUriFault, ErrorUri, isId, type Kwargs, Payload } from '@wampkit/protocol';
import type { Realm } from '../realm/realm.js';
import { invalidUri, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { type Answer, answer, invalidArgument, type MetaCall, type Procedures } from './procedure.js';

/** `wamp.session.count`, `list` and `get` (SMETA-04, SMETA-05). */
export function sessionProcedures(realm: Realm): Procedures {
  return {
    'wamp.session.count': ({ args }) => select(realm, args[0], (sessions) => sessions.length),
    'wamp.session.list': ({ args }) => select(realm, args[0], (sessions) => sessions.map(({ id }) => id)),
    'wamp.session.get': ({ args }) => get(realm, args[0]),
  };
}

/** `wamp.session.kill*` (SMETA-06 to SMETA-08). Nobody kills itself. */
export function killProcedures(realm: Realm): Procedures {
  return {
    'wamp.session.kill': (call) => kill(realm, call),
    'wamp.session.kill_by_authid': (call) => killByAuthid(realm, call),
    'wamp.session.kill_by_authrole': (call) => killByAuthrole(realm, call),
    'wamp.session.kill_all': (call) => killAll(realm, call),
  };
}

function select(realm: Realm, authroles: unknown, tell: (sessions: readonly Session[]) => unknown): Answer {
  const sessions = [...realm.sessions.values()];
  if (authroles === undefined || authroles === null) return answer(tell(sessions));
  if (!Array.isArray(authroles) || !authroles.every((role) => typeof role === 'string'))
    return invalidArgument('filter_authroles must be a list of strings');
  const wanted = new Set(authroles);
  return answer(tell(sessions.filter(({ identity }) => wanted.has(identity.authrole))));
}

function get(realm: Realm, id: unknown): Answer {
  if (!isId(id)) return invalidArgument('session must be an id');
  const session = realm.sessions.get(id);
  return session === undefined ? noSuchSession(id) : answer(session.describe());
}

function kill(realm: Realm, { args, kwargs, caller }: MetaCall): Answer {
  const [id] = args;
  if (!isId(id)) return invalidArgument('session must be an id');
  const goodbye = readGoodbye(kwargs);
  if ('uri' in goodbye) return goodbye;
  const session = realm.sessions.get(id);
  if (session === undefined || session === caller) return noSuchSession(id);
  session.goodbye(goodbye.reason, goodbye.message);
  return Payload.empty;
}

function killByAuthid(realm: Realm, { args, kwargs, caller }: MetaCall): Answer {
  const [authid] = args;
  if (typeof authid !== 'string') return invalidArgument('authid must be a string');
  const goodbye = readGoodbye(kwargs);
  if ('uri' in goodbye) return goodbye;
  return answer(killThose(realm, goodbye, (other) => other !== caller && other.identity.authid === authid));
}

function killByAuthrole(realm: Realm, { args, kwargs, caller }: MetaCall): Answer {
  const [authrole] = args;
  if (typeof authrole !== 'string') return invalidArgument('authrole must be a string');
  const goodbye = readGoodbye(kwargs);
  if ('uri' in goodbye) return goodbye;
  const wanted = (other: Session): boolean => other !== caller && other.identity.authrole === authrole;
  return answer(killThose(realm, goodbye, wanted).length);
}

function killAll(realm: Realm, { kwargs, caller }: MetaCall): Answer {
  const goodbye = readGoodbye(kwargs);
  if ('uri' in goodbye) return goodbye;
  // all of them before the first goes: one that ends on the way ends as quietly
  for (const session of realm.sessions.values()) session.leavesQuietly = session !== caller;
  return answer(killThose(realm, goodbye, (other) => other !== caller).length);
}

interface GoodbyeWords {
  readonly reason: string;
  /** `null`: GOODBYE tells none. */
  readonly message: string | null;
}

function readGoodbye({ reason, message }: Kwargs): GoodbyeWords | Refusal {
  const words = { reason: reason ?? CloseUri.Killed, message: message ?? null };
  if (typeof words.reason !== 'string')
    return { uri: ErrorUri.InvalidUri, text: 'reason must be a URI, not of another type' };
  const fault = describeUriFault(words.reason);
  if (fault !== null) return invalidUri(words.reason, fault);
  if (words.message !== null && typeof words.message !== 'string')
    return invalidArgument('message must be a string');
  return words as GoodbyeWords;
}

/** @returns the ids of those that were ended */
function killThose(
  realm: Realm,
  { reason, message }: GoodbyeWords,
  wanted: (session: Session) => boolean,
): readonly number[] {
  const sessions = [...realm.sessions.values()].filter(wanted);
  // one may have ended while another was: by its transport, which ended in `send`
  const killed = sessions.filter(({ id }) => realm.sessions.has(id));
  for (const session of killed) session.goodbye(reason, message);
  return killed.map(({ id }) => id);
}

function noSuchSession(id: number): Refusal {
  return { uri: ErrorUri.NoSuchSession, text: `no other session ${id}` };
}
