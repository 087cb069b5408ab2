import { type Dict, emptyDict, Payload, ProtocolError, type Serializer } from '@wampkit/protocol';
import type { DictCache } from '../dict-cache.js';
import type { HeaderReader } from '../header-codec.js';
import { StringTable } from '../string-table.js';
import { type MsgpackScanner, readUint } from './msgpack-scanner.js';

/** Reads messages of MessagePack in their usual form. */
export class MsgpackReader implements HeaderReader {
  serializer!: Serializer;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** How many elements are left. */
  #left = 0;
  readonly #uris = new StringTable();
  readonly #dicts: DictCache;
  readonly #scanner: MsgpackScanner;

  constructor(scanner: MsgpackScanner, dicts: DictCache) {
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
    if (this.#end - at < 3 || ((b[at] as number) & 0xf0) !== 0x90) return 0;
    const code = b[at + 1] as number;
    this.#left = ((b[at] as number) & 15) - 1;
    this.#at = at + 2;
    return code < 0x80 ? code : 0;
  }

  id(): number {
    const b = this.#bytes;
    const at = this.#at;
    if (this.#left-- <= 0 || at >= this.#end) return 0;
    const c = b[at] as number;
    if (c < 0x80) {
      this.#at = at + 1;
      return c;
    }
    if (c < 0xcc || c > 0xcf) return 0;
    const width = 1 << (c - 0xcc);
    if (at + 1 + width > this.#end) return 0;
    this.#at = at + 1 + width;
    if (width < 8) return readUint(b, at + 1, width);
    const high = readUint(b, at + 1, 4);
    const low = readUint(b, at + 5, 4);
    // BP-ID-01; beyond it numbers are not exact.
    return high < 0x20_0000 || (high === 0x20_0000 && low === 0) ? high * 0x1_0000_0000 + low : 0;
  }

  dict(code: number): Dict | null {
    const b = this.#bytes;
    const start = this.#at;
    if (this.#left-- <= 0 || start >= this.#end) return null;
    const c = b[start] as number;
    if (c === 0x80) {
      this.#at = start + 1;
      return emptyDict;
    }
    if ((c & 0xf0) !== 0x80) return null;
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
    if (c === 0xd9) size = b[start++] as number;
    else if ((c & 0xe0) !== 0xa0) return null;
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
    if (left < 0 || left > 2 || start >= end || !isListHead(b[start] as number)) return null;
    const argsEnd = this.#scanner.scan(b, start, end);
    if (argsEnd < 0) return null;
    let last = argsEnd;
    let count: 1 | 2 = 1;
    if (left === 2) {
      if (argsEnd >= end || !isDictHead(b[argsEnd] as number)) return null;
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

export function isListHead(c: number): boolean {
  return (c & 0xf0) === 0x90 || c === 0xdc || c === 0xdd;
}

export function isDictHead(c: number): boolean {
  return (c & 0xf0) === 0x80 || c === 0xde || c === 0xdf;
}

/** Whether the validated list or dict at `i` has no item. */
export function isEmptyContainer(b: Uint8Array, i: number): boolean {
  const c = b[i] as number;
  if (c < 0xc0) return (c & 15) === 0;
  return readUint(b, i + 1, (c & 1) === 0 ? 2 : 4) === 0;
}
