import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isId, MAX_ID, RandomIds, SequentialIds } from './id.js';

describe('isId', () => {
  test.each([1, 2, 2 ** 32, Number.MAX_SAFE_INTEGER, MAX_ID])('BP-ID-01: %s is an id', (value) => {
    expect(isId(value)).toBe(true);
  });

  test.each([
    0,
    -1,
    0.5,
    1.5,
    2 ** 53 + 2,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    '1',
    1n,
    null,
    undefined,
    true,
  ])('BP-ID-01: %s is no id', (value) => {
    expect(isId(value)).toBe(false);
  });
});

describe('RandomIds', () => {
  test('BP-ID-02: ids are in range, differ, and use the whole range', () => {
    const ids = new RandomIds();
    const drawn = Array.from({ length: 20_000 }, () => ids.next());
    expect(drawn.every(isId)).toBe(true);
    expect(new Set(drawn).size).toBe(drawn.length);
    // Eight equal parts of the range: each holds an eighth, give or take far more than chance allows.
    const parts = new Array(8).fill(0);
    for (const id of drawn) parts[Math.floor((id - 1) / 2 ** 50)] += 1;
    for (const part of parts) expect(Math.abs(part - 2500)).toBeLessThan(500);
    expect(drawn.some((id) => id % 2 === 0) && drawn.some((id) => id % 2 === 1)).toBe(true);
  });
});

describe('SequentialIds', () => {
  test('BP-ID-04: ids start at 1, go up by one, and wrap from 2^53 to 1', () => {
    const ids = new SequentialIds();
    expect([ids.last, ids.next(), ids.next(), ids.last]).toEqual([0, 1, 2, 2]);
    const late = new SequentialIds(MAX_ID - 1);
    expect([late.next(), late.next(), late.next()]).toEqual([MAX_ID, 1, 2]);
  });

  test('BP-ID-04: any run of ids is consecutive', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (start) => {
        const ids = new SequentialIds(start);
        return ids.next() === start + 1 && ids.next() === start + 2;
      }),
    );
  });
});
