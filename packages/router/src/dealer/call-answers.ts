import {
  type Dict,
  ErrorMessage,
  ErrorUri,
  MessageCode,
  type Payload,
  Result,
  type WampError,
} from '@wampkit/protocol';
import type { Refusal } from '../session/refusal.js';
import type { Session } from '../session/session.js';
import type { PendingCall } from './pending-calls.js';

/** All callees are at their concurrency, and the bound of waiting calls is reached. */
export const tooManyWaiting: Refusal = {
  uri: ErrorUri.Unavailable,
  text: 'the callees are busy, and too many calls wait for them already',
};

/** A call waited for callees that have all gone. */
export const calleesGone: Refusal = {
  uri: ErrorUri.Canceled,
  text: 'the callees are gone; none saw the call',
};

/** Each callee was tried, and none takes the call (RER-03). */
export const noneAvailable: Refusal = { uri: ErrorUri.NoAvailableCallee, text: 'no callee is available' };

/** The callees that a call could go to do not take its payload (PPT-04). */
export const calleeLacksPassthru: Refusal = {
  uri: ErrorUri.FeatureNotSupported,
  text: 'the callee does not support payload_passthru_mode',
};

/** The answer of a callee has a payload that its caller does not take (PPT-04, A18). */
export const callerLacksPassthru: Refusal = {
  uri: ErrorUri.FeatureNotSupported,
  text: 'the callee answers in payload_passthru_mode, which the caller does not support',
};

/** What a caller is told of a message that cannot be sent: BP-RPC-09, and values that have no form in a serializer. */
export function unsendable(refused: WampError): Refusal {
  return { uri: refused.uri ?? ErrorUri.InvalidArgument, text: refused.message };
}

/** Answers a call that has been closed with its final RESULT. */
export function answerResult(call: PendingCall<Session>, details: Dict, payload: Payload): void {
  const refused = call.caller.peer.send(new Result(call.request, details, payload));
  if (refused !== null) answerRefusal(call, unsendable(refused)); // BP-RPC-09
}

/** Answers a call that has been closed with the ERROR of its callee (BP-RPC-04). */
export function answerError(call: PendingCall<Session>, details: Dict, message: ErrorMessage): void {
  const { error, payload } = message;
  const refused = call.caller.peer.send(
    new ErrorMessage(MessageCode.Call, call.request, details, error, payload),
  );
  if (refused !== null) answerRefusal(call, unsendable(refused)); // BP-RPC-09
}

/** Answers a call that has been closed with an ERROR of the dealer. */
export function answerRefusal(call: PendingCall<Session>, refusal: Refusal): void {
  call.caller.refuse({ code: MessageCode.Call, request: call.request }, refusal);
}
