import { MAX_DEPTH, MAX_INTEGER_BYTES } from '../limits.js';
import { isAscii, isText, WordView } from '../text-check.js';

/** Major types (RFC 8949 section 3.1). */
export const Major = {
  Unsigned: 0,
  Negative: 1,
  Binary: 2,
  Text: 3,
  List: 4,
  Dict: 5,
  Tag: 6,
  Other: 7,
} as const;

/** The additional information that announces a length to be found out, and the byte that ends such an item. */
export const INDEFINITE = 31;
export const BREAK = 0xff;

/** How many bytes of argument follow a head, by its additional information; -1: that has another meaning. */
const widths = new Int8Array(32).fill(-1, 28);
widths.set([1, 2, 4, 8], 24);

/** How many bytes follow the head of a number, a boolean, null or undefined; -1: it is another. */
const scalarSizes = new Int8Array(256).fill(-1);
for (const first of [0x00, 0x20]) scalarSizes.fill(0, first, first + 24).set([1, 2, 4, 8], first + 24);
scalarSizes.fill(0, 0xf4, 0xf8).set([2, 4, 8], 0xf9);

/** What is open around the current item. */
const Kind = { List: 0, Dict: 1, Tag: 2 } as const;

/** Items left in a container of indefinite length; it counts down from an even number, so that keys are told. */
const UNCOUNTED = 2 ** 30;

/** Walks over CBOR (RFC 8949) without making anything of it. */
export class CborScanner {
  /** What the last `scan` that gave -1 disliked. */
  fault = '';
  /** Where. */
  faultAt = 0;
  /** Of each container around the current one: how many items are left, and its kind. */
  readonly #lefts = new Int32Array(MAX_DEPTH);
  readonly #kinds = new Uint8Array(MAX_DEPTH);
  readonly #words = new WordView();
  /** Of the item that `#other` walked over: how many items it announces, and the kind; -1: it is no container. */
  #items = -1;
  #opened: number = Kind.List;

  /** Walks over the value that starts at `i`. Returns the position after it, or -1 when there is none. */
  scan(b: Uint8Array, i: number, end: number): number {
    let depth = 0;
    let left = 1;
    let kind: number = Kind.List;
    const words = this.#words;
    if (b !== words.bytes) words.turnTo(b, end - i);
    const { view, last } = words;
    for (;;) {
      if (i >= end) return this.#refuse(end, 'the bytes end within a value');
      const from = i;
      const c = b[i++] as number;
      if (c >= 0x60 && c < 0x78) {
        // The usual string.
        left--;
        const next = i + c - 0x60;
        if (i > last || !isAscii(view, i, c - 0x60)) {
          if (next > end || !isText(b, i, next)) return this.#refuseText(i, next, end);
        }
        i = next;
      } else if ((scalarSizes[c] as number) >= 0) {
        left--;
        // Keys and values take turns: with an odd number left after it, this is a key.
        if ((left & kind & Kind.Dict) !== 0) return this.#refuse(from, 'a key that is no string');
        i += scalarSizes[c] as number;
      } else if (c === BREAK) {
        // A dict may end after a value only; the count is then even.
        if (left < UNCOUNTED / 2 || (kind === Kind.Dict && (left & 1) === 1))
          return this.#refuse(from, 'a break where none belongs');
        left = 0;
      } else {
        left--;
        const isKey = (left & kind & Kind.Dict) !== 0;
        let items = c & 31;
        let opened: number = (c >> 5) & 1;
        if ((c & 0xc0) === 0x80 && items < 24 && !isKey) {
          // The usual list or dict: its major type is even or odd as its kind is.
          items <<= opened;
          if (items > end - i) return this.#refuse(from, 'more items than bytes are left');
        } else {
          i = this.#other(b, i, end, isKey);
          if (i < 0) return -1;
          items = this.#items;
          opened = this.#opened;
        }
        if (items >= 0) {
          if (depth === MAX_DEPTH) return this.#refuse(from, `nested deeper than ${MAX_DEPTH} levels`);
          this.#lefts[depth] = left;
          this.#kinds[depth++] = kind;
          left = items;
          kind = opened;
        }
      }
      while (left === 0) {
        // Where an item ran over the end, there is none after it to say so.
        if (depth === 0) return i <= end ? i : this.#refuse(end, 'the bytes end within a value');
        left = this.#lefts[--depth] as number;
        kind = this.#kinds[depth] as number;
      }
    }
  }

