import { type Dict, ErrorUri, Interrupt } from '@wampkit/protocol';
import type { Session } from '../session/session.js';
import type { PendingCall } from './pending-calls.js';

// CAN-08: `reason` is de facto
export const kill: Dict = Object.freeze({ mode: 'kill', reason: ErrorUri.Canceled });
export const killNoWait: Dict = Object.freeze({ mode: 'killnowait', reason: ErrorUri.Canceled });
export const timedOut: Dict = Object.freeze({ mode: 'killnowait', reason: ErrorUri.Timeout });

/** Tells the callee of a call to stop, if it has one that knows how to (CAN-05). */
export function interrupt({ callee, invocation }: PendingCall<Session>, options: Dict): void {
  if (callee?.session.cancelable) callee.session.peer.send(new Interrupt(invocation, options));
}
