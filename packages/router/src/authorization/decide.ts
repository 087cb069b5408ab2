import type { MatchPolicy } from '@wampkit/protocol';
import type { Session } from '../session/session.js';
import type { Question } from './ask-authorizer.js';
import type { Decision } from './decision.js';

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
