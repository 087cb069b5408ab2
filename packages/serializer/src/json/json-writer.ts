import { type Dict, ErrorUri, emptyDict, WampError } from '@wampkit/protocol';
import { encodeUtf8 } from '#bytes';
import { ByteWriter } from '../byte-writer.js';
import type { HeaderWriter } from '../header-codec.js';
import { stringifyJson } from './stringify-json.js';

/** Room for what is written by hand: brackets, commas, four integers, `{}`. */
const FIXED_BYTES = 80;

/** Writes headers as compact JSON. */
export class JsonWriter extends ByteWriter implements HeaderWriter {
  readonly #dicts = new WeakMap<Dict, Uint8Array>();

  open(code: number, _count: number): void {
    this.ensure(FIXED_BYTES);
    this.bytes[this.at++] = 0x5b;
    this.at = writeInteger(this.bytes, this.at, code);
  }

  id(id: number): void {
    this.bytes[this.at] = 0x2c;
    this.at = writeInteger(this.bytes, this.at + 1, id);
  }

  dict(dict: Dict): void {
    this.bytes[this.at++] = 0x2c;
    if (dict === emptyDict) {
      this.bytes[this.at] = 0x7b;
      this.bytes[this.at + 1] = 0x7d;
      this.at += 2;
      return;
    }
    const encoded = this.#encodeDict(dict);
    this.ensure(encoded.length + FIXED_BYTES);
    this.append(encoded, 0, encoded.length);
  }

  text(text: string): void {
    this.ensure(text.length + FIXED_BYTES);
    const b = this.bytes;
    let at = this.at;
    b[at++] = 0x2c;
    b[at++] = 0x22;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c < 0x20 || c > 0x7e || c === 0x22 || c === 0x5c) {
        this.at++;
        this.#appendEscaped(text);
        return;
      }
      b[at++] = c;
    }
    b[at] = 0x22;
    this.at = at + 1;
  }

  #appendEscaped(text: string): void {
    // JBIN-01: the other end would take it for binary
    if (text.charCodeAt(0) === 0)
      throw new WampError('a URI or string of the header that starts with U+0000 has no form in json', {
        uri: ErrorUri.InvalidArgument,
      });
    const encoded = encodeUtf8(JSON.stringify(text));
    this.ensure(encoded.length + FIXED_BYTES);
    this.append(encoded, 0, encoded.length);
  }

  #encodeDict(dict: Dict): Uint8Array {
    const known = this.#dicts.get(dict);
    if (known !== undefined) return known;
    const encoded = encodeUtf8(stringifyJson(dict, 'options'));
    // A frozen dict stays what it is.
    if (Object.isFrozen(dict)) this.#dicts.set(dict, encoded);
    return encoded;
  }
}

/** Writes a non-negative integer of up to 2^53 in decimal. Returns the position after it. */
function writeInteger(b: Uint8Array, at: number, value: number): number {
  if (value < 1e9) return writeSmall(b, at, value | 0);
  const high = Math.floor(value / 1e9);
  let low = value - high * 1e9;
  at = writeSmall(b, at, high);
  const end = at + 9;
  for (let i = end - 1; i >= at; i--) {
    const rest = (low / 10) | 0;
    b[i] = 0x30 + low - rest * 10;
    low = rest;
  }
  return end;
}

function writeSmall(b: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits++;
  const end = at + digits;
  for (let i = end - 1; i >= at; i--) {
    const rest = (value / 10) | 0;
    b[i] = 0x30 + value - rest * 10;
    value = rest;
  }
  return end;
}
