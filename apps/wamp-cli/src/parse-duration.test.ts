import { describe, expect, test } from 'vitest';
import { parseCount } from './parse-count.js';
import { parseDuration } from './parse-duration.js';
import { UsageError } from './usage-error.js';

describe('parseDuration', () => {
  test.each([
    ['250ms', 250],
    ['2s', 2000],
    ['1.5s', 1500],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['3', 3000],
    ['0', 0],
  ])('%s is %i ms', (text, milliseconds) => {
    expect(parseDuration(text, '--for')).toBe(milliseconds);
  });

  test.each(['', 's', '-1s', '1 s', '1d', '1e3', '1s2', 'soon', '600h'])('%j is refused', (text) => {
    expect(() => parseDuration(text, '--for')).toThrow(UsageError);
    expect(() => parseDuration(text, '--for')).toThrow('--for: ');
  });
});

describe('parseCount', () => {
  test('a positive integer', () => expect(parseCount('12', '--count')).toBe(12));
  test.each(['0', '-1', '1.5', '', 'x', '1e3', '99999999999999999999'])('%j is refused', (text) => {
    expect(() => parseCount(text, '--count')).toThrow(
      new UsageError(`--count: ${JSON.stringify(text)} must be a positive integer`),
    );
  });
});
