import { expect, test } from 'vitest';
import { parseDuration } from './durations.js';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
  ['596h', 2_145_600_000],
  ['0s', 0],
  ['0', 0],
  [0, 0],
  [' 10s ', 10_000],
])('config: duration %j is %d ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

test.each([
  [30, '30 has no unit; write 30s or 30ms'],
  ['30', '30 has no unit; write 30s or 30ms'],
  ['', '"" is no duration; write it as 250ms, 30s, 5m or 1h'],
  ['1.5s', '"1.5s" is no duration; write it as 250ms, 30s, 5m or 1h'],
  ['-1s', '"-1s" is no duration; write it as 250ms, 30s, 5m or 1h'],
  ['1d', '"1d" is no duration; write it as 250ms, 30s, 5m or 1h'],
  ['597h', '597h is too long; at most 596h'],
  ['99999999999999999999h', '99999999999999999999h is too long; at most 596h'],
])('config: duration %j is refused: %s', (text, message) => {
  expect(() => parseDuration(text)).toThrow(new RangeError(message));
});
