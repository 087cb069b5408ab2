import { ConfigError } from '@wampkit/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { saslPrep } from './sasl-prep.js';

describe('SCRAM-08: saslPrep', () => {
  // The first seven are those of RFC 4013 section 3.
  test.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['', ''],
    ['a b', 'a b'],
    ['a\u00a0b\u3000c\u200bd', 'a b c d'],
    ['a\u200d\u2060\ufeffb\ufe0f', 'ab'],
    ['e\u0301', '\u00e9'],
    ['ﬁ', 'fi'],
    ['пароль', 'пароль'],
    ['\u0627\u0031\u0628', '\u0627\u0031\u0628'],
    ['𝒜', 'A'],
    ['密码', '密码'],
  ])('%j becomes %j', (text, prepared) => {
    expect(saslPrep(text)).toBe(prepared);
    expect(saslPrep(text, { stored: true })).toBe(prepared);
  });

  test.each([
    ['a control character', '\u0007'],
    ['a control character of Latin 1', 'a\u0085'],
    ['DEL', 'a\u007f'],
    ['a private character', 'a\ue000'],
    ['a character that is none', 'a\ufffe'],
    ['half of a surrogate pair', 'a\ud800'],
    ['the replacement character', 'a\ufffd'],
    ['an ideographic description', 'a\u2ff0'],
    ['a mark of direction', 'a\u200e'],
    ['a tag', 'a\u{e0041}'],
    ['letters of both directions', '\u0627a\u0628'],
    ['right to left, ending otherwise', '\u0627\u0031'],
    ['right to left, beginning otherwise', '\u0031\u0627'],
  ])('refuses %s, and does not quote it', (_name, text) => {
    const secret = `${text}${text}`;
    expect(() => saslPrep(secret)).toThrow(ConfigError);
    expect(() => saslPrep(secret)).not.toThrow(secret);
  });

  test.each(['pass\u0221word', '🔑', 'a\u20bf'])('%j is refused only where it will be stored', (text) => {
    expect(saslPrep(text)).toBe(text);
    expect(() => saslPrep(text, { stored: true })).toThrow('Unicode 3.2');
  });

  test('prepares once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const prepared = prepare(text);
        fc.pre(prepared !== null);
        expect(prepare(prepared as string)).toBe(prepared);
      }),
    );
  });
});

function prepare(text: string): string | null {
  try {
    return saslPrep(text);
  } catch {
    return null;
  }
}
