import {
  type Dict,
  ErrorUri,
  isDict,
  isId,
  isMatchPolicy,
  isReservedUri,
  type MatchPolicy,
} from '@wampkit/protocol';
import type { Question } from '../authorization/ask-authorizer.js';
import { decideOrAsk } from '../authorization/decide.js';
import { type Action, actions, type Decision, unruled } from '../authorization/decision.js';
import type { Realm } from '../realm/realm.js';
import { quote, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { type Answer, answer, invalidArgument, type MetaCall, type Procedures } from './procedure.js';

/**
 * `wamp.authorization.explain`, which tells whether a session or a role may do something, and what decides it, and
 * `wamp.authorization.flush_cache`, which gives up the answers of authorizers that are held. They are ours, not the
 * specification's; who may call them is a matter of permissions.
 */
export function authorizationProcedures(realm: Realm): Procedures {
  return {
    'wamp.authorization.explain': (call) => explain(realm, call),
    'wamp.authorization.flush_cache': (call) => flushCache(realm, call),
  };
}

function explain(realm: Realm, { args: [who, action, uri, options] }: MetaCall): Answer | Promise<Answer> {
  if (!isAction(action)) return invalidArgument(`action must be one of ${actions.join(', ')}`);
  if (typeof uri !== 'string') return invalidArgument('uri must be a string');
  const match = readMatch(action, options);
  if (match === null)
    return invalidArgument('options must be a dict, and its match a policy that the action has');
  const question = { action, uri, match };
  if (typeof who === 'string') return explainRole(realm, who, question);
  if (!isId(who)) return invalidArgument('who must be the id of a session, or the name of a role');
  const session = realm.sessions.get(who);
  return session === undefined ? noSuchSession(who) : explainSession(realm, session, question);
}

function explainSession(realm: Realm, session: Session, question: Question): Answer | Promise<Answer> {
  const tell = (decision: Decision): Answer =>
    answer({ session: session.id, ...describe(session.identity.authrole, question, decision) });
  const decision = withoutAsking(realm, question) ?? decideOrAsk(session, question);
  return decision instanceof Promise ? decision.then(tell) : tell(decision);
}

/* Nobody is there whom an authorizer could be asked about. */
function explainRole(realm: Realm, name: string, question: Question): Answer {
  const role = realm.findRole(name);
  if (role === undefined) return { uri: ErrorUri.NoSuchRole, text: `no role ${quote(name)}` };
  const { action, uri, match } = question;
  const decision = withoutAsking(realm, question) ?? role.permissions.decidePattern(action, uri, match);
  const told = describe(name, question, decision);
  if (decision !== unruled || role.asking === null) return answer(told);
  const asks = role.asking.authorizer.name;
  return answer({ ...told, allowed: null, rule: `authorizer ${JSON.stringify(asks)}`, authorizer: asks });
}

/* What is refused whoever asks for it. */
function withoutAsking(realm: Realm, { action, uri, match }: Question): Decision | null {
  const fault = realm.rules.patternFault(uri, match);
  if (fault !== '') return { ...unruled, rule: `invalid URI: ${fault}` };
  const isOwn = (action === 'publish' || action === 'register') && isReservedUri(uri);
  return isOwn ? { ...unruled, rule: 'URIs whose first component is "wamp" are the router\'s own' } : null;
}

function describe(role: string, { action, uri, match }: Question, decision: Decision): Dict {
  const { allowed, failed, rule, discloseCaller, disclosePublisher } = decision;
  const disclose = action === 'publish' ? disclosePublisher : action !== 'subscribe' && discloseCaller;
  return { role, action, uri, match, allowed, failed, rule, disclose };
}

function flushCache(realm: Realm, { args: [who] }: MetaCall): Answer {
  if (who !== undefined && who !== null && typeof who !== 'string' && !isId(who))
    return invalidArgument('who must be the id of a session, or the name of a role, or absent for all');
  if (isId(who) && !realm.sessions.has(who)) return noSuchSession(who);
  if (typeof who === 'string' && realm.findRole(who) === undefined)
    return { uri: ErrorUri.NoSuchRole, text: `no role ${quote(who)}` };
  let flushed = 0;
  for (const session of realm.sessions.values()) {
    if (session.authorization === null) continue;
    if (who !== undefined && who !== null && who !== session.id && who !== session.identity.authrole)
      continue;
    session.authorization.flush();
    flushed++;
  }
  return answer(flushed);
}

function isAction(value: unknown): value is Action {
  return actions.some((action) => action === value);
}

/* Calls and publications have no policy but exact. */
function readMatch(action: Action, options: unknown): MatchPolicy | null {
  if (options === undefined || options === null) return 'exact';
  if (!isDict(options)) return null;
  const { match = 'exact' } = options;
  if (!isMatchPolicy(match)) return null;
  return match === 'exact' || action === 'subscribe' || action === 'register' ? match : null;
}

function noSuchSession(id: number): Refusal {
  return { uri: ErrorUri.NoSuchSession, text: `no session ${id}` };
}
