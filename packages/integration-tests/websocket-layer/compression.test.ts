import { constants, deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type FrameSpec, fragments, last, Opcode, ping, pong, text } from './frame.js';
import { outcome, setStage } from './play.js';
import { openWorld } from './world.js';

const RSV1 = 4;
const MAX = 70_000;
const large = 'wamp '.repeat(1000);

/** A message as RFC 7692, 7.2.1 has it. */
function deflate(message: string, dictionary?: string): Buffer {
  const options = {
    finishFlush: constants.Z_SYNC_FLUSH,
    ...(dictionary && { dictionary: Buffer.from(dictionary) }),
  };
  return deflateRawSync(message, options).subarray(0, -4);
}

function compressed(message: string): FrameSpec {
  return text(deflate(message), { rsv: RSV1 });
}

/** A compressed message in fragments of `size`, of which the first says so. */
function compressedFragments(message: string, size: number): FrameSpec[] {
  const bytes = deflate(message);
  const parts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, i * size + size),
  );
  return fragments(Opcode.Text, parts).map((frame, i) => (i === 0 ? { ...frame, rsv: RSV1 } : frame));
}

const OFF = 'server_no_context_takeover; client_no_context_takeover';
const agreed = { server: 'permessage-deflate', client: `permessage-deflate; ${OFF}` };

describe.each(['server', 'client'] as const)('permessage-deflate, %s', (end) => {
  const stage = setStage(end, { compression: true, maxMessageSize: MAX, extensions: agreed[end] });

  test.each<[string, FrameSpec[], string[]]>([
    ['compressed', [compressed('a')], ['a']],
    ['not compressed', [text('a'), compressed('b'), text('c')], ['a', 'b', 'c']],
    ['empty', [compressed(''), text('')], ['', '']],
    ['one zero byte', [text(Buffer.from([0]), { rsv: RSV1 })], ['']],
    ['large enough to be compressed on the way back', [compressed(large)], [large]],
    ['in fragments', compressedFragments(large, 3), [large]],
    ['of many blocks', [compressed('0'.repeat(MAX))], ['0'.repeat(MAX)]],
    ['one after the other', [compressed(large), compressed(large)], [large, large]],
    [
      'with empty fragments',
      [
        ...compressedFragments('a', 1).slice(0, -1),
        last('', { fin: false }),
        last(deflate('a').subarray(-1)),
      ],
      ['a'],
    ],
  ])('BP-TRN-02: messages %s', async (_, frames, messages) => {
    expect(await stage.play(frames)).toEqual(outcome({ messages }));
    expect(await stage.play(frames, { delivery: 'frame by frame' })).toEqual(outcome({ messages }));
  });

  test('BP-TRN-02: control frames among compressed fragments are answered', async () => {
    const [first, second, ...rest] = compressedFragments('control', 2) as [
      FrameSpec,
      FrameSpec,
      ...FrameSpec[],
    ];
    expect(await stage.play([first, ping('1'), second, pong(), ping('2'), ...rest])).toEqual(
      outcome({ messages: ['control'], pongs: ['1', '2'] }),
    );
  });

  test.each<[string, FrameSpec[], number]>([
    ['a ping that says it is compressed', [ping(deflate('a'), { rsv: RSV1 })], 1002],
    ['a continuation that says it', [text('a', { fin: false }), last('b', { rsv: RSV1 })], 1002],
    ['RSV2', [text(deflate('a'), { rsv: RSV1 | 2 })], 1002],
    ['what does not inflate', [text('\xff\xff\xff\xff', { rsv: RSV1 })], 1007],
    [
      'what refers to an earlier message',
      [compressed(large), text(deflate(large, large), { rsv: RSV1 })],
      1007,
    ],
    ['text that is no UTF-8 once inflated', [text(deflateLatin1('\xff'), { rsv: RSV1 })], 1007],
    ['a byte above the largest message', [compressed('0'.repeat(MAX + 1))], 1009],
    ['a bomb', [compressed('0'.repeat(50_000_000))], 1009],
    ['a bomb in fragments', compressedFragments('0'.repeat(50_000_000), 1000), 1009],
  ])('BP-RPC-09: %s is refused', async (_, frames, close) => {
    const result = await stage.play([text('before'), ...frames, text('after')]);
    expect(result.close).toBe(close);
    expect(result.messages).not.toContain('after');
    expect(result.messages[0]).toBe('before');
  });
});

function deflateLatin1(message: string): Buffer {
  return deflateRawSync(Buffer.from(message, 'latin1'), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(
    0,
    -4,
  );
}

describe('the agreement on permessage-deflate', () => {
  test.each<[offer: string, accepted: RegExp | null]>([
    ['permessage-deflate', /permessage-deflate/],
    ['permessage-deflate; client_max_window_bits', /permessage-deflate/],
    ['permessage-deflate; server_max_window_bits=10', /server_max_window_bits=10/],
    ['x-webkit-deflate-frame, permessage-deflate', /permessage-deflate/],
    ['x-webkit-deflate-frame', null],
  ])('BP-TRN-02: the offer %s', async (extensions, accepted) => {
    await using world = await openWorld('server', { compression: true, extensions });
    const { head } = await world.open();
    const line = /^sec-websocket-extensions: (.*)\r$/im.exec(head)?.[1];
    if (accepted === null) expect(line).toBeUndefined();
    else expect(line).toMatch(accepted);
    if (accepted !== null) expect(line).toContain('server_no_context_takeover');
  });

  test('BP-TRN-02: a client offers it when asked to, and goes on without it', async () => {
    await using world = await openWorld('client', { compression: true });
    const { head, raw } = await world.open();
    expect(head).toMatch(/^sec-websocket-extensions: permessage-deflate/im);
    expect(await raw.outcome(text('plain'))).toEqual(outcome({}));
  });
});
