import { isId } from '@wampkit/protocol';
import type { Effect } from './trace.js';

/** Stands for a value that the model does not know. */
interface Placeholder {
  fits(value: unknown): boolean;
  /** Told of the value when all around it fits too. */
  bind?(value: unknown): void;
}

/** Any value at all. */
export const anything: Placeholder & { readonly isPlaceholder: true; toJSON(): string } = {
  isPlaceholder: true,
  fits: () => true,
  toJSON: () => 'anything',
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

  toJSON(): unknown {
    return { oneOf: this.#values };
  }
}

/** An id that the router chooses; fixed by the first place in which it is seen. */
export class FreshId implements Placeholder {
  readonly isPlaceholder = true;
  value: number | null = null;

  fits(value: unknown): boolean {
    return isId(value) && (this.value === null || this.value === value);
  }

  bind(value: unknown): void {
    this.value ??= value as number;
  }

  toJSON(): unknown {
    return this.value ?? 'a fresh id';
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
    bind(one, left[index]);
    left.splice(index, 1);
  }
  return left.length === 0 ? null : `unexpected: ${left.map(print).join(' | ')}`;
}

/* Fixes the placeholders of what fits. */
function bind(expected: unknown, value: unknown): void {
  if (isPlaceholder(expected)) expected.bind?.(value);
  else if (typeof expected === 'object' && expected !== null)
    for (const key of Object.keys(expected)) bind(at(expected, key), at(value as object, key));
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
