import { expect, test } from 'vitest';
import { receiveOptions } from './receive-options.js';

const MIB = 1024 * 1024;

test.each([
  [64 * 1024, { maxPayload: 64 * 1024, maxFragments: 131_072, maxBufferedChunks: 16_384 }],
  [16 * MIB, { maxPayload: 16 * MIB, maxFragments: 131_072, maxBufferedChunks: 16_384 }],
  [1024 * MIB, { maxPayload: 1024 * MIB, maxFragments: 8_388_608, maxBufferedChunks: 1_048_576 }],
])('BP-TRN-02: messages of up to %i bytes may come in so many parts', (size, expected) => {
  expect(receiveOptions(size)).toMatchObject(expected);
});

test.each([2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 53])(
  'BP-RPC-09: a bound of %i bytes stays a bound',
  (size) => {
    const { maxPayload, maxFragments, maxBufferedChunks } = receiveOptions(size);
    for (const bound of [maxPayload, maxFragments, maxBufferedChunks]) expect(bound | 0).toBe(bound);
    expect(maxPayload).toBe(2 ** 31 - 1);
  },
);
