import { isId } from './id.js';
import type { Dict } from './messages.js';

/** Tests a decoded value: what it must be, in words that follow "must be", or `null` when it is that. */
export type Check = (value: unknown) => string | null;

export const expected =
  (what: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? null : what;

/** Whether a decoded value is a dict: an object that is no list, no binary and no other class. */
export function isDict(value: unknown): value is Dict {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export const id = expected('an id in [1, 2^53]', isId);
export const text = expected('a string', (value) => typeof value === 'string');
export const dict = expected('a dict', isDict);
