import type { Dict } from '@wampkit/protocol';
import type { Session } from '../session/session.js';
import type { Callee, Registration } from './registration.js';

/**
 * The callees of a registration that a call cannot go to because of its payload: as if they did not exist (PPT-04).
 *
 * @param passthru how the call's payload is passed through; `null`: it is an ordinary one
 * @returns `null` when there are none
 */
export function unableCallees(
  registration: Registration<Session>,
  passthru: Dict | null,
): Set<Callee<Session>> | null {
  if (passthru === null) return null;
  const unable = registration.callees.filter(({ session }) => !session.passthruCallee);
  return unable.length === 0 ? null : new Set(unable);
}
