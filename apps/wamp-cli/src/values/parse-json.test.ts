import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatJson } from './format-json.js';
import { JsonError, parseJson } from './parse-json.js';

describe('parseJson', () => {
  test('reads whatever JSON.stringify writes, as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false }),
        fc.constantFrom(undefined, 1, '\t\r\n '),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          fc.pre(!/\d{16}/.test(text)); // where exactness differs on purpose
          expect(parseJson(` ${text}\n`)).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  test('takes and refuses the same texts as JSON.parse', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '\\',
      '1',
      '-',
      '0',
      '.5',
      'e3',
      'true',
      ' ',
      'nul',
      'null',
      '\n',
      '\u0001',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 9 }), (list) => {
        const text = list.join('');
        expect(outcome(parseJson, text)).toEqual(outcome(JSON.parse, text));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 2 ** 53],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
    ['[123456789012345678901234567890]', [123456789012345678901234567890n]],
    ['1e20', 1e20],
    ['0.5', 0.5],
    ['-0', -0],
    ['{"$bytes":"AQID"}', new Uint8Array([1, 2, 3])],
    ['{"a":[{"$bytes":""}]}', { a: [new Uint8Array()] }],
    ['{"$float":"-Infinity"}', Number.NEGATIVE_INFINITY],
    ['{"$bytes":"AQID","more":1}', { $bytes: 'AQID', more: 1 }],
    ['{"a":1,"a":2}', { a: 2 }],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  test('a key __proto__ is a key', () => {
    const value = parseJson('{"__proto__":{"x":1}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value.x).toBeUndefined();
  });

  test.each([
    ['', 'expected a value at column 1, found the end'],
    ['{"a" 1}', 'expected ":" at column 6, found "1"'],
    ['[1,\n2,\n]', 'expected a value at line 3, column 1, found "]"'],
    ['{a:1}', 'expected a key in double quotes at column 2, found "a"'],
    ['"abc', 'expected a closing double quote at column 5, found the end'],
    ['1 2', 'expected nothing more at column 3, found "2"'],
    ['{"$bytes":"?"}', 'expected base64 in "$bytes" at column 14, found "}"'],
    ['{"$float":"big"}', 'expected NaN, Infinity or -Infinity in "$float" at column 16, found "}"'],
    ['"\\x"', 'expected a string with valid escapes and no bare control characters at column 1, found "\\""'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => parseJson(text)).toThrow(new JsonError(message));
  });

  test('nesting deeper than 500 levels is refused, not a crash', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow('500 levels');
    expect(() => parseJson(`${'['.repeat(500)}${']'.repeat(500)}`)).not.toThrow();
  });
});

describe('formatJson', () => {
  test('parseJson reads back every value it writes', () => {
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: 'binary' }),
        fc
          .double({ noNaN: true })
          .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number)),
        fc.bigInt({ min: 2n ** 53n + 1n, max: 2n ** 70n }),
        fc.bigInt({ min: -(2n ** 64n), max: -(2n ** 53n) - 1n }),
        fc.boolean(),
        fc.constant(null),
        fc.uint8Array(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(!isSpecial(value));
        expect(parseJson(formatJson(value))).toEqual(value);
      }),
    );
  });

  test.each([
    ['{"$bytes":"/wA="}', new Uint8Array([255, 0])],
    ['{"$float":"NaN"}', Number.NaN],
    ['18446744073709551616', 2n ** 64n],
    ['{"b":[null]}', { a: undefined, b: [undefined] }],
    ['{"1":"x"}', new Map([[1, 'x']])],
    ['"1970-01-01T00:00:00.000Z"', new Date(0)],
    ['"\\u009b31m\\u007f\\u202e"', '\u009b31m\u007f\u202e'],
    ['"é\\u0000\\ud800"', 'é\u0000\ud800'],
  ])('a value is written as %s', (text, value) => {
    expect(formatJson(value)).toBe(text);
  });
});

function outcome(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch {
    return 'refused';
  }
}

function isSpecial(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  const keys = Object.keys(value);
  return (
    keys.some((key) => key.startsWith('$') || key === '__proto__') || Object.values(value).some(isSpecial)
  );
}
