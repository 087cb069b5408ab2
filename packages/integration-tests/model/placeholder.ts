import { isId } from '@wampkit/protocol';
import type { Effect } from './trace.js';

/** Stands for a value that the model does not know. */
interface Placeholder {
  fits(value: unknown): boolean;
}

/** Any value at all. */
export const anything: Placeholder & { readonly isPlaceholder: true } = {
  isPlaceholder: true,
  fits: () => true,
};

/** One of some values: where a request can be refused for several reasons. */
export class OneOf implements Placeholder {
  readonly isPlaceholder = true;
  readonly #values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.#values = values;
  }

  fits(value: unknown): boolean {
    return this.#values.includes(value);
  }
}

/** An id that the router chooses; fixed by the first place in which it is seen. */
export class FreshId implements Placeholder {
  readonly isPlaceholder = true;
  value: number | null = null;

  fits(value: unknown): boolean {
    if (!isId(value)) return false;
    this.value ??= value;
    return this.value === value;
  }
}

/** Whether a value is what was expected; placeholders may stand anywhere in `expected`. */
function fits(expected: unknown, value: unknown): boolean {
  if (isPlaceholder(expected)) return expected.fits(value);
  if (typeof expected !== 'object' || expected === null) return Object.is(expected, value);
  if (typeof value !== 'object' || value === null) return false;
  const keys = Object.keys(expected);
  return (
    Array.isArray(expected) === Array.isArray(value) &&
    keys.length === Object.keys(value).length &&
    keys.every((key) => Object.hasOwn(value, key) && fits(at(expected, key), at(value, key)))
  );
}

/**
 * Compares what was done with what was expected, in any order: the spec gives none within one input.
 *
 * @returns what is wrong, or `null`
 */
export function compareEffects(expected: readonly Effect[], effects: readonly Effect[]): string | null {
  const left = [...effects];
  for (const one of expected) {
    const index = left.findIndex((effect) => fits(one, effect));
    if (index < 0) return `missing: ${print(one)}; there is: ${left.map(print).join(' | ')}`;
    left.splice(index, 1);
  }
  return left.length === 0 ? null : `unexpected: ${left.map(print).join(' | ')}`;
}

function isPlaceholder(value: unknown): value is Placeholder {
  return typeof value === 'object' && value !== null && 'isPlaceholder' in value;
}

function at(value: object, key: string): unknown {
  return (value as Record<string, unknown>)[key];
}

function print(effect: Effect): string {
  return JSON.stringify(effect);
}
