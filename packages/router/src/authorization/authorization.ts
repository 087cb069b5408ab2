import { ErrorUri, type MatchPolicy } from '@wampkit/protocol';
import type { RealmContext } from '../realm/realm-context.js';
import { quote, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import type { Action, Decision } from './role-permissions.js';

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

/** A request that is not authorized (AZ-02): the hooks learn the rule, the session does not, for it may not know it. */
export function denial(
  realm: Pick<RealmContext, 'name' | 'hooks'>,
  session: Session,
  attempt: { readonly action: Action; readonly uri: string; readonly rule: string },
): Refusal {
  const { action, uri, rule } = attempt;
  if (realm.hooks.denied !== null)
    realm.hooks.denied({ realm: realm.name, session: session.id, action, uri, rule });
  const text = `role "${session.identity.authrole}" may not ${action} ${quote(uri)}`;
  return { uri: ErrorUri.NotAuthorized, text };
}
