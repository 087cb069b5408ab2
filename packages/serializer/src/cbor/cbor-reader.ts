import { type Dict, emptyDict, Payload, ProtocolError, type Serializer } from '@wampkit/protocol';
import type { DictCache } from '../dict-cache.js';
import type { HeaderReader } from '../header-codec.js';
import { StringTable } from '../string-table.js';
import { type CborScanner, Major, readArgument } from './cbor-scanner.js';

const EMPTY_LIST = 0x80;
const EMPTY_DICT = 0xa0;

/** Reads messages of CBOR in their usual form: definite lengths. */
export class CborReader implements HeaderReader {
  serializer!: Serializer;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** How many elements are left. */
  #left = 0;
  readonly #uris = new StringTable();
  readonly #dicts: DictCache;
  readonly #scanner: CborScanner;

  constructor(scanner: CborScanner, dicts: DictCache) {
    this.#scanner = scanner;
    this.#dicts = dicts;
  }

  reset(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  code(): number {
    const b = this.#bytes;
    const at = this.#at;
    if (this.#end - at < 3) return 0;
    const elements = (b[at] as number) - EMPTY_LIST;
    if (elements < 1 || elements > 23) return 0;
    this.#left = elements - 1;
    const code = b[at + 1] as number;
    this.#at = at + 2;
    if (code < 24) return code;
    if (code !== 24) return 0;
    this.#at = at + 3;
    return b[at + 2] as number;
  }

  id(): number {
    const b = this.#bytes;
    const at = this.#at;
    if (this.#left-- <= 0 || at >= this.#end) return 0;
    const c = b[at] as number;
    if (c < 24) {
      this.#at = at + 1;
      return c;
    }
    if (c > 27) return 0;
    const width = 1 << (c - 24);
    if (at + 1 + width > this.#end) return 0;
    this.#at = at + 1 + width;
    if (width < 8) return readArgument(b, at + 1, width);
    const high = readArgument(b, at + 1, 4);
    const low = readArgument(b, at + 5, 4);
    // BP-ID-01; beyond it numbers are not exact.
    return high < 0x20_0000 || (high === 0x20_0000 && low === 0) ? high * 0x1_0000_0000 + low : 0;
  }

  dict(code: number): Dict | null {
    const b = this.#bytes;
    const start = this.#at;
    if (this.#left-- <= 0 || start >= this.#end) return null;
    const c = b[start] as number;
    if (c === EMPTY_DICT) {
      this.#at = start + 1;
      return emptyDict;
    }
    if (c >> 5 !== Major.Dict) return null;
    const end = this.#scanner.scan(b, start, this.#end);
    if (end < 0) return null;
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
    let start = this.#at;
    if (this.#left-- <= 0 || start + 2 > this.#end) return null;
    const c = b[start++] as number;
    let size = c & 31;
    if (c === 0x78) size = b[start++] as number;
    else if (c >> 5 !== Major.Text || size > 23) return null;
    const end = start + size;
    if (end > this.#end) return null;
    this.#at = end;
    return this.#uris.get(b, start, end);
  }

  payload(): Payload | null {
    const b = this.#bytes;
    const start = this.#at;
    const end = this.#end;
    const left = this.#left;
    if (left === 0) return start === end ? Payload.empty : null;
    if (left < 0 || left > 2 || start >= end || (b[start] as number) >> 5 !== Major.List) return null;
    const argsEnd = this.#scanner.scan(b, start, end);
    if (argsEnd < 0) return null;
    let last = argsEnd;
    let count: 1 | 2 = 1;
    if (left === 2) {
      if (argsEnd >= end || (b[argsEnd] as number) >> 5 !== Major.Dict) return null;
      last = this.#scanner.scan(b, argsEnd, end);
      if (last < 0) return null;
      if (!isEmptyContainer(b, argsEnd)) count = 2;
    }
    if (last !== end) return null;
    // BP-MSG-02
    if (count === 1 && isEmptyContainer(b, start)) return Payload.empty;
    return Payload.borrow(this.serializer, b, start, count === 1 ? argsEnd : last, count);
  }

  ends(): boolean {
    return this.#left === 0 && this.#at === this.#end;
  }
}

/** Whether the validated list or dict at `i` has no item. */
export function isEmptyContainer(b: Uint8Array, i: number): boolean {
  const info = (b[i] as number) & 31;
  if (info < 24) return info === 0;
  if (info === 31) return b[i + 1] === 0xff;
  return readArgument(b, i + 1, 1 << (info - 24)) === 0;
}
