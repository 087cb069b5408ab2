import {
  ErrorUri,
  emptyDict,
  Payload,
  ProtocolError,
  type Serializer,
  WampError,
  Yield,
} from '@wampkit/protocol';

/* Serializers know messages, not single values. A value alone is what is left of a list of one when its brackets are
   taken away, and is read, with all checks, as the only argument of a message. */

/** Bytes that end a list: JSON has one, the binary serializers have none. */
const closing = ({ binary }: Serializer): number => (binary ? 0 : 1);

/** Encodes one value. @throws {WampError} when it has no form in the serializer */
export function encodeItem(serializer: Serializer, value: unknown): Uint8Array {
  const list = serializer.encodePayload([value], {}, 1);
  return list.subarray(1, list.length - closing(serializer));
}

/** Decodes one value, checked as the payload of a message is. @throws {ProtocolError} when the bytes are none */
export function decodeItem(serializer: Serializer, bytes: Uint8Array): unknown {
  const { head, tail } = frameOf(serializer);
  const whole = new Uint8Array(head.length + bytes.length + tail.length);
  whole.set(head);
  whole.set(bytes, head.length);
  whole.set(tail, head.length + bytes.length);
  const message = serializer.decode(whole, 0, whole.length);
  if (!(message instanceof Yield) || message.payload.count !== 1 || message.payload.args().length !== 1)
    throw new ProtocolError('more than one value');
  return message.payload.args()[0];
}

interface Frame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** Pure cache. */
const frames = new WeakMap<Serializer, Frame>();

/** What is around the only argument of a message. */
function frameOf(serializer: Serializer): Frame {
  const known = frames.get(serializer) ?? makeFrame(serializer);
  frames.set(serializer, known);
  return known;
}

function makeFrame(serializer: Serializer): Frame {
  const message = new Yield(1, emptyDict, Payload.of([null]));
  const bytes = new Uint8Array(64);
  const end = serializer.encodeInto(bytes, 0, message);
  const tail = 2 * closing(serializer);
  const start = end - tail - encodeItem(serializer, null).length;
  return { head: bytes.subarray(0, start), tail: bytes.subarray(end - tail, end) };
}

/** An error of a payload that cannot be packed or unpacked. */
export function payloadError(message: string, cause?: unknown): WampError {
  return new WampError(message, {
    uri: ErrorUri.InvalidArgument,
    ...(cause === undefined ? {} : { cause }),
  });
}
