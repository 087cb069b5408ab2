import { isId } from '@wampkit/protocol';
import { UsageError } from './usage-error.js';

/**
 * Reads an id, such as that of a session.
 *
 * @param what what it should be, for the error: `session`
 * @throws {UsageError} for what is no id
 */
export function parseId(text: string, what: string): number {
  const id = Number(text);
  if (/^\d+$/.test(text) && isId(id)) return id;
  throw new UsageError(`${JSON.stringify(text)} is no ${what} id`);
}
