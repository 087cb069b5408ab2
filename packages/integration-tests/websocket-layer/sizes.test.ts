import { describe, expect, test } from 'vitest';
import { type FrameSpec, fragments, last, more, Opcode, ping, text } from './frame.js';
import { outcome, setStage } from './play.js';

const MAX = 70_000;

/** A text of a size that tells where its bytes are. */
function sized(size: number): string {
  return 'abcdefghijklmnopqrstuvwxyz0123456789.'.repeat(Math.ceil(size / 37)).slice(0, size);
}

function chunks(whole: string, size: number): string[] {
  return Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
    whole.slice(i * size, i * size + size),
  );
}

describe.each(['server', 'client', 'web client'] as const)('sizes of WebSocket messages, %s', (end) => {
  const stage = setStage(end, { maxMessageSize: MAX });

  test.each([0, 1, 124, 125, 126, 127, 128, 65_534, 65_535, 65_536, 65_537, MAX - 1, MAX])(
    'BP-TRN-02: %i bytes come and go whole',
    async (size) => {
      const whole = sized(size);
      expect(await stage.play([text(whole), text('after')])).toEqual(outcome({ messages: [whole, 'after'] }));
      const cut = size === 0 ? [''] : chunks(whole, Math.ceil(size / 7));
      expect(await stage.play(fragments(Opcode.Text, cut))).toEqual(outcome({ messages: [whole] }));
    },
  );

  test('BP-TRN-02: 300 bytes, byte by byte', async () => {
    const whole = sized(300);
    expect(await stage.play([text(whole)], { delivery: 'byte by byte' })).toEqual(
      outcome({ messages: [whole] }),
    );
  });

  test.each<[string, FrameSpec[]]>([
    ['2 bytes in 16 bits', [text('ab', { lengthBits: 16 })]],
    ['2 bytes in 64 bits', [text('ab', { lengthBits: 64 })]],
  ])('BP-TRN-01: a length that is not in its shortest form is taken: %s', async (_, frames) => {
    expect(await stage.play(frames)).toEqual(outcome({ messages: ['ab'] }));
  });
});

describe.each(['server', 'client'] as const)('sizes that are refused, %s', (end) => {
  const stage = setStage(end, { maxMessageSize: MAX });
  const tooLarge = outcome({ messages: ['a'], close: 1009 });

  test.each<[string, FrameSpec[]]>([
    ['in one frame', [text(sized(MAX + 1)), text('b')]],
    ['in two fragments', fragments(Opcode.Text, [sized(MAX), '!'])],
    ['in many fragments', fragments(Opcode.Text, chunks(sized(MAX + 1), 999))],
    ['by a fragment that only announces it', [text(sized(MAX), { fin: false }), last('', { announced: 1n })]],
    ['with a ping before it is told', [text(sized(MAX), { fin: false }), ping('p'), more('!')]],
  ])('BP-RPC-09: a byte above the largest message is refused: %s', async (name, frames) => {
    const pongs = name.includes('ping') ? ['p'] : [];
    expect(await stage.play([text('a'), ...frames])).toEqual({ ...tooLarge, pongs });
    expect(stage.last().ends[0]).toMatchObject({
      clean: false,
      message: `connection failed: received a message larger than ${MAX} bytes`,
    });
  });

  test.each([
    BigInt(MAX + 1),
    0x7fff_ffffn,
    0x8000_0000n,
    0xffff_ffffn,
    1n << 32n,
    (1n << 53n) - 1n,
    1n << 53n,
    (1n << 63n) - 1n,
    1n << 63n,
    (1n << 64n) - 1n,
  ])('BP-RPC-09: a frame that announces %s bytes is refused before it comes', async (announced) => {
    const frames = [text('a'), text('', { announced, lengthBits: 64 })];
    expect(await stage.play(frames)).toEqual(tooLarge);
    expect(await stage.play(frames, { delivery: 'byte by byte' })).toEqual(tooLarge);
  });
});

describe.each(['server', 'client'] as const)('the largest bound, %s', (end) => {
  const stage = setStage(end, { maxMessageSize: 2 ** 32 });

  test('BP-RPC-09: a bound above what 32 bits hold is still one', async () => {
    const frames = [text('a'), text('', { announced: 0x8000_0000n, lengthBits: 64 })];
    expect(await stage.play(frames)).toEqual(outcome({ messages: ['a'], close: 1009 }));
  });
});

describe.each(['server', 'client'] as const)('how many fragments there may be, %s', (end) => {
  const stage = setStage(end);

  test('BP-TRN-02: 100,000 fragments of one byte are one message', async () => {
    const whole = sized(100_000);
    expect(await stage.play(fragments(Opcode.Text, [...whole]))).toEqual(outcome({ messages: [whole] }));
  });

  test('BP-TRN-02: fragments that never end are refused, however small', async () => {
    const endless = [text('x', { fin: false }), ...Array<FrameSpec>(140_000).fill(more('x'))];
    expect(await stage.play(endless)).toEqual(outcome({ close: 1008 }));
    expect(stage.last().ends[0]?.message).toContain('Too many message fragments');
  });
});
