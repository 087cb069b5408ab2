import { MsgpackExtension } from '../msgpack-extension.js';
import { setKey } from '../set-key.js';
import { bigFromBytes, joinWords, normalizeInteger, ValueReader } from '../value-reader.js';
import { BIG_INTEGER } from './msgpack-scanner.js';

/** The extension type in which msgpackr writes `undefined`: one byte, 0. */
const UNDEFINED = 0;

/** Reads values out of MessagePack that a `MsgpackScanner` has passed. */
export class MsgpackValueReader extends ValueReader {
  protected value(): unknown {
    const c = this.uint8();
    if (c < 0x80) return c;
    if (c < 0x90) return this.#dict(c & 15);
    if (c < 0xa0) return this.#list(c & 15);
    if (c < 0xc0) return this.text(c & 31);
    if (c >= 0xe0) return c - 0x100;
    return c < 0xcc ? this.#constantOrBinary(c) : c < 0xd4 ? this.#integer(c) : this.#sized(c);
  }

  #constantOrBinary(c: number): unknown {
    switch (c) {
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
        return this.binary(this.uint8());
      case 0xc5:
        return this.binary(this.uint16());
      case 0xc6:
        return this.binary(this.uint32());
      case 0xc7:
        return this.#extension(this.uint8());
      case 0xc8:
        return this.#extension(this.uint16());
      case 0xc9:
        return this.#extension(this.uint32());
      case 0xca:
        return this.float32();
      case 0xcb:
        return this.float64();
      default:
        return null;
    }
  }

  #integer(c: number): number | bigint {
    switch (c) {
      case 0xcc:
        return this.uint8();
      case 0xcd:
        return this.uint16();
      case 0xce:
        return this.uint32();
      case 0xcf:
        return joinWords(this.uint32(), this.uint32());
      case 0xd0:
        return (this.uint8() << 24) >> 24;
      case 0xd1:
        return (this.uint16() << 16) >> 16;
      case 0xd2:
        return this.int32();
      default:
        return joinWords(this.int32(), this.uint32());
    }
  }

  #sized(c: number): unknown {
    switch (c) {
      case 0xd9:
        return this.text(this.uint8());
      case 0xda:
        return this.text(this.uint16());
      case 0xdb:
        return this.text(this.uint32());
      case 0xdc:
        return this.#list(this.uint16());
      case 0xdd:
        return this.#list(this.uint32());
      case 0xde:
        return this.#dict(this.uint16());
      case 0xdf:
        return this.#dict(this.uint32());
      default:
        return this.#extension(1 << (c - 0xd4));
    }
  }

  #list(length: number): unknown[] {
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) list.push(this.value() ?? null);
    return list;
  }

  #dict(length: number): Record<string, unknown> {
    const dict: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      const c = this.uint8();
      const size = c < 0xc0 ? c & 31 : c === 0xd9 ? this.uint8() : c === 0xda ? this.uint16() : this.uint32();
      setKey(dict, this.key(size), this.value());
    }
    return dict;
  }

  #extension(size: number): MsgpackExtension | number | bigint | undefined {
    const type = (this.uint8() << 24) >> 24;
    const data = this.binary(size);
    if (type === UNDEFINED && size === 1 && data[0] === 0) return undefined;
    if (type !== BIG_INTEGER) return new MsgpackExtension(type, data);
    return normalizeInteger(BigInt.asIntN(8 * size, bigFromBytes(data)));
  }
}
