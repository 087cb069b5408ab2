import { UsageError } from './usage-error.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** The longest that a timer of the platform can wait. */
const MAX_DURATION = 2 ** 31 - 1;

/**
 * Reads a duration such as `250ms`, `1.5s`, `5m` or `1h` into milliseconds; a bare number is seconds.
 *
 * @param option the option it was given to, for the error
 * @throws {UsageError} when it is no duration, or longer than a timer can wait (24 days)
 */
export function parseDuration(text: string, option: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new UsageError(`${option}: ${JSON.stringify(text)} is no duration: write 250ms, 2s, 5m or 1h`);
  }
  const milliseconds = Math.round(Number(amount) * (units[unit ?? 's'] as number));
  if (milliseconds > MAX_DURATION) throw new UsageError(`${option}: ${text} is longer than 24 days`);
  return milliseconds;
}
