import { describe, expect, test } from 'vitest';
import { binary, type FrameSpec, fragments, last, more, Opcode, ping, pong, text } from './frame.js';
import { outcome, setStage } from './play.js';
import type { Delivery, Outcome } from './raw-end.js';

type Row = [name: string, frames: FrameSpec[], expected: Partial<Outcome>];

const delivered = (...messages: string[]): Partial<Outcome> => ({ messages });
const refused = (code: number, ...messages: string[]): Partial<Outcome> => ({ messages, close: code });
const letters = [...'fragment by fragment'];

const fragmentation: Row[] = [
  ['one frame', [text('a')], delivered('a')],
  ['frames behind each other', [text('a'), text('b'), text('c')], delivered('a', 'b', 'c')],
  ['two fragments', fragments(Opcode.Text, ['a', 'b']), delivered('ab')],
  ['a fragment for each letter', fragments(Opcode.Text, letters), delivered(letters.join(''))],
  ['empty fragments', fragments(Opcode.Text, ['', '', 'a', '', 'b', '', '']), delivered('ab')],
  ['nothing but empty fragments', fragments(Opcode.Text, ['', '', '']), delivered('')],
  ['an empty frame', [text('')], delivered('')],
  [
    'fragmented messages behind each other',
    [...fragments(Opcode.Text, ['a', 'b']), ...fragments(Opcode.Text, ['c', 'd']), text('e')],
    delivered('ab', 'cd', 'e'),
  ],
  ['a ping in each gap', fragmentsWithPings(['a', 'b', 'c']), { messages: ['abc'], pongs: ['0', '1'] }],
  [
    'pongs in the gaps',
    [text('a', { fin: false }), pong('x'), more('b'), pong(), last('c')],
    delivered('abc'),
  ],
  ['a continuation that continues nothing', [last('a'), text('b')], refused(1002)],
  ['a continuation that continues nothing and goes on', [more('a'), last('b')], refused(1002)],
  ['a continuation after the last', [...fragments(Opcode.Text, ['a', 'b']), last('c')], refused(1002, 'ab')],
  ['a new message inside one', [text('a', { fin: false }), text('b')], refused(1002)],
  ['a binary message inside one of text', [text('a', { fin: false }), binary('b')], refused(1002)],
  [
    'a new fragmented message inside one',
    [text('a', { fin: false }), text('b', { fin: false })],
    refused(1002),
  ],
];

function fragmentsWithPings(parts: string[]): FrameSpec[] {
  return fragments(Opcode.Text, parts).flatMap((frame, i) => (i === 0 ? [frame] : [ping(`${i - 1}`), frame]));
}

const long = 'p'.repeat(125);

