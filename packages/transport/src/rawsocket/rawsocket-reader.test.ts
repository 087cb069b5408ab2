import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BufferPool } from '../peer/buffer-pool.js';
import { FrameType, rawSocketFraming, writeRawSocketHeader } from './rawsocket-framing.js';
import { RawSocketFault, RawSocketReader } from './rawsocket-reader.js';

type Got = readonly [type: number, text: string];

function createReader(limit = 2 ** 24): { reader: RawSocketReader; got: Got[] } {
  const got: Got[] = [];
  const sink = {
    takeFrame(type: number, bytes: Buffer, start: number, end: number) {
      got.push([type, bytes.toString('latin1', start, end)]);
    },
  };
  return { reader: new RawSocketReader(sink, limit, new BufferPool()), got };
}

function frame([type, text]: Got): Buffer {
  const bytes = Buffer.alloc(4 + text.length);
  writeRawSocketHeader(bytes, 0, { type, length: text.length });
  bytes.write(text, 4, 'latin1');
  return bytes;
}

const frames: readonly Got[] = [
  [FrameType.Wamp, '[1,"realm1",{}]'],
  [FrameType.Ping, ''],
  [FrameType.Wamp, ''],
  [FrameType.Pong, 'abc'],
  [FrameType.Wamp, 'x'.repeat(300)],
];

describe('RawSocketReader', () => {
  test('RS-08: frames are found wherever the stream is cut in two', () => {
    const stream = Buffer.concat(frames.map(frame));
    for (let cut = 0; cut <= stream.length; cut++) {
      const { reader, got } = createReader();
      reader.read(stream.subarray(0, cut));
      reader.read(stream.subarray(cut));
      expect(got).toEqual(frames);
    }
  });

  test('RS-08: frames are found when every byte comes alone', () => {
    const { reader, got } = createReader();
    for (const octet of Buffer.concat(frames.map(frame))) reader.read(Buffer.from([octet]));
    expect(got).toEqual(frames);
  });

  test('RS-08: frames are found however the stream is cut', () => {
    const someFrames = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 2 }), fc.string({ unit: 'binary-ascii' })),
    );
    const someCuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(someFrames, someCuts, (sent, cuts) => {
        const { reader, got } = createReader();
        const stream = Buffer.concat(sent.map(frame));
        for (let at = 0, i = 0; at < stream.length; i++) {
          const size = cuts[i % cuts.length] as number;
          reader.read(stream.subarray(at, at + size));
          at += size;
        }
        expect(got).toEqual(sent);
      }),
    );
  });

  test('RS-06: a frame of exactly 2^24 bytes has the extra bit and no length', () => {
    const { reader, got } = createReader();
    const header = Buffer.alloc(4);
    rawSocketFraming.seal(header, 0, 2 ** 24);
    expect([...header]).toEqual([0x08, 0, 0, 0]);
    reader.read(header);
    const part = Buffer.alloc(2 ** 16, 'x');
    for (let i = 0; i < 2 ** 8; i++) reader.read(part);
    reader.read(frame([FrameType.Wamp, 'next']));
    expect(got.map(([type, text]) => [type, text.length])).toEqual([
      [0, 2 ** 24],
      [0, 4],
    ]);
  });

  test('RS-06: the length is written in network order', () => {
    const header = Buffer.alloc(4);
    rawSocketFraming.seal(header, 0, 0x123456);
    expect([...header]).toEqual([0, 0x12, 0x34, 0x56]);
  });

  test.each([
    ['reserved frame type 3', [0x03, 0, 0, 0]],
    ['reserved frame type 7', [0x07, 0, 0, 0]],
    ['reserved bits', [0x10, 0, 0, 0]],
    ['reserved bits', [0x80, 0, 0, 0]],
    ['the extra bit', [0x08, 0, 0, 1]],
  ])('RS-06: %s fails the connection, whole or in pieces', (text, header) => {
    const whole = createReader();
    expect(() => whole.reader.read(Buffer.from(header))).toThrow(text);
    const pieces = createReader();
    expect(() => header.map((octet) => pieces.reader.read(Buffer.from([octet])))).toThrow(RawSocketFault);
    expect([whole.got, pieces.got]).toEqual([[], []]);
  });

  test('RS-05: a frame over the announced limit fails the connection at its header', () => {
    const { reader, got } = createReader(512);
    reader.read(frame([FrameType.Wamp, 'x'.repeat(512)]));
    expect(() => reader.read(Buffer.from([0, 0, 2, 1]))).toThrow(
      'frame of 513 bytes, above the 512 announced here',
    );
    expect(got).toHaveLength(1);
  });
});
