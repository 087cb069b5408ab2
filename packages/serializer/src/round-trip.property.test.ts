import {
  createMessage,
  type Message,
  MessageCode,
  messageShape,
  messageValues,
  Payload,
  ProtocolError,
  type Serializer,
} from '@wampkit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CborFormat } from './cbor/cbor-format.js';
import { CborReader } from './cbor/cbor-reader.js';
import { CborScanner } from './cbor/cbor-scanner.js';
import { cborSerializer } from './cbor/cbor-serializer.js';
import { CborValueReader } from './cbor/cbor-value-reader.js';
import { decodeMessage, type MessageFormat } from './decode-message.js';
import { type HeaderReader, readHotMessage } from './header-codec.js';
import { JsonFormat } from './json/json-format.js';
import { JsonReader } from './json/json-reader.js';
import { JsonScanner } from './json/json-scanner.js';
import { jsonSerializer } from './json/json-serializer.js';
import { MsgpackFormat } from './msgpack/msgpack-format.js';
import { MsgpackReader } from './msgpack/msgpack-reader.js';
import { MsgpackScanner } from './msgpack/msgpack-scanner.js';
import { msgpackSerializer } from './msgpack/msgpack-serializer.js';
import { MsgpackValueReader } from './msgpack/msgpack-value-reader.js';

const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((value) => !value.startsWith('\0'));
const scalar = fc.oneof(
  fc.constantFrom(null, true, false, -0, 2 ** 53, -(2 ** 53), 2 ** 63, 5e-324, Number.MAX_VALUE, 0.1),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  // BigInt is what integers beyond 2^53 come back as.
  fc.bigInt(2n ** 53n + 1n, 2n ** 200n),
  fc.bigInt(-(2n ** 200n), -(2n ** 53n) - 1n),
  fc.constantFrom(2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 63n), -(2n ** 63n) - 1n, -(2n ** 64n)),
  text,
  fc.uint8Array({ maxLength: 40 }),
);
const { value, list, dict } = fc.letrec<{ value: unknown; list: unknown[]; dict: Record<string, unknown> }>(
  (tie) => ({
    value: fc.oneof({ maxDepth: 3, depthSize: 'xsmall' }, scalar, tie('list'), tie('dict')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    dict: fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 12 }), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  }),
);

const id = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.bigInt(1n, 2n ** 53n).map(Number));
/** Options of keys that no schema knows. */
const options = fc.oneof(
  fc.constant({}),
  fc.dictionary(
    fc.stringMatching(/^_[a-z0-9_]{3,8}$/),
    value.filter((item) => !(item instanceof Uint8Array)),
    { maxKeys: 3, noNullPrototype: true },
  ),
);
const uri = fc.oneof(fc.constantFrom('com.myapp.add2', 'a'), text);
const payload = fc.tuple(list, dict).map(([args, kwargs]) => Payload.of(args, kwargs));
const fields = {
  id,
  zero: fc.oneof(id, fc.constant(0)),
  uri,
  string: text,
  dict: options,
  type: fc.constantFrom(16, 32, 34, 48, 64, 66, 68),
};

function messageOf(code: number): fc.Arbitrary<Message> {
  const shape = messageShape(code);
  if (shape === undefined) throw new Error(`no message type ${code}`);
  const count = fc.integer({ min: shape.fields.length - shape.optional, max: shape.fields.length });
  return fc
    .tuple(fc.tuple(...shape.fields.map((kind) => fields[kind])), count, payload)
    .map(([values, length, tail]) =>
      createMessage(code, values.slice(0, length), shape.payload ? tail : Payload.empty),
    );
}

const message = fc.oneof(...Object.values(MessageCode).map(messageOf));
const hot = [8, 16, 17, 36, 48, 50, 68, 70];

interface Ways {
  readonly serializer: Serializer;
  readonly format: MessageFormat;
  readonly reader: HeaderReader & {
    serializer: Serializer;
    reset(b: Uint8Array, start: number, end: number): void;
  };
}

function jsonWays(): Ways {
  const scanner = new JsonScanner();
  const format = new JsonFormat(scanner);
  return { serializer: jsonSerializer, format, reader: new JsonReader(scanner, format.dicts) };
}

function msgpackWays(): Ways {
  const scanner = new MsgpackScanner();
  const format = new MsgpackFormat(scanner, new MsgpackValueReader());
  return { serializer: msgpackSerializer, format, reader: new MsgpackReader(scanner, format.dicts) };
}

function cborWays(): Ways {
  const scanner = new CborScanner();
  const format = new CborFormat(scanner, new CborValueReader());
  return { serializer: cborSerializer, format, reader: new CborReader(scanner, format.dicts) };
}

const all = [jsonWays(), msgpackWays(), cborWays()];
for (const ways of all) ways.reader.serializer = ways.serializer;

function encode(serializer: Serializer, message: Message): Uint8Array {
  const size = serializer.encodeInto(new Uint8Array(0), 0, message);
  const target = new Uint8Array(size);
  expect(serializer.encodeInto(target, 0, message)).toBe(size);
  return target;
}

function contents(message: Message) {
  const { args, kwargs } =
    'payload' in message ? { args: message.payload.args(), kwargs: message.payload.kwargs() } : {};
  return { code: message.code, values: messageValues(message), args, kwargs };
}

/** What decoding comes to: the contents, or the error's message. */
function outcome(decode: () => Message | null): unknown {
  try {
    const decoded = decode();
    return decoded === null ? null : contents(decoded);
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return (error as Error).message;
  }
}

