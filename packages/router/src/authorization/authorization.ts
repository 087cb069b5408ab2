import { ErrorUri, type MatchPolicy } from '@wampkit/protocol';
import type { RealmContext } from '../realm/realm-context.js';
import { quote, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import type { Question } from './ask-authorizer.js';
import type { Action, Decision } from './decision.js';

/** Decides on a URI or a pattern (AZ-01). */
export function decidePattern(
  session: Session,
  action: 'register' | 'subscribe',
  of: { readonly uri: string; readonly match: MatchPolicy },
): Decision {
  const { permissions } = session;
  return of.match === 'exact'
    ? permissions.decide(action, of.uri)
    : permissions.decidePattern(action, of.uri, of.match);
}

/** As the dispatch of a message would find it decided, outside of one; a promise only where an authorizer is asked. */
export function decideOrAsk(session: Session, question: Question): Decision | Promise<Decision> {
  const { action, uri, match } = question;
  return session.authorization?.ask(question) ?? session.permissions.decidePattern(action, uri, match);
}

/** A request that is not authorized (AZ-02): the hooks learn the rule, the session does not, for it may not know it. */
export function denial(
  realm: Pick<RealmContext, 'name' | 'hooks'>,
  session: Session,
  attempt: { readonly action: Action; readonly uri: string; readonly decision: Decision },
): Refusal {
  const { action, uri, decision } = attempt;
  const { rule, failed } = decision;
  if (realm.hooks.denied !== null)
    realm.hooks.denied({ realm: realm.name, session: session.id, action, uri, rule, failed });
  const who = `role "${session.identity.authrole}"`;
  if (!failed) return { uri: ErrorUri.NotAuthorized, text: `${who} may not ${action} ${quote(uri)}` };
  const text = `whether ${who} may ${action} ${quote(uri)} could not be decided`;
  return { uri: ErrorUri.AuthorizationFailed, text };
}
