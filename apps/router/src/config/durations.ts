import { LONGEST_DURATION } from '../limits.js';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads a duration: `250ms`, `30s`, `5m`, `1h`, or 0 without unit.
 *
 * @returns whole milliseconds
 * @throws {RangeError} says what is wrong, as a phrase
 */
export function parseDuration(value: string | number): number {
  if (value === 0 || value === '0') return 0;
  const text = String(value).trim();
  const parts = /^(\d+)(ms|s|m|h)$/.exec(text);
  if (parts === null) throw new RangeError(describeFault(text));
  const duration = Number(parts[1]) * units[parts[2] as keyof typeof units];
  if (duration > LONGEST_DURATION) throw new RangeError(`${text} is too long; at most 596h`);
  return duration;
}

function describeFault(text: string): string {
  if (/^\d+$/.test(text)) return `${text} has no unit; write ${text}s or ${text}ms`;
  return `${JSON.stringify(text)} is no duration; write it as 250ms, 30s, 5m or 1h`;
}
