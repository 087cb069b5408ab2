import type { Payload } from '@wampkit/protocol';

/** About how many bytes of memory a payload takes: its bytes, or a sum over its values. */
export function payloadSize(payload: Payload): number {
  if (payload.bytes !== null) return payload.end - payload.start;
  return payload.count === 0 ? 0 : valueSize(payload.args()) + valueSize(payload.kwargs());
}

const WORD = 8;

/** About how many bytes of memory a decoded value takes. */
export function valueSize(value: unknown): number {
  if (typeof value === 'string') return WORD + value.length;
  if (typeof value !== 'object' || value === null) return WORD;
  if (value instanceof Uint8Array) return WORD + value.length;
  let sum = WORD;
  for (const [key, item] of Object.entries(value)) sum += key.length + valueSize(item);
  return sum;
}
