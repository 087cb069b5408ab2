import { isUtf8 } from 'node:buffer';
import {
  createMessage,
  Invocation,
  isDict,
  type Message,
  messageShape,
  messageValues,
  Payload,
  ProtocolError,
  Publish,
  type Serializer,
} from '@wampkit/protocol';
import { Decoder } from 'cbor-x';
import { Unpackr } from 'msgpackr';
import { expect, test } from 'vitest';
import { cborSerializer } from './cbor/cbor-serializer.js';
import { jsonSerializer } from './json/json-serializer.js';
import { msgpackSerializer } from './msgpack/msgpack-serializer.js';
import { MsgpackExtension } from './msgpack-extension.js';

const MUTATIONS = 40_000;
/** A second or two alone; more beside other work. */
const TIMEOUT = 60_000;

/** Mulberry32: the same mutations every time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const values = [
  1,
  -1,
  300,
  70_000,
  2 ** 40,
  -(2 ** 33),
  0.5,
  true,
  false,
  null,
  'text',
  'é€😀',
  '',
  [],
  {},
  [[1]],
];
const dict = {
  a: values,
  ключ: new Uint8Array([1, 2, 255]),
  long: 'x'.repeat(60),
  big: 2n ** 63n,
  n: { n: { n: {} } },
};
const corpus: readonly Message[] = [
  new Publish(17, { acknowledge: true, exclude: [2 ** 53, 5] }, 'com.myapp.topic', Payload.of(values, dict)),
  new Publish(2 ** 53, {}, 'é', Payload.of([], { k: 'v' })),
  new Invocation(300, 70_000, { procedure: 'a.b' }, Payload.of([1, 'two', 3.5])),
  new Invocation(1, 2, {}, Payload.of([])),
  new Publish(
    40,
    { exclude_me: false },
    'a.b',
    Payload.of([1, -20, true, null, 'é😀', [[{}]]], { k: [7, 'v'] }),
  ),
];

function encode(serializer: Serializer, message: Message): Uint8Array {
  const target = new Uint8Array(serializer.encodeInto(new Uint8Array(0), 0, message));
  serializer.encodeInto(target, 0, message);
  return target;
}

/** Changes one to three places: a byte replaced, put in, taken out, or a stretch copied to elsewhere. */
function mutate(bytes: Uint8Array, random: (below: number) => number, telling: Uint8Array): Uint8Array {
  const list = [...bytes];
  for (let n = random(3); n >= 0; n--) {
    const at = random(list.length + 1);
    const byte = random(2) === 0 ? random(256) : (telling[random(telling.length)] as number);
    const kind = random(4);
    if (kind === 0) list[at] = byte;
    else if (kind === 1) list.splice(at, 0, byte);
    else if (kind === 2) list.splice(at, 1 + random(3));
    else list.splice(at, 0, ...list.slice(at, at + random(12)));
  }
  return new Uint8Array(list);
}

/** Decodes to the last value; `null` when it is refused, with the one error there is. */
function decodeAll(serializer: Serializer, bytes: Uint8Array): { message: Message; list: unknown[] } | null {
  let message: Message;
  try {
    message = serializer.decode(bytes, 0, bytes.length);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return null;
  }
  const list = [message.code, ...messageValues(message)];
  if ('payload' in message) {
    const { payload } = message;
    if (payload.count > 0) list.push(payload.isBinary ? payload.args()[0] : payload.args());
    if (payload.count > 1) list.push(payload.kwargs());
  }
  return { message, list };
}

interface Fuzz {
  readonly serializer: Serializer;
  /** Bytes that mean something in the format. */
  readonly telling: Uint8Array;
  /** Called with what was accepted. */
  accepted(bytes: Uint8Array, list: unknown[]): void;
  refused?(bytes: Uint8Array): void;
}

function fuzz({ serializer, telling, accepted, refused }: Fuzz): void {
  const random = createRandom(20_200);
  const samples = corpus.map((message) => encode(serializer, message));
  let taken = 0;
  for (let n = 0; n < MUTATIONS; n++) {
    const bytes = mutate(samples[n % samples.length] as Uint8Array, random, telling);
    const decoded = decodeAll(serializer, bytes);
    if (decoded === null) {
      refused?.(bytes);
      continue;
    }
    taken++;
    accepted(bytes, decoded.list);
  }
  // Else the mutations would be too coarse to test anything.
  expect(taken).toBeGreaterThan(MUTATIONS / 50);
  expect(taken).toBeLessThan(MUTATIONS);
  expect(Object.keys(Object.prototype)).toEqual([]);
}

/** What a plain reading of JSON makes of a message. */
function naiveDecode(text: string): Message {
  const [code, ...rest] = JSON.parse(text) as unknown[];
  const shape = messageShape(code as number);
  if (shape === undefined) throw new Error('no such type');
  const [args, kwargs] = rest.slice(shape.fields.length);
  const most = shape.fields.length + (shape.payload ? 2 : 0);
  if (
    rest.length > most ||
    (args !== undefined && !Array.isArray(args)) ||
    (kwargs !== undefined && !isDict(kwargs))
  )
    throw new Error('wrong elements');
  const payload = Payload.of(args as unknown[] | undefined, kwargs as Record<string, unknown> | undefined);
  return createMessage(code, rest.slice(0, shape.fields.length), payload);
}

function isNaivelyAccepted(text: string): boolean {
  try {
    naiveDecode(text);
    return true;
  } catch {
    return false;
  }
}

