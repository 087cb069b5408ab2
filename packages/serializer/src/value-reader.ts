import { readUtf8 } from '#bytes';
import { copyOf } from './byte-writer.js';
import { StringTable } from './string-table.js';

/** Up to this length a key is looked up in the table instead of made. */
const SHORT_KEY = 40;
/** Below this length the characters are collected one by one. */
const SHORT_TEXT = 12;

/** Reads values in a binary format out of validated bytes: what the formats have in common. */
export abstract class ValueReader {
  protected bytes: Uint8Array = new Uint8Array(0);
  protected at = 0;
  readonly #keys = new StringTable();
  readonly #scratch = new DataView(new ArrayBuffer(8));

  /** The value that starts at `start`. */
  read(bytes: Uint8Array, start: number): unknown {
    this.bytes = bytes;
    this.at = start;
    return this.value();
  }

  /** As `read`, for Arguments and, when `count` is 2, ArgumentsKw. */
  readPayload(bytes: Uint8Array, start: number, count: number): unknown[] {
    const args = this.read(bytes, start);
    return count === 2 ? [args, this.value()] : [args];
  }

  protected abstract value(): unknown;

  protected uint8(): number {
    return this.bytes[this.at++] as number;
  }

  protected uint16(): number {
    const at = this.at;
    this.at = at + 2;
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  protected uint32(): number {
    return this.int32() >>> 0;
  }

  protected int32(): number {
    const b = this.bytes;
    const at = this.at;
    this.at = at + 4;
    return (
      ((b[at] as number) << 24) |
      ((b[at + 1] as number) << 16) |
      ((b[at + 2] as number) << 8) |
      (b[at + 3] as number)
    );
  }

  protected float32(): number {
    this.#scratch.setInt32(0, this.int32());
    return this.#scratch.getFloat32(0);
  }

  protected float64(): number {
    this.#scratch.setInt32(0, this.int32());
    this.#scratch.setInt32(4, this.int32());
    return this.#scratch.getFloat64(0);
  }

  protected binary(length: number): Uint8Array {
    const start = this.at;
    this.at = start + length;
    return copyOf(this.bytes, start, this.at);
  }

  protected text(length: number): string {
    const start = this.at;
    const end = start + length;
    this.at = end;
    return length < SHORT_TEXT ? readShort(this.bytes, start, end) : readUtf8(this.bytes, start, end);
  }

  /** A key; equal ones are the identical string. */
  protected key(length: number): string {
    if (length > SHORT_KEY) return this.text(length);
    const start = this.at;
    const end = start + length;
    this.at = end;
    return this.#keys.get(this.bytes, start, end) ?? readUtf8(this.bytes, start, end);
  }
}

function readShort(b: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const c = b[i] as number;
    if (c > 0x7f) return readUtf8(b, start, end);
    text += String.fromCharCode(c);
  }
  return text;
}

/** `high` and `low` 32 bits as an integer: a number up to 2^53, beyond it a BigInt. `high` may be negative. */
export function joinWords(high: number, low: number): number | bigint {
  const value = high * 0x1_0000_0000 + low;
  if (high >= -0x20_0000 && (high < 0x20_0000 || (high === 0x20_0000 && low === 0))) return value;
  return (BigInt(high) << 32n) | BigInt(low);
}

/** The unsigned integer of bytes, most significant first. */
export function bigFromBytes(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

/** An integer as values give it: a number up to 2^53, beyond it a BigInt. */
export function normalizeInteger(value: bigint): number | bigint {
  return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value;
}
