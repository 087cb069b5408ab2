import { MAX_DEPTH, MAX_INTEGER_BYTES } from '../limits.js';
import { isText } from '../text-check.js';

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

/** What is open around the current item. */
const Kind = { List: 0, Dict: 1, Tag: 2 } as const;

/** Items left in a container of indefinite length; it counts down from an even number, so that keys are told. */
const UNCOUNTED = 2 ** 40;

/** Walks over CBOR (RFC 8949) without making anything of it. */
export class CborScanner {
  /** What the last `scan` that gave -1 disliked. */
  fault = '';
  /** Where. */
  faultAt = 0;
  /** The argument of the head that was read last. */
  #argument = 0;
  /** Of each container around the current one: how many items are left, and its kind. */
  readonly #lefts = new Float64Array(MAX_DEPTH);
  readonly #kinds = new Uint8Array(MAX_DEPTH);

  /** Walks over the value that starts at `i`. Returns the position after it, or -1 when there is none. */
  scan(b: Uint8Array, i: number, end: number): number {
    let depth = 0;
    let left = 1;
    let kind: number = Kind.List;
    for (;;) {
      if (i >= end) return this.#refuse(end, 'the bytes end within a value');
      const from = i;
      const c = b[i++] as number;
      if (c === BREAK) {
        // A dict may end after a value only; the count is then even.
        if (left < UNCOUNTED / 2 || (kind === Kind.Dict && (left & 1) === 1))
          return this.#refuse(from, 'a break where none belongs');
        left = 0;
      } else {
        left--;
        const major = c >> 5;
        const info = c & 31;
        let argument = info;
        if (info > 23 && info < 28) {
          i = this.#readArgument(b, i, end);
          if (i < 0) return -1;
          argument = this.#argument;
        } else if (info >= 28 && (info < INDEFINITE || major < Major.Binary || major > Major.Dict)) {
          return this.#refuse(from, 'a head that CBOR does not have');
        }
        if (kind === Kind.Dict && left % 2 === 1 && major !== Major.Text)
          return this.#refuse(from, 'a key that is no string');
        let items = -1;
        let opened: number = Kind.List;
        if (major === Major.Text || major === Major.Binary) {
          i =
            info === INDEFINITE
              ? this.#chunks(b, i, end)
              : this.#string(b, { i, size: argument, end, major });
          if (i < 0) return -1;
        } else if (major === Major.List) {
          items = info === INDEFINITE ? UNCOUNTED : argument;
        } else if (major === Major.Dict) {
          items = info === INDEFINITE ? UNCOUNTED : 2 * argument;
          opened = Kind.Dict;
        } else if (major === Major.Tag) {
          if (!this.#checkTag(b, { i, tag: argument, end })) return -1;
          items = 1;
          opened = Kind.Tag;
        } else if (major === Major.Other && (info < 20 || info === 24 || info > 27)) {
          return this.#refuse(from, 'a simple value that has no meaning');
        }
        if (items >= 0) {
          if (depth === MAX_DEPTH) return this.#refuse(from, `nested deeper than ${MAX_DEPTH} levels`);
          if (items !== UNCOUNTED && items > end - i)
            return this.#refuse(from, 'a list or dict of more items than bytes are left');
          this.#lefts[depth] = left;
          this.#kinds[depth++] = kind;
          left = items;
          kind = opened;
        }
      }
      while (left === 0) {
        if (depth === 0) return i;
        left = this.#lefts[--depth] as number;
        kind = this.#kinds[depth] as number;
      }
    }
  }

  /** Reads the argument of 1, 2, 4 or 8 bytes that the head before `i` announces. */
  #readArgument(b: Uint8Array, i: number, end: number): number {
    const width = 1 << (((b[i - 1] as number) & 31) - 24);
    if (i + width > end) return this.#refuse(end, 'the bytes end within a value');
    this.#argument = readArgument(b, i, width);
    return i + width;
  }

  #string(b: Uint8Array, item: { i: number; size: number; end: number; major: number }): number {
    const { i, size, end } = item;
    if (size > end - i) return this.#refuse(end, 'the bytes end within a value');
    if (item.major === Major.Text && !isText(b, i, i + size))
      return this.#refuse(i, 'a string that is not UTF-8');
    return i + size;
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
      let size = info;
      if (info > 23) {
        i = this.#readArgument(b, i, end);
        if (i < 0) return -1;
        size = this.#argument;
      }
      i = this.#string(b, { i, size, end, major });
      if (i < 0) return -1;
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
