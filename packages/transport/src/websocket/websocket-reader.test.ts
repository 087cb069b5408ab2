import { jsonSerializer } from '@wampkit/serializer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BufferPool } from '../peer/buffer-pool.js';
import { Masking } from './masking.js';
import { WebSocketReader } from './websocket-reader.js';

interface Sent {
  readonly first: number;
  readonly text: string;
  /** Length field in the shortest form, or in 16 or 64 bits. */
  readonly form?: 16 | 64;
}

const TEXT = 0x81;
const PING = 0x89;
const FRAGMENT = 0x01;
const CONTINUATION = 0x00;
const LAST = 0x80;
const CLOSE = 0x88;

function encode({ first, text, form }: Sent, masked: boolean): Buffer {
  const { length } = text;
  const size = form ?? (length < 126 ? 0 : length < 0x1_0000 ? 16 : 64);
  const header = Buffer.alloc(2 + size / 8);
  header[0] = first;
  header[1] = (size === 0 ? length : size === 16 ? 126 : 127) | (masked ? 0x80 : 0);
  if (size === 16) header.writeUInt16BE(length, 2);
  if (size === 64) header.writeBigUInt64BE(BigInt(length), 2);
  if (!masked) return Buffer.concat([header, Buffer.from(text, 'latin1')]);
  const key = Buffer.from([length + 1, 0x80, 0xff, 7]);
  const payload = Buffer.from(text, 'latin1').map((octet, i) => octet ^ (key[i & 3] as number));
  return Buffer.concat([header, key, payload]);
}

/** Reads a stream in chunks of the given sizes, again and again; gives messages as text and what is left to another. */
function read(stream: Buffer, options: { masked: boolean; cuts?: readonly number[]; limit?: number }) {
  const { masked, cuts = [stream.length], limit = 100_000 } = options;
  const got: string[] = [];
  const others: Buffer[] = [];
  let ended = false;
  const sink = {
    takeFrame(bytes: Buffer, start: number, end: number) {
      got.push(bytes.toString('latin1', start, end));
      bytes.fill(0xa5, start, end);
    },
    takeOther(bytes: Buffer) {
      others.push(Buffer.from(bytes));
      if ((bytes[0] as number) === CLOSE) ended = true;
      return !ended;
    },
  };
  const { binary } = jsonSerializer;
  const masking = masked ? new Masking() : null;
  const reader = new WebSocketReader(sink, { binary, masking, limit, pool: new BufferPool() });
  for (let at = 0, i = 0; at < stream.length; i++) {
    const size = cuts[i % cuts.length] as number;
    reader.read(Buffer.from(stream.subarray(at, at + size)));
    at += size;
  }
  return { got, other: Buffer.concat(others) };
}

const sent: readonly Sent[] = [
  { first: TEXT, text: '[1,"realm1",{}]' },
  { first: PING, text: 'abc' },
  { first: TEXT, text: '' },
  { first: TEXT, text: 'x'.repeat(300) },
  { first: FRAGMENT, text: 'begin' },
  { first: PING, text: '' },
  { first: LAST | CONTINUATION, text: 'end' },
  { first: TEXT, text: 'long form', form: 64 },
  { first: TEXT, text: 'last', form: 16 },
];

describe.each([true, false])('WebSocketReader, masked: %s', (masked) => {
  const frames = sent.map((frame) => encode(frame, masked));
  const isMessage = (_: unknown, i: number): boolean => ![1, 4, 5, 6].includes(i);
  const messages = sent.filter(isMessage).map(({ text }) => text);
  const other = Buffer.concat(frames.filter((_, i) => !isMessage(_, i)));

  test('BP-TRN-02: messages are found and other frames left, wherever the stream is cut in two', () => {
    const stream = Buffer.concat(frames);
    for (let cut = 1; cut < stream.length; cut++)
      expect(read(stream, { masked, cuts: [cut, stream.length] })).toEqual({ got: messages, other });
  });

  test('BP-TRN-02: the same when every byte comes alone', () => {
    expect(read(Buffer.concat(frames), { masked, cuts: [1] })).toEqual({ got: messages, other });
  });

  test('BP-TRN-02: messages are found however large they are and however the stream is cut', () => {
    const someTexts = fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 6 });
    const someCuts = fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(someTexts, someCuts, (lengths, cuts) => {
        const texts = lengths.map((length, i) => String.fromCharCode(0x61 + i).repeat(length));
        const stream = Buffer.concat(texts.map((text) => encode({ first: TEXT, text }, masked)));
        expect(read(stream, { masked, cuts }).got.join() === texts.join()).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  test('BP-TRN-02: a text frame within a message in fragments is left to another, which refuses it', () => {
    const stray = [frames[4], frames[0]].map((each) => each as Buffer);
    expect(read(Buffer.concat(stray), { masked })).toEqual({ got: [], other: Buffer.concat(stray) });
  });

  test('BP-TRN-02: what follows a close frame is nobody’s', () => {
    const close = encode({ first: CLOSE, text: '' }, masked);
    const stream = Buffer.concat([frames[0] as Buffer, close, frames[0] as Buffer, close]);
    const expected = { got: [messages[0]], other: close };
    expect(read(stream, { masked })).toEqual(expected);
    expect(read(stream, { masked, cuts: [(frames[0] as Buffer).length + close.length] })).toEqual(expected);
  });

  test.each([
    ['binary where text is due', { first: 0x82, text: 'x' }],
    ['with a reserved bit', { first: TEXT | 0x40, text: 'x' }],
    ['larger than the limit', { first: TEXT, text: 'x'.repeat(1001) }],
    ['of a reserved opcode', { first: 0x83, text: 'x' }],
    ['with a length that no memory holds', { first: TEXT, text: 'x', form: 64 as const, huge: true }],
  ])('BP-TRN-02: a frame %s is left to another', (_, frame) => {
    const bytes = encode(frame, masked);
    if ('huge' in frame) bytes.fill(0x7f, 2, 10);
    for (const cuts of [[bytes.length], [1], [3]])
      expect(read(bytes, { masked, cuts, limit: 1000 })).toEqual({ got: [], other: bytes });
  });

  test('BP-TRN-02: a frame that is masked at the wrong end is left to another', () => {
    const bytes = encode({ first: TEXT, text: 'x' }, !masked);
    expect(read(bytes, { masked })).toEqual({ got: [], other: bytes });
  });
});

test('BP-TRN-02: masking is XOR with the key repeated, at any place and length', () => {
  const masking = new Masking();
  const random = fc.record({
    bytes: fc.uint8Array({ minLength: 4, maxLength: 100 }),
    position: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(random, ({ bytes, position }) => {
      const target = Buffer.from(new ArrayBuffer(position + bytes.length + 3), position);
      target.set(bytes);
      masking.apply(target, 4, bytes.length);
      const expected = bytes.map((octet, i) => (i < 4 ? octet : octet ^ (bytes[i & 3] as number)));
      expect([...target]).toEqual([...expected, 0, 0, 0]);
    }),
  );
});