  /** Walks over the rarer forms of an item whose first byte stands before `i`: in `#items` how many it announces. */
  #other(b: Uint8Array, i: number, end: number, isKey: boolean): number {
    const from = i - 1;
    const c = b[from] as number;
    const major = c >> 5;
    const info = c & 31;
    const width = widths[info] as number;
    this.#items = -1;
    this.#opened = Kind.List;
    if (width < 0 && (info < INDEFINITE || major < Major.Binary || major > Major.Dict))
      return this.#refuse(from, 'a head that CBOR does not have');
    if (isKey && major !== Major.Text) return this.#refuse(from, 'a key that is no string');
    if (major === Major.Other) return this.#refuse(from, 'a simple value that has no meaning');
    if (info === INDEFINITE) {
      if (major < Major.List) return this.#chunks(b, i, end);
      this.#items = UNCOUNTED;
      if (major === Major.Dict) this.#opened = Kind.Dict;
      return i;
    }
    if (i + width > end) return this.#refuse(end, 'the bytes end within a value');
    const argument = width === 0 ? info : readArgument(b, i, width);
    i += width;
    if (major === Major.Text || major === Major.Binary) {
      const next = i + argument;
      if (next > end || (major === Major.Text && !isText(b, i, next))) return this.#refuseText(i, next, end);
      return next;
    }
    if (major === Major.Tag && !this.#checkTag(b, { i, tag: argument, end })) return -1;
    this.#opened = major === Major.Tag ? Kind.Tag : major === Major.Dict ? Kind.Dict : Kind.List;
    const items = major === Major.Tag ? 1 : major === Major.Dict ? 2 * argument : argument;
    if (items > end - i) return this.#refuse(from, 'more items than bytes are left');
    this.#items = items;
    return i;
  }

  #refuseText(start: number, next: number, end: number): -1 {
    return next > end
      ? this.#refuse(end, 'the bytes end within a value')
      : this.#refuse(start, 'a string that is not UTF-8');
  }

  /** Walks over the chunks of a string of indefinite length: strings of its type, each complete in itself. */
  #chunks(b: Uint8Array, i: number, end: number): number {
    const major = (b[i - 1] as number) >> 5;
    for (;;) {
      if (i >= end) return this.#refuse(end, 'the bytes end within a value');
      const c = b[i++] as number;
      if (c === BREAK) return i;
      const info = c & 31;
      if (c >> 5 !== major || info > 27)
        return this.#refuse(i - 1, 'a chunk of another type than its string');
      const width = widths[info] as number;
      if (i + width > end) return this.#refuse(end, 'the bytes end within a value');
      const next = i + width + (width === 0 ? info : readArgument(b, i, width));
      if (next > end || (major === Major.Text && !isText(b, i + width, next)))
        return this.#refuseText(i, next, end);
      i = next;
    }
  }

  /** Checks the content of the tags that RFC 8949 section 3.4 defines for it, as far as its first byte tells. */
  #checkTag(b: Uint8Array, item: { i: number; tag: number; end: number }): boolean {
    const { i, tag, end } = item;
    if (tag > 3) return true;
    const c = i < end ? (b[i] as number) : 0;
    const major = c >> 5;
    const fits =
      tag === 0
        ? major === Major.Text
        : tag === 1
          ? major < Major.Binary || (c >= 0xf9 && c <= 0xfb)
          : major === Major.Binary && this.#isSmall(b, i, end);
    if (!fits) this.#refuse(i, `content that does not fit tag ${tag}`);
    return fits;
  }

  /** Whether the bytes of a bignum are few enough. Those of indefinite length are no form that anybody writes. */
  #isSmall(b: Uint8Array, i: number, end: number): boolean {
    const info = (b[i] as number) & 31;
    if (info < 24) return true;
    if (info > 25) return false;
    const width = info - 23;
    return i + 1 + width <= end && readArgument(b, i + 1, width) <= MAX_INTEGER_BYTES;
  }

  #refuse(at: number, fault: string): -1 {
    this.fault = fault;
    this.faultAt = at;
    return -1;
  }
}

/** An unsigned integer of 1, 2, 4 or 8 bytes; beyond 2^53 it is not exact. */
export function readArgument(b: Uint8Array, i: number, width: number): number {
  if (width === 1) return b[i] as number;
  const high = ((b[i] as number) << 8) | (b[i + 1] as number);
  if (width === 2) return high;
  const word = high * 0x1_0000 + (((b[i + 2] as number) << 8) | (b[i + 3] as number));
  return width === 4 ? word : word * 0x1_0000_0000 + readArgument(b, i + 4, 4);
}
