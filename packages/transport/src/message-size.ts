import { ErrorUri, type Message, messageName, WampError } from '@wampkit/protocol';

/** The error of a message that is larger than the other end takes (BP-RPC-09, RS-05). */
export function tooLarge(message: Message, length: number, limit: number): WampError {
  return new WampError(
    `${messageName(message.code)} of ${length} bytes is larger than the ${limit} bytes that the other end takes`,
    { uri: ErrorUri.PayloadSizeExceeded },
  );
}
