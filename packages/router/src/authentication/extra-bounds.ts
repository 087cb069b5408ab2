import type { Dict } from '@wampkit/protocol';
import { AUTHEXTRA_DEPTH, AUTHEXTRA_SIZE, AUTHEXTRA_VALUES } from '../limits.js';

/**
 * What makes an `authextra`, or the Extra of AUTHENTICATE, too large for somebody who has proven nothing yet.
 *
 * @returns a phrase such as `nests deeper than 8`, or `null` when nothing does
 */
export function extraFault(extra: Dict): string | null {
  const walk: Walk = { values: 0, size: 0 };
  return valueFault(extra, 0, walk);
}

interface Walk {
  values: number;
  size: number;
}

function valueFault(value: unknown, depth: number, walk: Walk): string | null {
  if (++walk.values > AUTHEXTRA_VALUES) return `has more than ${AUTHEXTRA_VALUES} values`;
  walk.size += typeof value === 'string' ? value.length : ArrayBuffer.isView(value) ? value.byteLength : 0;
  if (walk.size > AUTHEXTRA_SIZE) return `has more than ${AUTHEXTRA_SIZE} characters`;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return null;
  if (depth === AUTHEXTRA_DEPTH) return `nests deeper than ${AUTHEXTRA_DEPTH}`;
  const isList = Array.isArray(value);
  for (const key in value) {
    if (!isList) walk.size += key.length;
    const fault = valueFault((value as Dict)[key], depth + 1, walk);
    if (fault !== null) return fault;
  }
  return null;
}