test(
  'BP-SER-05: of 40,000 mutations json accepts what JSON.parse and isUtf8 accept',
  () => {
    // Binary, long digits and fractions are where WAMP asks for more than JSON does.
    const asksForMore = (text: string) => text.includes('\\u0000') || /\d{16}|\d[.eE]/.test(text);
    const differences: string[] = [];
    fuzz({
      serializer: jsonSerializer,
      telling: Buffer.from('[]{}",:\\u0019-.eEtrufalsn \n'),
      accepted(bytes, list) {
        const text = Buffer.from(bytes).toString();
        const parsed = (JSON.parse(text) as unknown[]).slice(0, list.length);
        if (!isUtf8(bytes) || comparable(parsed) !== comparable(binaryAsText(list))) differences.push(text);
      },
      refused(bytes) {
        const text = Buffer.from(bytes).toString();
        if (isUtf8(bytes) && !asksForMore(text) && isNaivelyAccepted(text)) differences.push(text);
      },
    });
    expect(differences).toEqual([]);
  },
  TIMEOUT,
);

/** Values as the libraries give them: binary comes as Buffer, BigInt where a number would do. */
function comparable(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'bigint') return Number(item);
    if (typeof item === 'number' && !Number.isFinite(item)) return String(item);
    return item;
  });
}

/** Binary as JSON has it. Keys may start with U+0000, they are no binary. */
function binaryAsText(value: unknown): unknown {
  if (value instanceof Uint8Array) return `\0${Buffer.from(value).toString('base64')}`;
  if (Array.isArray(value)) return value.map(binaryAsText);
  if (isDict(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, binaryAsText(item)]));
  return value;
}

function binaryAsList(value: unknown): unknown {
  if (value instanceof Uint8Array) return { binary: [...value] };
  if (Array.isArray(value)) return value.map(binaryAsList);
  if (isDict(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, binaryAsList(item)]));
  return value ?? null;
}

function hasExtension(value: unknown): boolean {
  if (value instanceof MsgpackExtension || typeof value === 'bigint') return true;
  if (Array.isArray(value)) return value.some(hasExtension);
  return isDict(value) && Object.values(value).some(hasExtension);
}

test(
  'BP-SER-05: of 40,000 mutations msgpack accepts what msgpackr reads the same',
  () => {
    const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'bigint' });
    const differences: string[] = [];
    fuzz({
      serializer: msgpackSerializer,
      telling: Uint8Array.from({ length: 64 }, (_, n) => 0xc0 + n),
      accepted(bytes, list) {
        if (hasExtension(list)) return;
        const read = (unpackr.unpack(bytes) as unknown[]).slice(0, list.length);
        if (comparable(binaryAsList(read)) !== comparable(binaryAsList(list)))
          differences.push(Buffer.from(bytes).toString('hex'));
      },
    });
    expect(differences).toEqual([]);
  },
  TIMEOUT,
);

/** RFC 8949 appendix C, with WAMP's keys. Returns the position after the item. */
function checkCbor(b: Uint8Array, at: number): number {
  const head = b[at] as number;
  const major = head >> 5;
  const info = head & 31;
  if (at >= b.length) throw new Error('end');
  at++;
  let argument = info;
  if (info > 23 && info < 28) {
    const width = 2 ** (info - 24);
    if (at + width > b.length) throw new Error('end');
    argument = 0;
    for (let n = 0; n < width; n++) argument = argument * 256 + (b[at++] as number);
  } else if (info > 27 && (info < 31 || major < 2 || major > 5)) throw new Error('head');
  if (info === 31) {
    for (let n = 0; b[at] !== 0xff; n++) {
      const inner = (b[at] as number) >> 5;
      if (major < 4 && (inner !== major || ((b[at] as number) & 31) === 31)) throw new Error('chunk');
      if (major === 5 && n % 2 === 0 && inner !== 3) throw new Error('key');
      at = checkCbor(b, at);
      if (major === 5 && n % 2 === 0 && b[at] === 0xff) throw new Error('odd');
    }
    return at + 1;
  }
  if (major === 2 || major === 3) {
    if (at + argument > b.length) throw new Error('end');
    if (major === 3 && !isUtf8(b.subarray(at, at + argument))) throw new Error('text');
    return at + argument;
  }
  if (major === 4 || major === 5) {
    for (let n = 0; n < argument * (major === 5 ? 2 : 1); n++) {
      if (major === 5 && n % 2 === 0 && (b[at] as number) >> 5 !== 3) throw new Error('key');
      at = checkCbor(b, at);
    }
  }
  return major === 6 ? checkCbor(b, at) : at;
}

function hasTagOrChunks(b: Uint8Array): boolean {
  // A look at the bytes alone: more than needed are left out.
  return b.some((byte) => (byte >= 0xc0 && byte < 0xe0) || byte === 0x5f || byte === 0x7f || byte === 0xf7);
}

test(
  'BP-SER-05: of 40,000 mutations cbor accepts what is well-formed, and reads it as cbor-x does',
  () => {
    const decoder = new Decoder({ useRecords: false, mapsAsObjects: true, tagUint8Array: false });
    const differences: string[] = [];
    fuzz({
      serializer: cborSerializer,
      telling: Uint8Array.from([
        0x18, 0x19, 0x1a, 0x1b, 0x3b, 0x5f, 0x7f, 0x9f, 0xbf, 0xc2, 0xc3, 0xd8, 0xf6, 0xf7, 0xf9, 0xfa, 0xfb,
        0xff,
      ]),
      accepted(bytes, list) {
        if (checkCbor(bytes, 0) !== bytes.length) differences.push(Buffer.from(bytes).toString('hex'));
        if (hasTagOrChunks(bytes)) return;
        const read = (decoder.decode(bytes) as unknown[]).slice(0, list.length);
        if (comparable(binaryAsList(read)) !== comparable(binaryAsList(list)))
          differences.push(Buffer.from(bytes).toString('hex'));
      },
    });
    expect(differences).toEqual([]);
  },
  TIMEOUT,
);
