import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as web from './bytes.js';
import * as node from './bytes.node.js';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const nearUtf8 = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc.tuple(anyText, fc.nat(), fc.integer({ min: 0x80, max: 0xff })).map(([text, at, byte]) => {
    const bytes = new Uint8Array(Buffer.from(`${text}a`));
    bytes[at % bytes.length] = byte;
    return bytes;
  }),
);
const plain = (bytes: Uint8Array) => [...bytes];

describe('bytes.ts and bytes.node.ts agree', () => {
  test('isUtf8', () => {
    fc.assert(
      fc.property(nearUtf8, fc.nat(3), (bytes, start) => {
        const from = Math.min(start, bytes.length);
        expect(web.isUtf8(bytes, from, bytes.length)).toBe(node.isUtf8(bytes, from, bytes.length));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['a plain text', [0x61], true],
    ['a byte order mark', [0xef, 0xbb, 0xbf], true],
    ['an overlong form', [0xc0, 0x80], false],
    ['a surrogate', [0xed, 0xa0, 0x80], false],
    ['beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80], false],
    ['a cut sequence', [0xe2, 0x82], false],
    ['nothing', [], true],
  ])('isUtf8 of %s', (_, bytes, expected) => {
    const range = new Uint8Array([0xff, ...bytes, 0xff]);
    for (const { isUtf8 } of [web, node]) expect(isUtf8(range, 1, 1 + bytes.length)).toBe(expected);
  });

  test('readUtf8, readAscii, writeAscii: of any text, byte order marks kept', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const bytes = new Uint8Array([0xff, ...Buffer.from(`\ufeff${text}`), 0xff]);
        const expected = Buffer.from(`\ufeff${text}`).toString();
        for (const { readUtf8 } of [web, node]) expect(readUtf8(bytes, 1, bytes.length - 1)).toBe(expected);
      }),
    );
    for (const { readAscii, writeAscii } of [web, node]) {
      const bytes = Buffer.from('x......y');
      expect(writeAscii(bytes, 1, 'com.a~')).toBe(7);
      expect(bytes.toString()).toBe('xcom.a~y');
      expect(readAscii(bytes, 1, 7)).toBe('com.a~');
    }
  });

  test('utf8Length, writeUtf8, encodeUtf8: of any text, lone surrogates included', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const expected = plain(Buffer.from(text));
        for (const { encodeUtf8, utf8Length, writeUtf8 } of [web, node]) {
          expect(plain(encodeUtf8(text))).toEqual(expected);
          expect(utf8Length(text)).toBe(expected.length);
          const target = new Uint8Array(expected.length + 2);
          expect(writeUtf8(target, 1, text)).toBe(expected.length + 1);
          expect(plain(target)).toEqual([0, ...expected, 0]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('JBIN-01: encodeBase64 and decodeBase64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        const view = new Uint8Array([9, ...bytes, 9]).subarray(1, bytes.length + 1);
        for (const { encodeBase64, decodeBase64 } of [web, node]) {
          expect(encodeBase64(view)).toBe(text);
          const decoded = decodeBase64(text);
          expect(decoded.constructor).toBe(Uint8Array);
          expect(plain(decoded)).toEqual(plain(bytes));
        }
      }),
    );
    const long = new Uint8Array(100_000).map((_, n) => n);
    expect(web.encodeBase64(long)).toBe(node.encodeBase64(long));
  });
});
