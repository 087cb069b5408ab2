import { ProtocolError } from '@wampkit/protocol';
import { type ElementKind, MAX_ELEMENTS, type MessageFormat } from '../decode-message.js';
import { DictCache } from '../dict-cache.js';
import { isDictHead, isEmptyContainer, isListHead } from './msgpack-reader.js';
import { type MsgpackScanner, readUint } from './msgpack-scanner.js';
import type { MsgpackValueReader } from './msgpack-value-reader.js';

/** MessagePack for the cold way of decoding. */
export class MsgpackFormat implements MessageFormat {
  readonly dicts: DictCache;
  readonly #scanner: MsgpackScanner;
  readonly #values: MsgpackValueReader;

  constructor(scanner: MsgpackScanner, values: MsgpackValueReader) {
    this.#scanner = scanner;
    this.#values = values;
    this.dicts = new DictCache((bytes, start) => values.read(bytes, start));
  }

  elements(b: Uint8Array, start: number, end: number): readonly number[] {
    const c = start < end ? (b[start] as number) : 0;
    if (!isListHead(c)) throw notMsgpack('a message must be a list', 0);
    const width = c < 0xc0 ? 0 : (c & 1) === 0 ? 2 : 4;
    let i = start + 1 + width;
    if (i > end) throw notMsgpack('the bytes end within a value', end - start);
    const count = width === 0 ? c & 15 : readUint(b, start + 1, width);
    const at: number[] = [];
    for (let n = 0; n < count; n++) {
      const next = this.#scanner.scan(b, i, end);
      if (next < 0) throw notMsgpack(this.#scanner.fault, this.#scanner.faultAt - start);
      if (n <= MAX_ELEMENTS) at.push(i, next);
      i = next;
    }
    if (i !== end) throw notMsgpack('bytes after the message', i - start);
    return at;
  }

  kind(b: Uint8Array, start: number): ElementKind {
    const c = b[start] as number;
    if (isListHead(c)) return 'list';
    if (isDictHead(c)) return 'dict';
    return c >= 0xc4 && c <= 0xc6 ? 'binary' : 'other';
  }

  isEmpty(b: Uint8Array, start: number): boolean {
    return isEmptyContainer(b, start);
  }

  headerValue(b: Uint8Array, start: number): unknown {
    return this.#values.read(b, start);
  }
}

function notMsgpack(fault: string, at: number): ProtocolError {
  return new ProtocolError(`not a MessagePack message: ${fault}, at byte ${at}`);
}
