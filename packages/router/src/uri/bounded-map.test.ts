import { expect, test } from 'vitest';
import { BoundedMap } from './bounded-map.js';

test('keeps what is asked for, forgets the rest, and holds at most two generations', () => {
  const map = new BoundedMap<number>(10, 8);
  for (let key = 0; key < 1000; key++) {
    map.set(`${key}`, key);
    expect(map.get('0')).toBe(0);
  }
  const held = Array.from({ length: 1000 }, (_, key) => key).filter((key) => map.get(`${key}`) !== undefined);
  expect(held.length).toBeLessThanOrEqual(20);
  expect(map.get('999')).toBe(999);
});

test('does not hold a key that is longer than its bound', () => {
  const map = new BoundedMap<number>(10, 8);
  map.set('123456789', 1);
  map.set('12345678', 2);
  expect([map.get('123456789'), map.get('12345678')]).toEqual([undefined, 2]);
});

test('gives the last value of a key also when an older one is in the old generation', () => {
  const map = new BoundedMap<number>(2, 8);
  for (const [key, value] of [
    ['a', 1],
    ['b', 1],
    ['c', 1],
    ['a', 2],
  ] as const)
    map.set(key, value);
  expect(map.get('a')).toBe(2);
  map.delete('a');
  expect(map.get('a')).toBeUndefined();
  map.clear();
  expect(map.get('c')).toBeUndefined();
});
