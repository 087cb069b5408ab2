import type { Args, Kwargs, Message, PayloadCount, Serializer } from '@wampkit/protocol';
import { encodeBase64, encodeUtf8, readUtf8 } from '#bytes';
import { copyBytes } from '../byte-writer.js';
import { decodeMessage } from '../decode-message.js';
import { readHotMessage, writeHeader } from '../header-codec.js';
import { JsonFormat } from './json-format.js';
import { JsonReader } from './json-reader.js';
import { JsonScanner } from './json-scanner.js';
import { JsonWriter } from './json-writer.js';
import { parseJson } from './parse-json.js';
import { stringifyJson } from './stringify-json.js';

class JsonSerializer implements Serializer {
  readonly name = 'json';
  readonly binary = false;
  readonly #format: JsonFormat;
  readonly #reader: JsonReader;
  readonly #writer = new JsonWriter();

  constructor() {
    const scanner = new JsonScanner();
    this.#format = new JsonFormat(scanner);
    this.#reader = new JsonReader(scanner, this.#format.dicts);
    this.#reader.serializer = this;
  }

  decode(bytes: Uint8Array, start: number, end: number): Message {
    this.#reader.reset(bytes, start, end);
    return readHotMessage(this.#reader) ?? decodeMessage(this.#format, this, { bytes, start, end });
  }

  encodeInto(target: Uint8Array, position: number, message: Message): number {
    const w = this.#writer;
    w.reset(target, position);
    const payload = writeHeader(w, message)?.encodedIn(this) ?? null;
    const tail = payload === null || payload.count === 0 ? 0 : 1 + payload.end - payload.start;
    const header = w.at - w.start;
    const end = position + header + tail + 1;
    if (end > target.length) return end;
    if (w.bytes !== target) copyBytes(w.bytes, 0, header, target, position);
    if (payload !== null && tail > 0) {
      target[position + header] = 0x2c;
      copyBytes(payload.bytes as Uint8Array, payload.start, payload.end, target, position + header + 1);
    }
    target[end - 1] = 0x5d;
    return end;
  }

  decodePayload(
    bytes: Uint8Array,
    start: number,
    end: number,
    count: PayloadCount,
  ): { args: Args; kwargs?: Kwargs } {
    const text = readUtf8(bytes, start, end);
    const values = parseJson(`[${text}]`) as unknown[];
    const [args, kwargs] = values;
    if (count === 2) return { args: args as Args, kwargs: kwargs as Kwargs };
    return { args: Array.isArray(args) ? args : values };
  }

  encodePayload(args: Args, kwargs: Kwargs, count: PayloadCount): Uint8Array {
    const text = stringifyJson(args, 'args');
    return encodeUtf8(count === 2 ? `${text},${stringifyJson(kwargs, 'kwargs')}` : text);
  }

  encodeBinary(bytes: Uint8Array): Uint8Array {
    return encodeUtf8(`"\\u0000${encodeBase64(bytes)}"`);
  }
}

/** JSON (`wamp.2.json`), with binary as JBIN strings. Its caches are bounded. */
export const jsonSerializer: Serializer = new JsonSerializer();
