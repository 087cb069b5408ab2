import { setKey } from '../set-key.js';
import { bigFromBytes, joinWords, normalizeInteger, ValueReader } from '../value-reader.js';
import { BREAK, INDEFINITE, Major } from './cbor-scanner.js';

/** Reads values out of CBOR that a `CborScanner` has passed. */
export class CborValueReader extends ValueReader {
  protected value(): unknown {
    const c = this.uint8();
    const info = c & 31;
    switch (c >> 5) {
      case Major.Unsigned:
        return info < 24 ? info : info === 27 ? this.#uint64() : this.#argument(info);
      case Major.Negative:
        return info < 27 ? -1 - this.#argument(info) : this.#negative64();
      case Major.Binary:
        return info === INDEFINITE ? this.#binaryChunks() : this.binary(this.#argument(info));
      case Major.Text:
        return info === INDEFINITE ? this.#textChunks() : this.text(this.#argument(info));
      case Major.List:
        return this.#list(info === INDEFINITE ? Number.POSITIVE_INFINITY : this.#argument(info));
      case Major.Dict:
        return this.#dict(info === INDEFINITE ? Number.POSITIVE_INFINITY : this.#argument(info));
      case Major.Tag:
        return this.#tagged(this.#argument(info));
      default:
        return this.#other(info);
    }
  }

  /** The argument of a head: below 2^32 where it is a length. */
  #argument(info: number): number {
    if (info < 24) return info;
    if (info === 24) return this.uint8();
    if (info === 25) return this.uint16();
    if (info === 26) return this.uint32();
    return this.uint32() * 0x1_0000_0000 + this.uint32();
  }

  #uint64(): number | bigint {
    return joinWords(this.uint32(), this.uint32());
  }

  #negative64(): number | bigint {
    return normalizeInteger(-1n - BigInt(this.#uint64()));
  }

  /** Whether the break of an item of indefinite length comes now; it is then read. */
  #breaks(): boolean {
    if (this.bytes[this.at] !== BREAK) return false;
    this.at++;
    return true;
  }

  #list(length: number): unknown[] {
    const list: unknown[] = [];
    for (let i = 0; i < length; i++) {
      if (length === Number.POSITIVE_INFINITY && this.#breaks()) break;
      list.push(this.value() ?? null);
    }
    return list;
  }

  #dict(length: number): Record<string, unknown> {
    const dict: Record<string, unknown> = {};
    for (let i = 0; i < length; i++) {
      if (length === Number.POSITIVE_INFINITY && this.#breaks()) break;
      const info = this.uint8() & 31;
      const key = info === INDEFINITE ? this.#textChunks() : this.key(this.#argument(info));
      setKey(dict, key, this.value());
    }
    return dict;
  }

  #textChunks(): string {
    let text = '';
    while (!this.#breaks()) text += this.text(this.#argument(this.uint8() & 31));
    return text;
  }

  #binaryChunks(): Uint8Array {
    const chunks: Uint8Array[] = [];
    while (!this.#breaks()) chunks.push(this.binary(this.#argument(this.uint8() & 31)));
    const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let at = 0;
    for (const chunk of chunks) {
      whole.set(chunk, at);
      at += chunk.length;
    }
    return whole;
  }

  /** Bignums are integers; what other tags say of their content is dropped. */
  #tagged(tag: number): unknown {
    const content = this.value();
    if (tag !== 2 && tag !== 3) return content;
    const magnitude = bigFromBytes(content as Uint8Array);
    return normalizeInteger(tag === 2 ? magnitude : -1n - magnitude);
  }

  #other(info: number): unknown {
    switch (info) {
      case 20:
        return false;
      case 21:
        return true;
      case 25:
        return this.#float16();
      case 26:
        return this.float32();
      case 27:
        return this.float64();
      case 23:
        return undefined;
      default:
        return null;
    }
  }

  #float16(): number {
    const bits = this.uint16();
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 0x3ff;
    const sign = bits & 0x8000 ? -1 : 1;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }
}
