import { type Dict, emptyDict, Payload, ProtocolError, type Serializer } from '@wampkit/protocol';
import { isUtf8 } from '#bytes';
import type { DictCache } from '../dict-cache.js';
import type { HeaderReader } from '../header-codec.js';
import { StringTable } from '../string-table.js';
import type { JsonScanner } from './json-scanner.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const CLOSE = 0x5d;

/** Any integer of so many digits is exact in a number. */
const EXACT_DIGITS = 15;

/** Printable ASCII except quote and backslash: what a URI is made of in its ordinary form. */
const plain = new Uint8Array(256).fill(1, 0x20, 0x7f);
plain[QUOTE] = 0;
plain[0x5c] = 0;

/**
 * Reads messages of JSON that is compact, or has a space after commas. Between elements `at` is at the comma before the next one, or at the closing
 * bracket. That bracket is known to be the last byte, so it ends every loop but that over a string.
 */
export class JsonReader implements HeaderReader {
  serializer!: Serializer;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #at = 0;
  readonly #uris = new StringTable();
  readonly #dicts: DictCache;
  readonly #scanner: JsonScanner;

  constructor(scanner: JsonScanner, dicts: DictCache) {
    this.#scanner = scanner;
    this.#dicts = dicts;
  }

  reset(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = start;
    this.#end = end;
    this.#scanner.high = 0;
  }

  code(): number {
    const b = this.#bytes;
    const at = this.#at;
    if (this.#end - at < 5 || b[at] !== 0x5b || b[this.#end - 1] !== CLOSE) return 0;
    const tens = ((b[at + 1] as number) - ZERO) >>> 0;
    if (tens === 0 || tens > 9) return 0;
    if (b[at + 2] === COMMA) {
      this.#at = at + 2;
      return tens;
    }
    const units = ((b[at + 2] as number) - ZERO) >>> 0;
    if (units > 9 || b[at + 3] !== COMMA) return 0;
    this.#at = at + 3;
    return tens * 10 + units;
  }

  id(): number {
    const b = this.#bytes;
    let i = this.#next();
    if (i === 0) return 0;
    const first = i;
    let id = 0;
    let digit = ((b[i] as number) - ZERO) >>> 0;
    if (digit === 0) return 0;
    while (digit <= 9) {
      id = id * 10 + digit;
      digit = ((b[++i] as number) - ZERO) >>> 0;
    }
    const digits = i - first;
    // Of one digit more, as random ids mostly have, what comes out below 2^53 is exact too.
    if (digits === 0 || (digits > EXACT_DIGITS && (digits > EXACT_DIGITS + 1 || id >= 2 ** 53))) return 0;
    // Whatever else follows, such as a fraction, is odd to the next step.
    this.#at = i;
    return id;
  }

  dict(code: number): Dict | null {
    const b = this.#bytes;
    const start = this.#next();
    if (start === 0 || b[start] !== 0x7b) return null;
    if (b[start + 1] === 0x7d) {
      this.#at = start + 2;
      return this.#at < this.#end ? emptyDict : null;
    }
    const end = this.#scanner.scan(b, start, this.#end);
    if (end < 0 || end >= this.#end) return null;
    // UTF-8 is checked at the end of the message, too late for a dict that is decoded now.
    if (this.#scanner.high >= 0x80 && !isUtf8(b, start, end)) return null;
    this.#at = end;
    try {
      return this.#dicts.get(code, b, start, end);
    } catch (error) {
      if (error instanceof ProtocolError) return null;
      throw error;
    }
  }

  uri(): string | null {
    const b = this.#bytes;
    const end = this.#end;
    let i = this.#next();
    if (i === 0 || b[i] !== QUOTE) return null;
    const start = ++i;
    // Printable ASCII without backslash; the rest is odd.
    while (i < end && plain[b[i] as number] === 1) i++;
    if (i + 1 >= end || b[i] !== QUOTE) return null;
    this.#at = i + 1;
    return this.#uris.get(b, start, i);
  }

  payload(): Payload | null {
    const b = this.#bytes;
    const scanner = this.#scanner;
    const end = this.#end;
    const start = this.#next();
    if (start === 0) return this.ends() ? Payload.empty : null;
    if (b[start] !== 0x5b) return null;
    const argsEnd = scanner.scan(b, start, end);
    if (argsEnd < 0 || argsEnd >= end) return null;
    this.#at = argsEnd;
    let last = argsEnd;
    let count: 1 | 2 = 1;
    const kwargsStart = this.#next();
    if (kwargsStart !== 0) {
      if (b[kwargsStart] !== 0x7b) return null;
      last = scanner.scan(b, kwargsStart, end);
      if (last < 0) return null;
      if (!isEmptyContainer(b, kwargsStart)) count = 2;
    }
    if (last !== end - 1) return null;
    if (scanner.high >= 0x80 && !isUtf8(b, this.#start, end)) return null;
    // BP-MSG-02
    if (count === 1 && isEmptyContainer(b, start)) return Payload.empty;
    return Payload.borrow(this.serializer, b, start, count === 1 ? argsEnd : last, count);
  }

  /** The start of the next element: behind the comma and, as some encoders put it, one space. 0: none follows. */
  #next(): number {
    const at = this.#at + 1;
    if (this.#bytes[at - 1] !== COMMA) return 0;
    return this.#bytes[at] === 0x20 ? at + 1 : at;
  }

  ends(): boolean {
    return this.#at === this.#end - 1;
  }
}

/** Whether nothing but whitespace stands in the validated list or dict at `start`. */
export function isEmptyContainer(b: Uint8Array, start: number): boolean {
  let i = start + 1;
  while ((b[i] as number) <= 0x20) i++;
  return b[i] === CLOSE || b[i] === 0x7d;
}
