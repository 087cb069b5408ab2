import { expect, test } from 'vitest';
import { Backoff } from './backoff.js';

const delays = (backoff: Backoff, count: number) => Array.from({ length: count }, () => backoff.next());

test('waits grow by the factor up to the longest', () => {
  const backoff = new Backoff({ initialDelay: 100, factor: 3, maxDelay: 1_000, jitter: 'none' }, () => 0);
  expect(delays(backoff, 5)).toEqual([100, 300, 900, 1_000, 1_000]);
  backoff.reset();
  expect(backoff.next()).toBe(100);
});

test('full jitter takes any part of the wait, from none to nearly all', () => {
  const parts = [0, 0.5, 0.999, 0.25];
  const backoff = new Backoff({ initialDelay: 1_000, maxDelay: 30_000 }, () => parts.shift() as number);
  expect(delays(backoff, 4)).toEqual([0, 1_000, 3_996, 2_000]);
});

test('by default 200 ms, doubled up to 30 s', () => {
  const backoff = new Backoff({ jitter: 'none' }, () => 0);
  expect(delays(backoff, 9)).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000]);
});