const controlFrames: Row[] = [
  ['a ping without payload', [ping()], { pongs: [''] }],
  ['a ping of 1 byte', [ping('p')], { pongs: ['p'] }],
  ['a ping of 125 bytes', [ping(long)], { pongs: [long] }],
  ['a ping of 126 bytes', [ping(`${long}p`), text('a')], refused(1002)],
  ['a ping with a length of 16 bits', [ping('p', { lengthBits: 16 })], refused(1002)],
  ['a fragmented ping', [ping('p', { fin: false }), last('p')], refused(1002)],
  ['a pong that nobody asked for', [pong('p'), pong(), text('a')], delivered('a')],
  ['a pong of 126 bytes', [pong(`${long}p`)], refused(1002)],
  ['a fragmented pong', [pong('p', { fin: false })], refused(1002)],
  ['sixty pings in one chunk', numberedPings(60), { pongs: numbers(60) }],
  ['a thousand pings in one chunk', numberedPings(1000), { pongs: numbers(1000) }],
];

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i}`);
}

function numberedPings(count: number): FrameSpec[] {
  return numbers(count).map((payload) => ping(payload));
}

const reserved: Row[] = [
  ...[1, 2, 3, 4, 5, 6, 7].map(
    (rsv): Row => [`RSV bits ${rsv} on text`, [text('a'), text('b', { rsv }), text('c')], refused(1002, 'a')],
  ),
  ...[1, 2, 4].flatMap((rsv): Row[] => [
    [`RSV bits ${rsv} on a ping`, [ping('a', { rsv })], refused(1002)],
    [`RSV bits ${rsv} on a pong`, [pong('a', { rsv })], refused(1002)],
    [`RSV bits ${rsv} on a close frame`, [{ opcode: Opcode.Close, rsv }], refused(1002)],
    [`RSV bits ${rsv} on a continuation`, [text('a', { fin: false }), last('b', { rsv })], refused(1002)],
  ]),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].flatMap((opcode): Row[] => [
    [`opcode ${opcode}`, [text('a'), { opcode, payload: 'x' }, text('b')], refused(1002, 'a')],
    [`opcode ${opcode} without payload`, [{ opcode }], refused(1002)],
    [`opcode ${opcode} inside a message`, [text('a', { fin: false }), { opcode }, last('b')], refused(1002)],
  ]),
];

const deliveries: Delivery[] = ['at once', 'frame by frame', 'byte by byte'];

describe.each(['server', 'client'] as const)('WebSocket frames, %s', (end) => {
  const stage = setStage(end);
  const check = async (frames: FrameSpec[], expected: Partial<Outcome>, how: { delivery: Delivery }) => {
    expect(await stage.play(frames, how)).toEqual(outcome(expected));
  };

  describe.each(deliveries)('%s', (delivery) => {
    test.each(fragmentation)('BP-TRN-02: fragmentation: %s', (_, frames, expected) =>
      check(frames, expected, { delivery }),
    );
    test.each(controlFrames.filter(([, frames]) => frames.length < 10 || delivery === 'at once'))(
      'BP-TRN-01: control frames: %s',
      (_, frames, expected) => check(frames, expected, { delivery }),
    );
  });

  test.each(reserved)('BP-TRN-01: reserved: %s', (_, frames, expected) =>
    check(frames, expected, { delivery: 'at once' }),
  );

  const wrong = end === 'client';
  test.each<Row>([
    ['a message', [text('a'), text('b', { masked: wrong }), text('c')], refused(1002, 'a')],
    ['a ping', [ping('a', { masked: wrong })], refused(1002)],
    ['a close frame', [{ opcode: Opcode.Close, masked: wrong }], refused(1002)],
    ['a continuation', [text('a', { fin: false }), last('b', { masked: wrong })], refused(1002)],
  ])(
    `BP-TRN-01: ${wrong ? 'masked' : 'not masked'}, and must ${wrong ? 'not ' : ''}be: %s`,
    (_, frames, expected) => check(frames, expected, { delivery: 'at once' }),
  );

  test('BP-TRN-03: binary messages in any fragments on a binary subprotocol', async () => {
    const frames = [...fragments(Opcode.Binary, ['a', '', 'b']), ping('p'), binary('c')];
    for (const delivery of deliveries) {
      expect(await stage.play(frames, { delivery, subprotocol: 'wamp.2.msgpack' })).toEqual(
        outcome({ messages: ['ab', 'c'], pongs: ['p'] }),
      );
    }
  });

  test.each([
    ['wamp.2.json', binary, text],
    ['wamp.2.msgpack', text, binary],
  ])(
    'BP-TRN-03: the other kind of message on %s is a violation, fragmented too',
    async (subprotocol, wrong, right) => {
      for (const bad of [[wrong('b')], [wrong('b', { fin: false }), last('c')], [wrong('')]]) {
        expect(await stage.play([right('a'), ...bad, right('d')], { subprotocol })).toEqual(
          outcome(refused(1002, 'a')),
        );
        expect(stage.last().violations).toHaveLength(1);
      }
    },
  );
});
