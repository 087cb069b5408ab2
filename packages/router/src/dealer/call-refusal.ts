import type { Call } from '@wampkit/protocol';
import { denial } from '../authorization/authorization.js';
import type { RealmContext } from '../realm/realm-context.js';
import { disclosureDisallowed, invalidUri, limitReached, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import { readCallOptions } from './call-options.js';

/** Why a caller may not call a procedure, whoever serves it; `null` when it may. */
export function callRefusal(realm: RealmContext, caller: Session, message: Call): Refusal | null {
  const { procedure } = message;
  const fault = realm.rules.fault(procedure);
  if (fault !== '') return invalidUri(procedure, fault);
  // AZ-04: before anything tells what exists
  const decision = caller.permissions.decide('call', procedure);
  if (!decision.allowed) return denial(realm, caller, { action: 'call', uri: procedure, decision });
  if (readCallOptions(message.options).discloseMe && !decision.discloseCaller)
    return disclosureDisallowed('caller', procedure);
  const limit = realm.limits.pendingCallsPerSession;
  return limit > 0 && caller.calls.size >= limit ? limitReached(limit, 'pending calls') : null;
}
