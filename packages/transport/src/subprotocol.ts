import type { Serializer } from '@wampkit/protocol';

/** Names the WebSocket subprotocol of a serializer (BP-TRN-03). */
export function subprotocolOf(serializer: Serializer): string {
  return `wamp.2.${serializer.name}`;
}
