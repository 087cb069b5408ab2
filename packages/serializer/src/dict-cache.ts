import { checkDict, type Dict, emptyDict, isDict, ProtocolError } from '@wampkit/protocol';
import { copyOf } from './byte-writer.js';
import { CACHED_DICTS, MAX_CACHED_DICT_BYTES } from './limits.js';
import { hashBytes, isSame } from './string-table.js';

interface Entry {
  readonly code: number;
  readonly key: Uint8Array;
  readonly dict: Dict;
}

/**
 * Options and Details by message type and encoded bytes: decoded, type-checked, deeply frozen. Equal bytes give the
 * identical object as long as it is kept, so that a router can tell by identity what it has classified before. One
 * dict a slot; a colliding one takes the slot over.
 */
export class DictCache {
  readonly #entries: (Entry | undefined)[] = new Array<Entry | undefined>(CACHED_DICTS).fill(undefined);
  readonly #decode: (bytes: Uint8Array, start: number, end: number) => unknown;

  /** @param decode gives the value in a validated range */
  constructor(decode: (bytes: Uint8Array, start: number, end: number) => unknown) {
    this.#decode = decode;
  }

  /**
   * The dict in the validated range `bytes[start, end)`.
   *
   * @throws {ProtocolError} when it is no dict, or a known key of it has the wrong type
   */
  get(code: number, bytes: Uint8Array, start: number, end: number): Dict {
    if (end - start > MAX_CACHED_DICT_BYTES) return this.decode(code, bytes, start, end);
    const slot = (hashBytes(bytes, start, end) ^ code) & (CACHED_DICTS - 1);
    const entry = this.#entries[slot];
    if (entry !== undefined && entry.code === code && isSame(entry.key, bytes, start, end)) return entry.dict;
    const dict = this.decode(code, bytes, start, end);
    this.#entries[slot] = { code, key: copyOf(bytes, start, end), dict };
    return dict;
  }

  /** As `get`, without keeping it: for dicts that come once in a session, and may hold secrets. */
  decode(code: number, bytes: Uint8Array, start: number, end: number): Dict {
    const dict = this.#decode(bytes, start, end);
    if (!isDict(dict)) throw new ProtocolError('a dict was expected');
    if (Object.keys(dict).length === 0) return emptyDict;
    checkDict(code, dict);
    return freezeDeep(dict);
  }
}

function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  for (const item of Object.values(value)) freezeDeep(item);
  return Object.freeze(value);
}
