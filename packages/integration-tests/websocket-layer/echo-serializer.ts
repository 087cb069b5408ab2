import { isUtf8 } from 'node:buffer';
import { emptyDict, type Message, Payload, ProtocolError, Publish, type Serializer } from '@wampkit/protocol';

/**
 * A serializer to which every WebSocket message is one of WAMP's: the bytes are the payload of a PUBLISH, which is
 * written back as those bytes. Text must be UTF-8, as the JSON serializer has it.
 *
 * @param kind `text` has the subprotocol of JSON, `binary` that of MessagePack
 */
export function createEchoSerializer(kind: 'text' | 'binary'): Serializer {
  const binary = kind === 'binary';
  const serializer: Serializer = {
    name: binary ? 'msgpack' : 'json',
    binary,
    decode(bytes, start, end) {
      if (!binary && !isUtf8(bytes.subarray(start, end))) throw new ProtocolError('text is not UTF-8');
      return new Publish(1, emptyDict, 'echo', Payload.borrow(serializer, bytes, start, end, 1));
    },
    encodeInto(target, position, message) {
      const bytes = echoedBytes(message);
      if (position + bytes.length <= target.length) target.set(bytes, position);
      return position + bytes.length;
    },
    decodePayload: refuse,
    encodePayload: refuse,
    encodeBinary: refuse,
  };
  return serializer;
}

/** The bytes of a message that an echo serializer made. */
export function echoedBytes(message: Message): Uint8Array {
  const { bytes, start, end } = (message as Publish).payload;
  return (bytes as Uint8Array).subarray(start, end);
}

function refuse(): never {
  throw new Error('an echo has no values');
}
