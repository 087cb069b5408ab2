import { describe, expect, test } from 'vitest';
import { bareClose, close, type FrameSpec, fragments, Opcode, ping, text } from './frame.js';
import { outcome, setStage } from './play.js';

/** Codes that may be sent: RFC 6455, 7.4, and those that IANA has registered since. */
const valid = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
const invalid = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

const longest = 'r'.repeat(123);

describe.each(['server', 'client'] as const)('the close of a WebSocket, %s', (end) => {
  const stage = setStage(end);

  test.each(valid)('BP-TRN-01: code %i is answered with itself and told', async (code) => {
    expect(await stage.play([text('a'), close(code, 'gone ß')])).toEqual(
      outcome({ messages: ['a'], close: code }),
    );
    expect(stage.last().ends).toEqual([
      { clean: true, message: `closed by the other end with code ${code}: gone ß` },
    ]);
  });

  test.each(invalid)('BP-TRN-01: code %i is refused', async (code) => {
    expect(await stage.play([text('a'), close(code, 'gone')])).toEqual(
      outcome({ messages: ['a'], close: 1002 }),
    );
    expect(stage.last().ends[0]).toMatchObject({
      clean: false,
      message: `connection failed: Invalid WebSocket frame: invalid status code ${code}`,
    });
  });

  test.each<[string, FrameSpec[], number]>([
    ['without payload', [bareClose()], 1005],
    ['with a payload of 1 byte', [bareClose('a')], 1002],
    ['with a code alone', [close(1000)], 1000],
    ['with the longest reason', [close(1000, longest)], 1000],
    ['with a reason that is too long', [close(1000, `${longest}r`)], 1002],
    ['that is fragmented', [{ ...close(1000), fin: false }], 1002],
    ['inside a message', [text('b', { fin: false }), close(1000)], 1000],
    ['before a ping', [close(1000), ping('p')], 1000],
    ['before a message', [close(1000), text('b')], 1000],
    ['before a message in fragments', [close(1000), ...fragments(Opcode.Text, ['b', 'c'])], 1000],
    ['before what is no frame', [close(1000), { opcode: 15, rsv: 7 }], 1000],
    ['twice', [close(1000), close(1001)], 1000],
    ['after a violation', [{ opcode: 3 }, close(1000)], 1002],
  ])(
    'BP-TRN-01: a close frame %s: one close frame comes back, nothing after it counts',
    async (_, frames, code) => {
      for (const delivery of ['at once', 'byte by byte'] as const) {
        expect(await stage.play([text('a'), ...frames], { delivery })).toEqual(
          outcome({ messages: ['a'], close: code }),
        );
        const { raw, ends } = stage.last();
        expect(raw.frames.filter(({ opcode }) => opcode === Opcode.Close)).toHaveLength(1);
        expect(ends).toHaveLength(1);
      }
    },
  );

  test('BP-TRN-01: closing here sends what was queued, then a close frame with the reason, then ends', async () => {
    const { raw, peer, ends } = await stage.open();
    peer.onMessage = (message) => {
      peer.send(message);
      peer.close('wamp.close.normal');
      peer.send(message);
      peer.close('again');
    };
    raw.send([text('a'), text('b')]);
    await raw.ended;
    expect(raw.messages()).toEqual(['a']);
    expect(raw.frames.map(({ opcode }) => opcode)).toEqual([Opcode.Text, Opcode.Close]);
    expect(raw.closeCode()).toBe(1000);
    expect(raw.frames[1]?.payload.subarray(2).toString()).toBe('wamp.close.normal');
    await expect.poll(() => ends).toEqual([{ clean: true, message: 'closed here: wamp.close.normal' }]);
  });

  test('BP-TRN-01: what comes between the close frame here and the answer is not delivered', async () => {
    const { raw, peer, ends } = await stage.open();
    const delivered: unknown[] = [];
    raw.answersClose = false;
    peer.onMessage = (message) => delivered.push(message);
    peer.close('enough');
    await expect.poll(() => raw.frames.map(({ opcode }) => opcode)).toEqual([Opcode.Close]);
    if (end === 'server') {
      raw.send([text('late'), ping('late'), ...fragments(Opcode.Text, ['l', 'ate']), close(1000)]);
      await raw.ended;
      await expect.poll(() => ends).toEqual([{ clean: true, message: 'closed here: enough' }]);
    } else {
      raw.socket.destroy();
      await expect.poll(() => ends, { interval: 2 }).toHaveLength(1);
    }
    expect(delivered).toEqual([]);
    expect(raw.frames).toHaveLength(1);
  });

  test('BP-TRN-01: a close frame from each end at the same time ends the connection in order', async () => {
    const { raw, peer, ends } = await stage.open();
    raw.send([close(1001, 'theirs')]);
    peer.close('ours');
    await raw.ended;
    expect(raw.closeCode()).toBe(1000);
    await expect.poll(() => ends).toEqual([{ clean: true, message: 'closed here: ours' }]);
  });

  test.each<[string, FrameSpec[]]>([
    ['between frames', [text('a')]],
    ['inside a message', [text('a'), text('b', { fin: false })]],
    ['inside a frame', [text('a'), text('b', { announced: 100n })]],
  ])('BP-TRN-01: the end of the stream %s without a close frame is told as lost', async (_, frames) => {
    const { raw, ends } = await stage.open();
    raw.send(frames);
    await expect.poll(() => raw.messages()).toEqual(['a']);
    raw.socket.end();
    await expect.poll(() => ends, { interval: 2 }).toHaveLength(1);
    expect(ends[0]).toEqual({
      clean: false,
      message: 'connection lost: code 1006',
    });
  });
});
