import * as z from 'zod';
import { SHORTEST_SIGNING_KEY, SHOWN_VALUE } from '../limits.js';
import { parseBind } from './binds.js';
import { parseDuration } from './durations.js';
import { parseSize } from './sizes.js';

/** `30s` and the like; comes out in milliseconds. */
export function duration() {
  return z
    .union([z.string(), z.number()], { error: expecting('a duration such as 30s') })
    .transform(reading(parseDuration));
}

/** A duration that may not be 0: without it a peer could wait for ever. */
export function timeLimit() {
  return duration().refine((value) => value > 0, { error: 'must be more than 0' });
}

/** `64KiB` and the like, or bytes; comes out in bytes. */
export function size({ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number }) {
  return z
    .union([z.string(), z.number()], { error: expecting('a size such as 64KiB') })
    .transform(reading(parseSize))
    .refine((value) => value >= min, { error: `is too small; at least ${formatSize(min)}` })
    .refine((value) => value <= max, { error: `is too large; at most ${formatSize(max)}` });
}

/** `host:port`, `[::1]:port` or `unix:/path`. */
export function bind() {
  return z
    .union([z.string(), z.number()], { error: expecting('a bind such as 127.0.0.1:8080') })
    .transform(reading((value) => parseBind(String(value))));
}

/** A whole number of at least `min`; a string of digits too, so that `${ENV}` works here. */
export function count({ min = 0 }: { min?: number } = {}) {
  const wanted = min === 0 ? 'a whole number, 0 or more' : `a whole number, ${min} or more`;
  return z
    .union([z.number(), z.string().regex(/^\d+$/, { error: expecting(wanted) })], {
      error: expecting(wanted),
    })
    .transform(Number)
    .refine((value) => Number.isSafeInteger(value) && value >= min, { error: `expected ${wanted}` });
}

/** true or false; as strings too, so that `${ENV}` works here. */
export function flag() {
  return z
    .union([z.boolean(), z.enum(['true', 'false'])], { error: expecting('true or false') })
    .transform((value) => value === true || value === 'true');
}

/** Any string. */
export function text() {
  return z.string();
}

/** A string that may not be empty: an empty name, secret or ticket is a mistake, often an empty `${ENV}`. */
export function word() {
  return z.string().refine((value) => value !== '', { error: 'must not be empty' });
}

/** As `word`, for what no message may show. */
export function secret() {
  return z.string({ error: withoutValue }).refine((value) => value !== '', { error: 'must not be empty' });
}

/** As `secret`, for what signs: long enough that nobody finds it out. */
export function longSecret() {
  return secret().refine((value) => value.length >= SHORTEST_SIGNING_KEY, {
    error: `is too short; at least ${SHORTEST_SIGNING_KEY} characters`,
  });
}

/** Bytes in base64. */
export function bytes() {
  return shaped('bytes in base64', /^[A-Za-z0-9+/]+={0,2}$/);
}

/** A name, or a list of names; comes out as a list. */
export function listOrOne() {
  return z
    .union([word(), z.array(word()).min(1)], { error: expecting('a string, or a list of strings') })
    .transform((value) => (typeof value === 'string' ? [value] : value));
}

/** A string of a fixed form; `form` says which, as in `expected 64 hex digits`. */
export function shaped(form: string, shape: RegExp) {
  return z.string({ error: withoutValue }).regex(shape, { error: `expected ${form}` });
}

/** An error message for a value of the wrong kind. */
function expecting(what: string): (issue: { input?: unknown }) => string {
  return ({ input }) =>
    input === undefined ? 'is missing' : `expected ${what}, got ${describeValue(input)}`;
}

/** Names a value for people, never at length. */
export function describeValue(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string' && value.length > SHOWN_VALUE)
    return `${JSON.stringify(value.slice(0, SHOWN_VALUE))}...`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function formatSize(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes !== 0 && bytes % factor === 0) return `${bytes / factor}${unit}`;
  }
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}

function withoutValue({ input }: { input?: unknown }): string {
  return input === undefined ? 'is missing' : 'expected a string; put it in quotes';
}

/** Makes a zod transform of a reader that throws a RangeError with the message for people. */
function reading<In, Out>(read: (value: In) => Out): (value: In, context: z.RefinementCtx) => Out {
  return (value, context) => {
    try {
      return read(value);
    } catch (error) {
      context.issues.push({ code: 'custom', message: (error as Error).message, input: value });
      return z.NEVER;
    }
  };
}
