import {
  createMessage,
  type Message,
  messageValues,
  Payload,
  ProtocolError,
  type Serializer,
} from '@wampkit/protocol';
import { readVectors, type SerializationVector } from '@wampkit/testkit';
import { describe, expect, test } from 'vitest';
import { cborSerializer } from './cbor/index.js';
import { jsonSerializer } from './index.js';
import { msgpackSerializer } from './msgpack/index.js';

const vectors = readVectors();
const serializers = [jsonSerializer, msgpackSerializer, cborSerializer];
const cells = serializers.flatMap((serializer) =>
  vectors.serialization.map((vector) => [serializer.name, vector.name, serializer, vector] as const),
);

/** The message that a vector's attributes describe; they are listed in the order of the wire. */
function toMessage({ code, attributes }: SerializationVector): Message {
  const { message_type, args, kwargs, payload, ...header } = attributes;
  expect(message_type).toBe(code);
  const values = Object.entries(header).map(([name, value]) => (name === 'roles' ? { roles: value } : value));
  return createMessage(code, values, toPayload(args, kwargs, payload));
}

function toPayload(args: unknown, kwargs: unknown, payload: unknown): Payload {
  if (typeof payload === 'string') return Payload.ofBinary(Uint8Array.from(Buffer.from(payload, 'hex')));
  return Payload.of((args ?? []) as unknown[], (kwargs ?? {}) as Record<string, unknown>);
}

function contents(message: Message) {
  const payload = 'payload' in message ? message.payload : Payload.empty;
  return {
    code: message.code,
    values: messageValues(message),
    args: payload.args(),
    kwargs: payload.kwargs(),
    isBinary: payload.isBinary,
  };
}

function encode(serializer: Serializer, message: Message): Uint8Array {
  const target = new Uint8Array(4096);
  return target.slice(0, serializer.encodeInto(target, 0, message));
}

/** The message made of values, not of the bytes that it came in. */
function withValues(message: Message): Message {
  const payload = 'payload' in message ? message.payload : Payload.empty;
  const values = payload.isBinary
    ? Payload.ofBinary(payload.args()[0] as Uint8Array)
    : Payload.of(payload.args(), payload.kwargs());
  return createMessage(message.code, messageValues(message), values);
}

test('the vectors are complete: 35 serialization and 67 validation samples', () => {
  expect([vectors.serialization.length, vectors.validation.length]).toEqual([35, 67]);
  expect(vectors.validation.filter(({ expectedError }) => expectedError !== null)).toHaveLength(28);
});

describe('serialization vectors', () => {
  test.each(cells)('BP-SER-01, BP-SER-02: %s decodes %s', (_, __, serializer, vector) => {
    const variants = vector.encodings[serializer.name];
    expect(variants.length).toBeGreaterThan(0);
    for (const bytes of variants) {
      expect(contents(serializer.decode(bytes, 0, bytes.length))).toEqual(contents(toMessage(vector)));
      const shifted = new Uint8Array([0xff, 0x5b, ...bytes, 0x5d, 0xff]);
      expect(contents(serializer.decode(shifted, 2, 2 + bytes.length))).toEqual(contents(toMessage(vector)));
    }
  });

  test.each(cells)('BP-SER-01, BP-SER-02: %s encodes %s', (_, __, serializer, vector) => {
    const variants = vector.encodings[serializer.name];
    const [first] = variants as [Uint8Array];
    const decoded = serializer.decode(first, 0, first.length);
    // Attributes may list the keys of a dict in another order than the bytes, so the decoded message is encoded.
    expect(variants).toContainEqual(encode(serializer, withValues(decoded)));
    for (const other of serializers)
      expect(vector.encodings[other.name]).toContainEqual(encode(other, withValues(decoded)));
  });

  test.each(cells)(
    'BP-MSG-02: %s encodes the attributes of %s so that they come back',
    (_, __, serializer, vector) => {
      const bytes = encode(serializer, toMessage(vector));
      expect(contents(serializer.decode(bytes, 0, bytes.length))).toEqual(contents(toMessage(vector)));
    },
  );
});

/** Keys of Autobahn alone, which a router of the spec ignores (BP-MSG-03). */
const foreign = ['transaction_hash', 'forward_for', 'x_acknowledged_delivery', 'enc_algo'];

describe('validation vectors', () => {
  const rows = serializers.flatMap((serializer) =>
    vectors.validation.map((vector) => [serializer.name, vector.name, serializer, vector] as const),
  );
  test.each(rows)('BP-PERR-06: %s, %s', (_, __, serializer, { elements, expectedError }) => {
    // A message is a list of values like any other.
    const bytes = serializer.encodePayload(elements, {}, 1);
    const decode = () => serializer.decode(bytes, 0, bytes.length);
    if (expectedError === null || foreign.includes(expectedError)) {
      expect(decode().code).toBe(elements[0]);
    } else {
      expect(decode).toThrow(ProtocolError);
      expect(decode).toThrow(expectedError);
    }
  });

  test('20 of the 28 expected errors are about keys of the spec', () => {
    const errors = vectors.validation.flatMap(({ expectedError }) => expectedError ?? []);
    expect(errors.filter((key) => !foreign.includes(key))).toHaveLength(20);
  });
});
