import { readAscii } from '#bytes';
import { CACHED_STRINGS, MAX_CACHED_STRING_BYTES } from './limits.js';

/** The start of a hash for `StringTable`. */
export const HASH_SEED = 0x2f5a;

/**
 * A bounded table of short ASCII strings by their bytes: equal bytes give the identical string, whose hash the engine
 * has then cached for every Map it meets. One string a slot; a colliding one takes the slot over.
 */
export class StringTable {
  readonly #strings: string[] = new Array<string>(CACHED_STRINGS).fill('');

  /**
   * @param bytes ASCII in `[start, end)`
   * @param hash `HASH_SEED`, then for each byte `(Math.imul(hash, 31) + byte) | 0`
   */
  get(bytes: Uint8Array, start: number, end: number, hash: number): string {
    const slot = (hash ^ (hash >>> 15)) & (CACHED_STRINGS - 1);
    const known = this.#strings[slot] as string;
    if (known.length === end - start && isSame(known, bytes, start)) return known;
    const text = readAscii(bytes, start, end);
    if (text.length <= MAX_CACHED_STRING_BYTES) this.#strings[slot] = text;
    return text;
  }
}

function isSame(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
