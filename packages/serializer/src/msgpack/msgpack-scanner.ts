import { MAX_DEPTH, MAX_INTEGER_BYTES } from '../limits.js';
import { isAscii, isText, WordView } from '../text-check.js';

/** The extension type of integers beyond 64 bits: two's complement, most significant byte first. */
export const BIG_INTEGER = 0x42;

/** How many bytes follow the first one of a number, a boolean or nil; -1: it is another. */
const scalarSizes = new Int8Array(256).fill(-1).fill(0, 0, 0x80).fill(0, 0xe0);
for (const c of [0xc0, 0xc2, 0xc3]) scalarSizes[c] = 0;
scalarSizes.set([4, 8, 1, 2, 4, 8, 1, 2, 4, 8], 0xca);

/** Walks over MessagePack without making anything of it. */
export class MsgpackScanner {
  /** What the last `scan` that gave -1 disliked. */
  fault = '';
  /** Where. */
  faultAt = 0;
  /** Of each container around the current one: how many items are left, and whether it is a dict. */
  readonly #lefts = new Int32Array(MAX_DEPTH);
  readonly #dicts = new Uint8Array(MAX_DEPTH);
  readonly #words = new WordView();
  /** How many items that announces which `#sized` walked over; -1: it is no container. */
  #items = -1;

  /** Walks over the value that starts at `i`. Returns the position after it, or -1 when there is none. */
  scan(b: Uint8Array, i: number, end: number): number {
    let depth = 0;
    let left = 1;
    let dict = 0;
    const words = this.#words;
    if (b !== words.bytes) words.turnTo(b, end - i);
    const { view, last } = words;
    for (;;) {
      if (i >= end) return this.#refuse(end, 'the bytes end within a value');
      const c = b[i++] as number;
      left--;
      let items = -1;
      let isDict = 0;
      if ((c & 0xe0) === 0xa0) {
        const next = i + (c & 31);
        if (i > last || !isAscii(view, i, c & 31)) {
          if (next > end || !isText(b, i, next)) return this.#refuseText(i, next, end);
        }
        i = next;
      } else if ((left & dict) !== 0 && (c < 0xd9 || c > 0xdb)) {
        // Keys and values take turns: with an odd number left after it, this is a key.
        return this.#refuse(i - 1, 'a key that is no string');
      } else if ((scalarSizes[c] as number) >= 0) {
        i += scalarSizes[c] as number;
      } else if (c < 0x90) {
        items = (c & 15) * 2;
        isDict = 1;
      } else if (c < 0xa0) {
        items = c & 15;
      } else {
        i = this.#sized(b, i, end);
        if (i < 0) return -1;
        if (i > end) return this.#refuse(end, 'the bytes end within a value');
        items = this.#items;
        isDict = c >= 0xde ? 1 : 0;
      }
      if (items >= 0) {
        if (depth === MAX_DEPTH) return this.#refuse(i, `nested deeper than ${MAX_DEPTH} levels`);
        if (items > end - i) return this.#refuse(i, 'more items than bytes are left');
        this.#lefts[depth] = left;
        this.#dicts[depth++] = dict;
        left = items;
        dict = isDict;
      }
      while (left === 0) {
        // Where an item ran over the end, there is none after it to say so.
        if (depth === 0) return i <= end ? i : this.#refuse(end, 'the bytes end within a value');
        left = this.#lefts[--depth] as number;
        dict = this.#dicts[depth] as number;
      }
    }
  }

  /**
   * Walks over a string, binary, extension or the head of a long list or dict, whose first byte stands before `i`: in
   * `#items` how many items it announces.
   */
  #sized(b: Uint8Array, i: number, end: number): number {
    const c = b[i - 1] as number;
    this.#items = -1;
    if (c >= 0xdc) {
      const bytes = (c & 1) === 0 ? 2 : 4;
      if (i + bytes > end) return this.#refuse(end, 'the bytes end within a value');
      const count = readUint(b, i, bytes);
      this.#items = c >= 0xde ? 2 * count : count;
      return i + bytes;
    }
    if (c === 0xc1) return this.#refuse(i - 1, 'byte 0xc1, which MessagePack never uses');
    if (c >= 0xd4 && c <= 0xd8) return this.#extension(b, i, 1 << (c - 0xd4));
    const width = 1 << ((c >= 0xd9 ? c - 0xd9 : c >= 0xc7 ? c - 0xc7 : c - 0xc4) as 0 | 1 | 2);
    if (i + width > end) return this.#refuse(end, 'the bytes end within a value');
    const size = readUint(b, i, width);
    i += width;
    if (c < 0xc7) return i + size;
    if (c < 0xca) return this.#extension(b, i, size);
    if (i + size > end || !isText(b, i, i + size)) return this.#refuseText(i, i + size, end);
    return i + size;
  }

  #extension(b: Uint8Array, i: number, size: number): number {
    if (b[i] === BIG_INTEGER && (size === 0 || size > MAX_INTEGER_BYTES + 1))
      return this.#refuse(i, `an integer of more than ${MAX_INTEGER_BYTES} bytes, or of none`);
    return i + 1 + size;
  }

  #refuseText(start: number, next: number, end: number): -1 {
    return next > end
      ? this.#refuse(end, 'the bytes end within a value')
      : this.#refuse(start, 'a string that is not UTF-8');
  }

  #refuse(at: number, fault: string): -1 {
    this.fault = fault;
    this.faultAt = at;
    return -1;
  }
}

/** An unsigned integer of 1, 2 or 4 bytes. */
export function readUint(b: Uint8Array, i: number, width: number): number {
  if (width === 1) return b[i] as number;
  const high = ((b[i] as number) << 8) | (b[i + 1] as number);
  if (width === 2) return high;
  return high * 0x1_0000 + (((b[i + 2] as number) << 8) | (b[i + 3] as number));
}
