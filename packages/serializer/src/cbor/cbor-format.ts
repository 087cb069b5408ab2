import { ProtocolError } from '@wampkit/protocol';
import { type ElementKind, MAX_ELEMENTS, type MessageFormat } from '../decode-message.js';
import { DictCache } from '../dict-cache.js';
import { isEmptyContainer } from './cbor-reader.js';
import { BREAK, type CborScanner, INDEFINITE, Major, readArgument } from './cbor-scanner.js';
import type { CborValueReader } from './cbor-value-reader.js';

/** CBOR for the cold way of decoding. */
export class CborFormat implements MessageFormat {
  readonly dicts: DictCache;
  readonly #scanner: CborScanner;
  readonly #values: CborValueReader;

  constructor(scanner: CborScanner, values: CborValueReader) {
    this.#scanner = scanner;
    this.#values = values;
    this.dicts = new DictCache((bytes, start) => values.read(bytes, start));
  }

  elements(b: Uint8Array, start: number, end: number): readonly number[] {
    const head = listHead(b, start, end);
    let i = head.at;
    const at: number[] = [];
    for (let n = 0; n < head.count; n++) {
      if (head.count === Number.POSITIVE_INFINITY && i < end && b[i] === BREAK) {
        i++;
        break;
      }
      const next = this.#scanner.scan(b, i, end);
      if (next < 0) throw notCbor(this.#scanner.fault, this.#scanner.faultAt - start);
      if (n <= MAX_ELEMENTS) at.push(i, next);
      i = next;
    }
    if (i !== end) throw notCbor('bytes after the message', i - start);
    return at;
  }

  kind(b: Uint8Array, start: number): ElementKind {
    switch ((b[start] as number) >> 5) {
      case Major.List:
        return 'list';
      case Major.Dict:
        return 'dict';
      case Major.Binary:
        return 'binary';
      default:
        return 'other';
    }
  }

  isEmpty(b: Uint8Array, start: number): boolean {
    return isEmptyContainer(b, start);
  }

  headerValue(b: Uint8Array, start: number): unknown {
    return this.#values.read(b, start);
  }
}

/** How many elements the list at `start` has, and where they begin. */
function listHead(b: Uint8Array, start: number, end: number): { count: number; at: number } {
  const c = start < end ? (b[start] as number) : 0;
  const info = c & 31;
  if (c >> 5 !== Major.List || (info > 27 && info !== INDEFINITE))
    throw notCbor('a message must be a list', 0);
  if (info === INDEFINITE) return { count: Number.POSITIVE_INFINITY, at: start + 1 };
  if (info < 24) return { count: info, at: start + 1 };
  const width = 1 << (info - 24);
  if (start + 1 + width > end) throw notCbor('the bytes end within a value', end - start);
  return { count: readArgument(b, start + 1, width), at: start + 1 + width };
}

function notCbor(fault: string, at: number): ProtocolError {
  return new ProtocolError(`not a CBOR message: ${fault}, at byte ${at}`);
}
