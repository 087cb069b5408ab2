import type { Args, Kwargs, Message, PayloadCount, Serializer, SerializerName } from '@wampkit/protocol';
import { copyBytes, copyOf } from './byte-writer.js';
import { decodeMessage, type MessageFormat } from './decode-message.js';
import { type HeaderReader, readHotMessage, writeHeader } from './header-codec.js';
import type { ValueReader } from './value-reader.js';
import type { ValueWriter } from './value-writer.js';

/** The parts of a binary serializer. */
export interface BinaryCodec {
  readonly reader: HeaderReader & {
    serializer: Serializer;
    reset(bytes: Uint8Array, start: number, end: number): void;
  };
  readonly format: MessageFormat;
  readonly values: ValueReader;
  createWriter(): ValueWriter;
}

/** Where payload values are written first. */
const SCRATCH_BYTES = 4096;

/** The serializer of a binary format: header by its reader and writer, payload copied. */
export class BinarySerializer implements Serializer {
  readonly name: SerializerName;
  readonly binary = true;
  readonly #codec: BinaryCodec;
  readonly #reader: BinaryCodec['reader'];
  readonly #writer: ValueWriter;
  /** For payload values; both are taken while in use, as `toJSON` of an application may encode in turn. */
  #valueWriter: ValueWriter | null = null;
  #scratch: Uint8Array | null = null;

  constructor(name: SerializerName, codec: BinaryCodec) {
    this.name = name;
    this.#codec = codec;
    this.#reader = codec.reader;
    this.#reader.serializer = this;
    this.#writer = codec.createWriter();
  }

  decode(bytes: Uint8Array, start: number, end: number): Message {
    this.#reader.reset(bytes, start, end);
    return readHotMessage(this.#reader) ?? decodeMessage(this.#codec.format, this, { bytes, start, end });
  }

  encodeInto(target: Uint8Array, position: number, message: Message): number {
    const w = this.#writer;
    w.reset(target, position);
    const payload = writeHeader(w, message)?.encodedIn(this) ?? null;
    const header = w.at - w.start;
    const tail = position + header;
    const end = payload === null ? tail : tail + payload.end - payload.start;
    if (end > target.length) return end;
    if (w.bytes !== target) copyBytes(w.bytes, 0, header, target, position);
    if (payload !== null && end > tail)
      copyBytes(payload.bytes as Uint8Array, payload.start, payload.end, target, tail);
    return end;
  }

  decodePayload(
    bytes: Uint8Array,
    start: number,
    _end: number,
    count: PayloadCount,
  ): { args: Args; kwargs?: Kwargs } {
    const [args, kwargs] = this.#codec.values.readPayload(bytes, start, count);
    if (count === 2) return { args: args as Args, kwargs: kwargs as Kwargs };
    return { args: Array.isArray(args) ? args : [args] };
  }

  encodePayload(args: Args, kwargs: Kwargs, count: PayloadCount): Uint8Array {
    return this.#write((w) => {
      w.root(args, 'args');
      if (count === 2) w.root(kwargs, 'kwargs');
    });
  }

  encodeBinary(bytes: Uint8Array): Uint8Array {
    return this.#write((w) => w.root(bytes, 'args'));
  }

  #write(write: (w: ValueWriter) => void): Uint8Array {
    const w = this.#valueWriter ?? this.#codec.createWriter();
    const scratch = this.#scratch ?? new Uint8Array(SCRATCH_BYTES);
    this.#valueWriter = null;
    this.#scratch = null;
    w.reset(scratch, 0);
    write(w);
    const written = w.bytes === scratch ? copyOf(scratch, 0, w.at) : w.bytes.subarray(0, w.at);
    w.reset(scratch, 0);
    this.#valueWriter = w;
    this.#scratch = scratch;
    return written;
  }
}
