import { type Dict, ErrorUri, Payload } from '@wampkit/protocol';
import { LONGEST_QUOTED_URI } from '../limits.js';
import type { RealmContext } from '../realm/realm-context.js';
import { quote, type Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import type { Decision } from './decision.js';
import type { PayloadCheck, PayloadFault } from './payload-check.js';

/** A message with a payload that may be checked. */
export interface CheckedMessage {
  readonly action: 'call' | 'publish';
  readonly uri: string;
  readonly payload: Payload;
  /** What the message says of payload passthru; `null`: nothing. */
  readonly passthru: Dict | null;
}

/** Why a payload does not fit the rule that allows its message; `null` when it does, or nothing is asked of it. */
export function payloadRefusal(
  realm: Pick<RealmContext, 'name' | 'hooks'>,
  session: Session,
  { decision, message }: { readonly decision: Decision; readonly message: CheckedMessage },
): Refusal | null {
  if (decision.check === null) return null;
  const fault = message.passthru === null ? faultOf(decision.check, message.payload) : opaque;
  if (fault === null) return null;
  const { action, uri } = message;
  const { keyword } = fault;
  const path = cut(fault.path);
  const { rule } = decision;
  if (realm.hooks.payloadRefused !== null)
    realm.hooks.payloadRefused({ realm: realm.name, session: session.id, action, uri, rule, path, keyword });
  const text = `the payload of this ${action} of ${quote(uri)} does not fit its schema: ${path} ${fault.message}`;
  return { uri: ErrorUri.InvalidArgument, text, kwargs: { path, keyword } };
}

/* It holds keys of the payload, which may be as long as they like. */
function cut(path: string): string {
  return path.length <= LONGEST_QUOTED_URI ? path : `${path.slice(0, LONGEST_QUOTED_URI)}...`;
}

/* What cannot be looked into cannot be let through. */
const opaque: PayloadFault = { path: '/args', keyword: 'passthru', message: 'is passed through, and opaque' };

function faultOf(check: PayloadCheck, payload: Payload): PayloadFault | null {
  const { serializer, bytes, start, end, count } = payload;
  // decoded apart from the payload, which would else keep values that lie in what is borrowed
  const values =
    serializer === null || bytes === null ? payload : Payload.borrow(serializer, bytes, start, end, count);
  try {
    return check(values.args(), values.kwargs());
  } catch {
    return { path: '', keyword: 'check', message: 'could not be checked' };
  }
}
