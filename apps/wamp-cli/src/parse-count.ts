import { UsageError } from './usage-error.js';

/**
 * Reads a positive integer given to an option.
 *
 * @throws {UsageError} for anything else
 */
export function parseCount(text: string, option: string): number {
  const count = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(count) || count < 1) {
    throw new UsageError(`${option}: ${JSON.stringify(text)} must be a positive integer`);
  }
  return count;
}
