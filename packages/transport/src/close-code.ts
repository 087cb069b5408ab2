import type { CloseReason } from '@wampkit/protocol';
import { webLimits } from './web-limits.js';

/** WebSocket close codes (RFC 6455, 7.4). Browsers may send 1000 and those from 3000 on: `Violation` is their 1002. */
export const CloseCode = {
  Normal: 1000,
  ProtocolError: 1002,
  NoStatus: 1005,
  Abnormal: 1006,
  InvalidPayload: 1007,
  Violation: 4002,
} as const;

/** Says how the other end closed a WebSocket. */
export function describeClose(code: number, reason: string): CloseReason {
  if (code === CloseCode.Abnormal)
    return {
      clean: false,
      message: `connection lost: ${reason || 'code 1006'}`,
    };
  const what = code === CloseCode.NoStatus ? 'without a code' : `with code ${code}`;
  return { clean: true, message: `closed by the other end ${what}${reason && `: ${reason}`}` };
}

const encoder = new TextEncoder();

/** Cuts text to what a close frame can carry, between characters. */
export function cutCloseReason(reason: string): string {
  const target = new Uint8Array(webLimits.closeReasonSize);
  return reason.slice(0, encoder.encodeInto(reason, target).read);
}
