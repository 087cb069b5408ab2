import { ProtocolError } from '@wampkit/protocol';
import { isUtf8, readUtf8 } from '#bytes';
import { type ElementKind, MAX_ELEMENTS, type MessageFormat } from '../decode-message.js';
import { DictCache } from '../dict-cache.js';
import { isEmptyContainer } from './json-reader.js';
import { type JsonScanner, skipSpace } from './json-scanner.js';
import { parseInteger, parseJson } from './parse-json.js';

/** JSON for the cold way of decoding. */
export class JsonFormat implements MessageFormat {
  readonly dicts = new DictCache((bytes, start, end) => parseJson(readUtf8(bytes, start, end)));
  readonly #scanner: JsonScanner;

  constructor(scanner: JsonScanner) {
    this.#scanner = scanner;
  }

  elements(b: Uint8Array, start: number, end: number): readonly number[] {
    const scanner = this.#scanner;
    let last = end - 1;
    while (last > start && isSpace(b[last] as number)) last--;
    if (last <= start || b[last] !== 0x5d) throw notJson('a message must be a list, from "[" to "]"', 0);
    let i = skipSpace(b, start);
    if (b[i] !== 0x5b) throw notJson('a message must be a list, from "[" to "]"', i - start);
    const at: number[] = [];
    scanner.high = 0;
    i = skipSpace(b, i + 1);
    if (b[i] === 0x5d) i++;
    else i = this.#scanElements(b, { i, start, end: last + 1 }, at);
    if (i !== last + 1) throw notJson('bytes after the message', i - start);
    if (scanner.high >= 0x80 && !isUtf8(b, start, end)) throw new ProtocolError('not UTF-8');
    return at;
  }

  /** Walks over the elements. Returns the position after the closing bracket. */
  #scanElements(b: Uint8Array, range: { i: number; start: number; end: number }, at: number[]): number {
    let { i } = range;
    for (;;) {
      const from = skipSpace(b, i);
      const to = this.#scanner.scan(b, from, range.end);
      if (to < 0) throw notJson(this.#scanner.fault, this.#scanner.faultAt - range.start);
      if (at.length <= 2 * MAX_ELEMENTS) at.push(from, to);
      if (to >= range.end) throw notJson('the text ends within the message', to - range.start);
      i = skipSpace(b, to);
      if (b[i] === 0x5d) return i + 1;
      if (b[i] !== 0x2c) throw notJson('"," or "]" was expected', i - range.start);
      i++;
    }
  }

  kind(b: Uint8Array, start: number, _end: number): ElementKind {
    if (b[start] === 0x5b) return 'list';
    if (b[start] === 0x7b) return 'dict';
    return binaryStart.every((byte, n) => b[start + n] === byte) ? 'binary' : 'other';
  }

  isEmpty(b: Uint8Array, start: number, _end: number): boolean {
    return isEmptyContainer(b, start);
  }

  headerValue(b: Uint8Array, start: number, end: number): unknown {
    const text = readUtf8(b, start, end);
    if (/^-?\d+$/.test(text)) return parseInteger(text);
    // BP-SER-02: 1.0 and 1e3 are no integers.
    if (/^[-\d]/.test(text)) throw new ProtocolError(`${text.slice(0, 60)} stands where an integer is due`);
    return parseJson(text);
  }
}

/** `"\u0000`, with which a binary starts (JBIN-01). */
const binaryStart = [0x22, 0x5c, 0x75, 0x30, 0x30, 0x30, 0x30];

function notJson(fault: string, at: number): ProtocolError {
  return new ProtocolError(`not a JSON message: ${fault}, at byte ${at}`);
}

function isSpace(c: number): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}
