import { HEAD_BYTES, ValueWriter } from '../value-writer.js';
import { Major } from './cbor-scanner.js';

/** Writes headers and values as CBOR, integers and lengths in their shortest form. */
export class CborWriter extends ValueWriter {
  protected constant(value: boolean | null): void {
    this.byte(value === null ? 0xf6 : value ? 0xf5 : 0xf4);
  }

  protected integer(value: number): void {
    if (value >= 0) this.#head(Major.Unsigned, value);
    else this.#head(Major.Negative, -1 - value);
  }

  protected float(value: number): void {
    this.headDouble(0xfb, value);
  }

  protected bigInteger(value: bigint): void {
    const negative = value < 0n;
    const magnitude = negative ? -1n - value : value;
    if (magnitude < 2n ** 64n) this.headBig64(negative ? 0x3b : 0x1b, magnitude);
    else {
      const bytes = this.bigBytes(magnitude);
      this.byte(negative ? 0xc3 : 0xc2);
      this.#head(Major.Binary, bytes.length);
      this.append(bytes, 0, bytes.length);
      this.ensure(HEAD_BYTES);
    }
  }

  protected textHead(length: number): void {
    this.#head(Major.Text, length);
  }

  protected binaryHead(length: number): void {
    this.#head(Major.Binary, length);
  }

  protected listHead(length: number): void {
    this.#head(Major.List, length);
  }

  protected dictHead(length: number): void {
    this.#head(Major.Dict, length);
  }

  #head(major: number, argument: number): void {
    const head = major << 5;
    if (argument < 24) this.byte(head | argument);
    else if (argument < 0x100) {
      this.byte(head | 24);
      this.byte(argument);
    } else if (argument < 0x1_0000) this.head16(head | 25, argument);
    else if (argument < 0x1_0000_0000) this.head32(head | 26, argument);
    else this.head64(head | 27, argument);
  }
}
