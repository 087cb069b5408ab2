import { expect, test } from 'vitest';
import { MemoryTrend } from './memory-trend.js';

const MIB = 1024 * 1024;

function trendOf(heaps: readonly number[]): MemoryTrend {
  const trend = new MemoryTrend();
  for (const [at, heap] of heaps.entries()) trend.add(at * 15, { heap: heap * MIB, rss: 90 * MIB });
  return trend;
}

test.each([
  ['warms up, then stays', [5, 9, 12, 12.1, 12, 12.2, 12.1, 12, 12.1], true],
  ['goes up and down', [10, 12, 9, 12, 9, 12, 9, 12, 9], true],
  ['rises all the time', [10, 11, 12, 13, 14, 15, 16, 17, 18], false],
  ['falls', [18, 17, 16, 15, 14, 13, 12, 11, 10], true],
  ['is known at one point', [10], true],
])('BP-SESS-07: a heap that %s', (_, heaps, isFlat) => {
  expect(trendOf(heaps).isFlat()).toBe(isFlat);
});

test('BP-SESS-07: growth is that of the line through the samples', () => {
  expect(trendOf([10, 11, 12, 13, 14, 15, 16, 17, 18]).growth('heap')).toBeCloseTo(5 * MIB, 0);
  expect(trendOf([10, 11, 12]).describe()).toMatch(/^flat: heap 1\.00 MiB .*rss 0\.00 MiB/);
});
