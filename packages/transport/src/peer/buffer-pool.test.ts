import { expect, test } from 'vitest';
import { limits } from '../limits.js';
import { BufferPool } from './buffer-pool.js';

test('BP-TRN-01: a buffer that was given back is used again for what fits into it, and by one at a time', () => {
  const pool = new BufferPool();
  const first = pool.take(70_000);
  expect(first.length).toBeGreaterThanOrEqual(70_000);
  pool.give(first);
  expect(pool.take(first.length + 1)).not.toBe(first);
  expect(pool.take(90_000)).toBe(first);
  expect(pool.take(90_000)).not.toBe(first);
});

test('BP-TRN-01: buffers of any size have room for what was asked for', () => {
  const pool = new BufferPool();
  for (const size of [1, 32_767, 32_768, 32_769, 65_536, 1_048_576, 1_048_577, 5_000_000])
    expect(pool.take(size).length).toBeGreaterThanOrEqual(size);
});

test('BP-TRN-01: the pool keeps no more than its bound, and nothing that it did not make', () => {
  const pool = new BufferPool();
  const size = 1024 * 1024;
  const given = Array.from({ length: limits.pooledBytes / size + 1 }, () => pool.take(size));
  for (const buffer of given) pool.give(buffer);
  const kept = given.map(() => pool.take(size)).filter((buffer) => given.includes(buffer));
  expect(kept.length).toBe(limits.pooledBytes / size);
  const strange = Buffer.alloc(40_000);
  pool.give(strange);
  expect(pool.take(40_000)).not.toBe(strange);
});
