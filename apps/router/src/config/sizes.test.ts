import { expect, test } from 'vitest';
import { parseSize } from './sizes.js';

test.each([
  ['512', 512],
  [512, 512],
  ['512B', 512],
  ['64KiB', 65_536],
  ['1MiB', 1_048_576],
  ['2GiB', 2_147_483_648],
  ['0', 0],
])('config: size %j is %d bytes', (text, expected) => {
  expect(parseSize(text)).toBe(expected);
});

test.each([
  ['64KB', '"64KB" is no size; did you mean 64KiB?'],
  ['64k', '"64k" is no size; did you mean 64KiB?'],
  ['16 MB', '"16 MB" is no size; did you mean 16MiB?'],
  ['1gib', '"1gib" is no size; did you mean 1GiB?'],
  ['big', '"big" is no size; write it as 64KiB, 1MiB or a number of bytes'],
  [-1, '"-1" is no size; write it as 64KiB, 1MiB or a number of bytes'],
  ['9007199254740993', '9007199254740993 is too large'],
])('config: size %j is refused: %s', (text, message) => {
  expect(() => parseSize(text)).toThrow(new RangeError(message));
});
