import { isDeepStrictEqual } from 'node:util';

/** A check did not find what the requirement asks for; the message says what it found. */
export class CheckFailure extends Error {
  override name = 'CheckFailure';
}

/** A check does not apply to this router or this connection; the message says why. */
export class CheckSkipped extends Error {
  override name = 'CheckSkipped';
}

/** Ends the check as failed. */
export function fail(message: string): never {
  throw new CheckFailure(message);
}

/** Ends the check as skipped. */
export function skip(reason: string): never {
  throw new CheckSkipped(reason);
}

/** Fails unless the condition holds. */
export function ok(condition: unknown, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Fails unless two values are deeply and strictly equal. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected))
    fail(`${what}: expected ${inText(expected)}, got ${inText(actual)}`);
}

/** A value in one short line, for reports. */
export function inText(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  const text = JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    return item instanceof Uint8Array ? `bytes ${Buffer.from(item).toString('hex')}` : item;
  });
  return text === undefined ? String(value) : text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
