import { Authenticate, type Message, messageName, messageValues } from '@wampkit/protocol';
import { formatJson } from '../values/format-json.js';

/** One message on the wire as a line, `<- WELCOME [2,..]`; secrets are left out. */
export function formatMessage(message: Message, direction: 'in' | 'out'): string {
  const shown = message instanceof Authenticate ? new Authenticate('(secret)', message.extra) : message;
  const elements = [message.code, ...messageValues(shown), ...payloadElements(message)];
  return `${direction === 'in' ? '<-' : '->'} ${messageName(message.code)} ${formatJson(elements)}`;
}

function payloadElements(message: Message): unknown[] {
  const payload = 'payload' in message ? message.payload : undefined;
  if (payload === undefined || payload.count === 0) return [];
  return payload.count === 1 ? [payload.args()] : [payload.args(), payload.kwargs()];
}
