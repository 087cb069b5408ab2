import { MsgpackExtension } from '../msgpack-extension.js';
import { HEAD_BYTES, ValueWriter } from '../value-writer.js';
import { BIG_INTEGER } from './msgpack-scanner.js';

/** Writes headers and values as MessagePack, integers and lengths in their shortest form. */
export class MsgpackWriter extends ValueWriter {
  protected constant(value: boolean | null): void {
    this.byte(value === null ? 0xc0 : value ? 0xc3 : 0xc2);
  }

  protected integer(value: number): void {
    if (value >= 0) {
      if (value < 0x80) this.byte(value);
      else if (value < 0x100) this.#head8(0xcc, value);
      else if (value < 0x1_0000) this.head16(0xcd, value);
      else if (value < 0x1_0000_0000) this.head32(0xce, value);
      else this.head64(0xcf, value);
    } else if (value >= -0x20) this.byte(value);
    else if (value >= -0x80) this.#head8(0xd0, value);
    else if (value >= -0x8000) this.head16(0xd1, value);
    else if (value >= -0x8000_0000) this.head32(0xd2, value);
    else this.head64(0xd3, value);
  }

  protected float(value: number): void {
    this.headDouble(0xcb, value);
  }

  protected bigInteger(value: bigint): void {
    if (value > 0n && value < 2n ** 64n) this.headBig64(0xcf, value);
    else if (value < 0n && value >= -(2n ** 63n)) this.headBig64(0xd3, value);
    else this.#extension(BIG_INTEGER, this.#twosComplement(value));
  }

  protected textHead(length: number): void {
    if (length < 0x20) this.byte(0xa0 | length);
    else if (length < 0x100) this.#head8(0xd9, length);
    else this.#head(0xda, length);
  }

  protected binaryHead(length: number): void {
    if (length < 0x100) this.#head8(0xc4, length);
    else this.#head(0xc5, length);
  }

  protected listHead(length: number): void {
    if (length < 0x10) this.byte(0x90 | length);
    else this.#head(0xdc, length);
  }

  protected dictHead(length: number): void {
    if (length < 0x10) this.byte(0x80 | length);
    else this.#head(0xde, length);
  }

  protected override other(value: object): boolean {
    if (!(value instanceof MsgpackExtension)) return false;
    this.#extension(value.type, value.data);
    return true;
  }

  #head8(head: number, value: number): void {
    this.byte(head);
    this.byte(value);
  }

  /** A length of 16 bits after `head`, or one of 32 bits after the head that follows it. */
  #head(head: number, length: number): void {
    if (length < 0x1_0000) this.head16(head, length);
    else this.head32(head + 1, length);
  }

  #extension(type: number, data: Uint8Array): void {
    const size = data.length;
    const power = size > 0 && size <= 16 ? Math.log2(size) : 0.5;
    if (Number.isInteger(power)) this.byte(0xd4 + power);
    else if (size < 0x100) this.#head8(0xc7, size);
    else this.#head(0xc8, size);
    this.byte(type);
    this.append(data, 0, size);
    this.ensure(HEAD_BYTES);
  }

  #twosComplement(value: bigint): Uint8Array {
    // Of a negative integer the complement: its bytes inverted are those of the integer.
    const magnitude = this.bigBytes(value < 0n ? -value - 1n : value);
    const sign = (magnitude[0] as number) > 0x7f ? 1 : 0;
    const data = new Uint8Array(magnitude.length + sign);
    data.set(magnitude, sign);
    return value < 0n ? data.map((byte) => ~byte) : data;
  }
}
