import { describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { parseForcedJson, parseValue, readValue } from './parse-value.js';

const bytes = (...list: number[]) => new Uint8Array(list);

describe('parseValue', () => {
  test.each([
    ['1', 1],
    ['-5', -5],
    ['1.5e3', 1500],
    ['true', true],
    ['null', null],
    ['"x"', 'x'],
    ['"5"', '5'],
    ['[1,"a"]', [1, 'a']],
    ['{"a":{"b":null}}', { a: { b: null } }],
    ['hello', 'hello'],
    ['', ''],
    ['True', 'True'],
    ['01', '01'],
    ['1 2', '1 2'],
    ['[1,', '[1,'],
    ["'x'", "'x'"],
    ['NaN', 'NaN'],
    ['http://x.example/?a=b', 'http://x.example/?a=b'],
    ['12345678901234567890', 12345678901234567890n],
    ['0x', bytes()],
    ['0x0aFF', bytes(10, 255)],
    ['0xzz', '0xzz'],
    ['"0x0a"', '0x0a'],
    ['{"$bytes":"AQI="}', bytes(1, 2)],
  ])('auto: %s', (text, value) => {
    expect(parseValue(text, 'auto', 'argument 1')).toStrictEqual(value);
  });

  test.each(['1', 'null', '"x"', '0x0a', ''])('string: %s stays as it is', (text) => {
    expect(parseValue(text, 'string', 'argument 1')).toBe(text);
  });

  test('base64', () => {
    expect(parseValue('AQI=', 'base64', 'argument 1')).toStrictEqual(bytes(1, 2));
    expect(() => parseValue('AQI', 'base64', 'argument 2')).toThrow(
      new UsageError('argument 2: "AQI" is not base64'),
    );
  });

  test('an odd number of hex digits says how to send the text', () => {
    expect(() => parseValue('0x123', 'auto', 'argument 1')).toThrow(`for a string write '"0x123"'`);
  });
});

test('parseForcedJson names the place and the fault', () => {
  expect(parseForcedJson('[1]', 'keyword argument k')).toEqual([1]);
  expect(() => parseForcedJson('[1', 'keyword argument k')).toThrow(
    new UsageError('keyword argument k: not valid JSON: expected "," or "]" at column 3, found the end'),
  );
});

test('readValue warns of a string that was probably meant as JSON', () => {
  const warnings: string[] = [];
  const context = { place: 'argument 1', warn: (text: string) => void warnings.push(text) };
  expect(readValue('{a: 1}', 'auto', context)).toBe('{a: 1}');
  expect(readValue('[x', 'auto', context)).toBe('[x');
  expect(readValue('{a: 1}', 'string', context)).toBe('{a: 1}');
  expect(warnings).toEqual(['argument 1 looks like JSON and is not: sent as a string']);
});
