import { type Call, type Dict, emptyDict } from '@wampkit/protocol';
import type { Session } from '../session/session.js';
import type { CallOptions } from './call-options.js';
import type { PendingCall } from './pending-calls.js';
import type { Callee } from './registration.js';

const progress: Dict = Object.freeze({ progress: true });
const receiveProgress: Dict = Object.freeze({ receive_progress: true });

/** INVOCATION.Details of most calls: whether progressive results are wanted (PCR-03). */
export function plainDetails({ progressive }: PendingCall<Session>): Dict {
  return progressive ? receiveProgress : emptyDict;
}

/**
 * INVOCATION.Details of a call that tells the callee more than most do.
 *
 * @param timeout what the callee is told of the time limit, in milliseconds; 0: nothing (TMO-04)
 */
export function invocationDetails(
  call: PendingCall<Session>,
  callee: Callee<Session>,
  about: { readonly message: Call; readonly options: CallOptions; readonly timeout: number },
): Dict {
  const { options, timeout } = about;
  const { caller, progressive } = call;
  const { match } = call.registration;
  const details: Record<string, unknown> = { ...call.passthru }; // PPT-02
  if (progressive) details.receive_progress = true;
  if (options.progress) details.progress = true; // PCI-04
  if (timeout > 0) details.timeout = timeout;
  if (match !== 'exact') details.procedure = about.message.procedure; // PREG-06
  if (caller.trustlevel !== null) details.trustlevel = caller.trustlevel; // CTL-01
  if (options.discloseMe || callee.discloseCaller) {
    details.caller = caller.id; // CID-02
    details.caller_authid = caller.identity.authid;
    details.caller_authrole = caller.identity.authrole;
  }
  return details;
}

/** INVOCATION.Details of a later chunk: whether more follow, and how the payloads of this call are passed through (PCI-09). */
export function chunkDetails({ passthru }: PendingCall<Session>, options: CallOptions): Dict {
  if (passthru === null) return options.progress ? progress : emptyDict;
  return options.progress ? { ...passthru, progress: true } : passthru;
}

/** Whether INVOCATION.Details of a call hold more than whether progressive results are wanted, time limits aside. */
export function tellsMore(
  { registration, caller, passthru }: PendingCall<Session>,
  callee: Callee<Session>,
  options: CallOptions,
): boolean {
  if (options.discloseMe || callee.discloseCaller || options.progress || passthru !== null) return true;
  return registration.match !== 'exact' || caller.trustlevel !== null;
}
