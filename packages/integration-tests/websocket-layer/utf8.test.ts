import { jsonSerializer } from '@wampkit/serializer';
import { describe, expect, test } from 'vitest';
import { close, fragments, Opcode, ping, text } from './frame.js';
import { outcome, setStage } from './play.js';

/** Characters of 1 to 4 bytes, among them the first and last of each length and those beside the surrogates. */
const characters = 'a\u007f\u0080ß\u07ff\u0800€\ud7ff\ue000\uffff\u{10000}😀\u{10ffff}';
const bytes = Buffer.from(characters);

/** Byte sequences that are no UTF-8. */
const invalid: [name: string, sequence: number[]][] = [
  ['a continuation byte alone', [0x80]],
  ['continuation bytes alone', [0xbf, 0x80, 0xbf]],
  ['the first of two bytes alone', [0xc3]],
  ['the first two of three bytes', [0xe2, 0x82]],
  ['the first three of four bytes', [0xf0, 0x9f, 0x98]],
  ['a lead byte after a lead byte', [0xc3, 0xc3, 0xa4]],
  ['one continuation byte too many', [0xc3, 0xa4, 0xa4]],
  ['U+0000 in two bytes', [0xc0, 0x80]],
  ['U+007F in two bytes', [0xc1, 0xbf]],
  ['U+07FF in three bytes', [0xe0, 0x9f, 0xbf]],
  ['U+FFFF in four bytes', [0xf0, 0x8f, 0xbf, 0xbf]],
  ['the surrogate U+D800', [0xed, 0xa0, 0x80]],
  ['the surrogate U+DFFF', [0xed, 0xbf, 0xbf]],
  ['a pair of surrogates', [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80]],
  ['U+110000', [0xf4, 0x90, 0x80, 0x80]],
  ['five bytes', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['six bytes', [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]],
  ['FE', [0xfe]],
  ['FF', [0xff]],
];

describe.each(['server', 'client'] as const)('UTF-8 over WebSocket, %s', (end) => {
  const stage = setStage(end);

  test('BP-TRN-02: a character may be cut anywhere by fragments', async () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const [first, second] = fragments(Opcode.Text, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(await stage.play([first!, ping('p'), second!])).toEqual(
        outcome({ messages: [characters], pongs: ['p'] }),
      );
    }
  });

  test('BP-TRN-02: a fragment for each byte, byte by byte', async () => {
    const each = fragments(
      Opcode.Text,
      [...bytes].map((byte) => Buffer.from([byte])),
    );
    expect(await stage.play(each, { delivery: 'byte by byte' })).toEqual(outcome({ messages: [characters] }));
  });

  test.each(invalid)('BP-TRN-03: text with %s is a violation, closed with 1007', async (_, sequence) => {
    const wrong = Buffer.concat([Buffer.from('a'), Buffer.from(sequence), Buffer.from('b')]);
    const cut = wrong.length >> 1;
    const forms = [
      [text(wrong)],
      fragments(Opcode.Text, [wrong.subarray(0, cut), wrong.subarray(cut)]),
      [text(wrong.subarray(0, -1))],
    ];
    for (const frames of forms) {
      expect(await stage.play([text('a'), ...frames, text('c')])).toEqual(
        outcome({ messages: ['a'], close: 1007 }),
      );
      expect(stage.last().violations).toHaveLength(1);
    }
  });

  test.each(invalid)(
    'BP-TRN-01: a close frame whose reason has %s is answered with 1007',
    async (_, sequence) => {
      const reason = Buffer.concat([Buffer.from('a'), Buffer.from(sequence)]);
      expect(await stage.play([text('a'), close(1000, reason)])).toEqual(
        outcome({ messages: ['a'], close: 1007 }),
      );
      expect(stage.last().ends[0]).toMatchObject({ clean: false, message: expect.stringContaining('UTF-8') });
    },
  );
});

describe.each(['server', 'client'] as const)('UTF-8 in JSON over WebSocket, %s', (end) => {
  const stage = setStage(end, { serializers: [jsonSerializer] });
  const publish = (argument: Uint8Array | string): Buffer =>
    Buffer.concat([
      Buffer.from('[16,1,{},"com.example.topic",["'),
      Buffer.from(argument as string),
      Buffer.from('"]]'),
    ]);

  test('BP-TRN-02: a message cut at each byte by fragments comes whole', async () => {
    const whole = publish(characters.slice(1).replace('\u007f', ''));
    const probe = publish('probe').toString();
    for (let cut = 1; cut < whole.length; cut++) {
      const { raw } = await stage.open();
      raw.send(fragments(Opcode.Text, [whole.subarray(0, cut), whole.subarray(cut)]));
      expect(await raw.outcome(text(probe))).toEqual(outcome({ messages: [whole.toString()] }));
      raw.socket.destroy();
    }
  });

  test.each(invalid)(
    'BP-TRN-03: an argument with %s is a violation, closed with 1007',
    async (_, sequence) => {
      const { raw, violations } = await stage.open();
      const good = publish('good');
      raw.send([text(good), text(publish(Buffer.from(sequence))), text(good)]);
      expect(await raw.outcome(text(publish('probe')))).toEqual(
        outcome({ messages: [good.toString()], close: 1007 }),
      );
      expect(violations).toHaveLength(1);
    },
  );

  test('BP-PERR-05: what is UTF-8 and no WAMP message is closed with 1002', async () => {
    for (const wrong of ['', '[]', '{}', '[999]', '[16,1,{},"a"', '[16,1,{},"a"]]', '"ß"']) {
      const { raw, violations } = await stage.open();
      raw.send([text(wrong)]);
      expect(await raw.outcome(text(publish('probe')))).toEqual(outcome({ close: 1002 }));
      expect(violations).toHaveLength(1);
    }
  });
});
