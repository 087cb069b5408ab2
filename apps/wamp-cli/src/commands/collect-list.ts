import { UsageError } from '../usage-error.js';

/** Collects `a,b` and repeated options into one list; an empty text is the empty list. */
export function collectList(text: string, before: readonly string[] | undefined): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  return [...(before ?? []), ...items.filter((item) => item !== '')];
}

/**
 * As `collectList`, for session ids.
 *
 * @throws {UsageError} for what is no id
 */
export function collectIds(text: string, before: readonly number[] | undefined): readonly number[] {
  return [...(before ?? []), ...collectList(text, undefined).map(toId)];
}

function toId(text: string): number {
  // BP-ID-01; ids are in [1, 2^53].
  const id = Number(text);
  if (/^\d+$/.test(text) && id >= 1 && id <= 2 ** 53) return id;
  throw new UsageError(`${JSON.stringify(text)} is no session id`);
}
