import { ErrorUri } from '@wampkit/protocol';
import type { RealmContext } from '../realm/realm-context.js';
import { quote, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import type { Action, Decision } from './decision.js';

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
