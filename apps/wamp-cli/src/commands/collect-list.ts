import { parseId } from '../parse-id.js';

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
  return [...(before ?? []), ...collectList(text, undefined).map((item) => parseId(item, 'session'))];
}