describe.each(all.map((ways) => [ways.serializer.name, ways] as const))('%s', (_, ways) => {
  const { serializer, format, reader } = ways;
  const readHot = (b: Uint8Array, start: number, end: number) => {
    reader.reset(b, start, end);
    return readHotMessage(reader);
  };

  test('BP-SER-01, BP-MSG-02: every message comes back as it was', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const bytes = encode(serializer, sent);
        const received = serializer.decode(bytes, 0, bytes.length);
        expect(contents(received)).toEqual(contents(sent));
        expect(received).toBeInstanceOf(sent.constructor);
        // Bytes that came in go out as they are.
        expect(encode(serializer, received)).toEqual(bytes);
      }),
      { numRuns: 150 },
    );
  });

  test('a message fits exactly where it fits, anywhere in a buffer', () => {
    fc.assert(
      fc.property(message, fc.nat(20), fc.nat(20), (sent, position, short) => {
        const bytes = encode(serializer, sent);
        const target = new Uint8Array(position + bytes.length - Math.min(short, bytes.length)).fill(7);
        expect(serializer.encodeInto(target, position, sent)).toBe(position + bytes.length);
        expect([...target.subarray(0, position)].every((byte) => byte === 7)).toBe(true);
        if (short === 0) expect(target.subarray(position)).toEqual(bytes);
      }),
    );
  });

  test.each(hot)('the hot way takes message type %d in its ordinary form', (code) => {
    const [plain] = fc.sample(messageOf(code), { numRuns: 1, seed: code }) as [Message];
    const values = messageValues(plain).map((item) => (typeof item === 'string' ? 'com.myapp.add2' : item));
    if (code === 8) values[0] = 48;
    const bytes = encode(
      serializer,
      createMessage(code, values, 'payload' in plain ? plain.payload : Payload.empty),
    );
    expect(readHot(bytes, 0, bytes.length)?.code).toBe(code);
  });

  test('BP-SER-05: the hot way and the cold way are one: same message or same refusal', () => {
    const mutation = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), kind: fc.nat(2) });
    fc.assert(
      fc.property(message, fc.array(mutation, { maxLength: 2 }), (sent, mutations) => {
        let bytes = [...encode(serializer, sent)];
        for (const { at, byte, kind } of mutations) {
          const index = at % (bytes.length + 1);
          bytes = [
            ...bytes.slice(0, index),
            ...(kind > 0 ? [byte] : []),
            ...bytes.slice(index + (kind > 1 ? 1 : 0)),
          ];
        }
        const b = new Uint8Array(bytes);
        const cold = outcome(() => decodeMessage(format, serializer, { bytes: b, start: 0, end: b.length }));
        const fast = outcome(() => readHot(b, 0, b.length));
        if (fast !== null) expect(fast).toEqual(cold);
        expect(outcome(() => serializer.decode(b, 0, b.length))).toEqual(cold);
      }),
      { numRuns: 500 },
    );
  });

  test('BP-SER-05: a message cut at any byte is refused, whatever follows in the buffer', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const bytes = encode(serializer, sent);
        for (let end = 0; end < bytes.length; end++) {
          const within = outcome(() => serializer.decode(bytes, 0, end));
          expect(within).toBeTypeOf('string');
          expect(outcome(() => serializer.decode(bytes.slice(0, end), 0, end))).toEqual(within);
        }
      }),
      { numRuns: 30 },
    );
  });
});

const pairs = all.flatMap((from) =>
  all.map((to) => [from.serializer.name, to.serializer.name, from.serializer, to.serializer] as const),
);

test('BP-SER-05: in json one space after a comma stays on the hot way, with the same message', () => {
  const { serializer, format, reader } = all[0] as Ways;
  fc.assert(
    fc.property(
      fc.oneof(...hot.map(messageOf)),
      fc.array(fc.boolean(), { maxLength: 20 }),
      (sent, spaces) => {
        let comma = 0;
        // Strings are left alone; commas in them too.
        const text = Buffer.from(encode(serializer, sent))
          .toString()
          .replaceAll(/"(?:[^"\\]|\\.)*"|,/g, (token) => (token === ',' && spaces[comma++] ? ', ' : token));
        const b = Buffer.from(text);
        reader.reset(b, 0, b.length);
        const fast = outcome(() => readHotMessage(reader));
        const cold = outcome(() => decodeMessage(format, serializer, { bytes: b, start: 0, end: b.length }));
        expect(cold).toEqual(contents(sent));
        if (fast !== null) expect(fast).toEqual(cold);
      },
    ),
  );
  const bytes = Buffer.from('[36, 1, 2, {}, [1], {"a": 1}]');
  reader.reset(bytes, 0, bytes.length);
  expect(readHotMessage(reader)?.code).toBe(36);
});

function rangeOf({ bytes, start, end }: Payload): Uint8Array {
  return Uint8Array.from(bytes?.subarray(start, end) ?? []);
}

test.each(pairs)('BP-SER-04: payload crosses from %s to %s without loss', (_, __, from, to) => {
  fc.assert(
    fc.property(list, dict, (args, kwargs) => {
      const sent = Payload.of(args, kwargs);
      const received = sent.encodedIn(from).retain();
      const crossed = received.encodedIn(to);
      expect(crossed.args()).toEqual(args);
      expect(crossed.kwargs()).toEqual(kwargs);
      const back = crossed.retain().encodedIn(from);
      expect(rangeOf(back)).toEqual(rangeOf(received));
    }),
    { numRuns: 100 },
  );
});
