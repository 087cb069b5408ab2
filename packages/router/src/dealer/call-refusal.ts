import type { Call } from '@wampkit/protocol';
import { denial } from '../authorization/denial.js';
import { payloadRefusal } from '../authorization/payload-refusal.js';
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
  if (limit > 0 && caller.calls.size >= limit) return limitReached(limit, 'pending calls');
  return decision.check === null ? null : callPayloadRefusal(realm, caller, message);
}

/** Why a CALL, or a further chunk of one, has a payload that the rule which allows it does not take; `null` when it takes it. */
export function callPayloadRefusal(realm: RealmContext, caller: Session, message: Call): Refusal | null {
  const { procedure: uri, payload, options } = message;
  const decision = caller.permissions.decide('call', uri);
  if (decision.check === null) return null;
  const { passthru } = readCallOptions(options);
  return payloadRefusal(realm, caller, { decision, message: { action: 'call', uri, payload, passthru } });
}
