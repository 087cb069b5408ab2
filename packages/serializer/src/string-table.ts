import { readAscii } from '#bytes';
import { copyOf } from './byte-writer.js';
import { CACHED_STRINGS, MAX_CACHED_STRING_BYTES } from './limits.js';

/**
 * A bounded table of short ASCII strings by their bytes: equal bytes give the identical string, whose hash the engine
 * has then cached for every Map it meets. One string a slot; a colliding one takes the slot over.
 */
export class StringTable {
  readonly #keys: Uint8Array[] = new Array<Uint8Array>(CACHED_STRINGS).fill(new Uint8Array(0));
  readonly #strings: string[] = new Array<string>(CACHED_STRINGS).fill('');

  /** The string of `bytes[start, end)`; `null` when that is not ASCII. */
  get(bytes: Uint8Array, start: number, end: number): string | null {
    const slot = hashBytes(bytes, start, end) & (CACHED_STRINGS - 1);
    // Only ASCII is ever kept, so a known string needs no look for other bytes.
    if (isSame(this.#keys[slot] as Uint8Array, bytes, start, end)) return this.#strings[slot] as string;
    if (!isAscii(bytes, start, end)) return null;
    const text = readAscii(bytes, start, end);
    if (text.length <= MAX_CACHED_STRING_BYTES) {
      this.#keys[slot] = copyOf(bytes, start, end);
      this.#strings[slot] = text;
    }
    return text;
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let high = 0;
  for (let i = start; i < end; i++) high |= bytes[i] as number;
  return high < 0x80;
}

/** A hash over all of `bytes[start, end)`, good in its low bits. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  let i = start;
  for (const last = end - 3; i < last; i += 4) {
    const word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    hash = Math.imul(hash ^ word, 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x5bd1e995);
  return hash ^ (hash >>> 15);
}

/** Whether `bytes[start, end)` are those of `key`. */
export function isSame(key: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  const length = key.length;
  if (length !== end - start) return false;
  let i = 0;
  for (const last = length - 3; i < last; i += 4) {
    const at = start + i;
    const difference =
      ((key[i] as number) ^ (bytes[at] as number)) |
      ((key[i + 1] as number) ^ (bytes[at + 1] as number)) |
      ((key[i + 2] as number) ^ (bytes[at + 2] as number)) |
      ((key[i + 3] as number) ^ (bytes[at + 3] as number));
    if (difference !== 0) return false;
  }
  for (; i < length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}
