import { describe, expect, test } from 'vitest';
import { EventBuffer } from './event-buffer.js';

describe('EventBuffer', () => {
  test('gives items in order, to those who wait first', async () => {
    const buffer = new EventBuffer<number>(10, 'drop-oldest');
    const first = buffer.next();
    const second = buffer.next();
    for (const item of [1, 2, 3]) buffer.push(item);
    expect(await Promise.all([first, second, buffer.next()])).toEqual(
      [1, 2, 3].map((value) => ({ done: false, value })),
    );
  });

  test.each([
    ['drop-oldest', [3, 4], 2],
    ['drop-newest', [1, 2], 2],
  ] as const)('%s keeps %j and counts', async (overflow, kept, dropped) => {
    const buffer = new EventBuffer<number>(2, overflow);
    for (const item of [1, 2, 3, 4]) expect(buffer.push(item)).toBeNull();
    expect([buffer.size, buffer.dropped]).toEqual([2, dropped]);
    expect([(await buffer.next()).value, (await buffer.next()).value]).toEqual(kept);
  });

  test('error ends it: what is held comes first, then the error, to everybody', async () => {
    const buffer = new EventBuffer<number>(1, 'error');
    buffer.push(1);
    const error = buffer.push(2);
    expect(error?.message).toBe('more than 1 items wait for the iterator');
    expect((await buffer.next()).value).toBe(1);
    await expect(buffer.next()).rejects.toBe(error);
    await expect(buffer.next()).rejects.toBe(error);
  });

  test('end wakes those who wait, and takes nothing more', async () => {
    const buffer = new EventBuffer<number>(1, 'error');
    const waiting = buffer.next();
    buffer.end();
    buffer.end(new Error('later'));
    buffer.push(1);
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await buffer.next()).toEqual({ done: true, value: undefined });
  });
});
