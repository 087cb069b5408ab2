import type { BufferPool } from '../peer/buffer-pool.js';
import { PartialFrame } from '../peer/partial-frame.js';
import type { Masking } from './masking.js';

const FIN = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
/** Most bytes of a header: with a 64-bit length and a key. */
const LONGEST_HEADER = 14;

const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8 } as const;

/** Who takes what a `WebSocketReader` finds. */
export interface WebSocketSink {
  /** Takes a message, unmasked. The range is valid until the call returns. */
  takeFrame(bytes: Buffer, start: number, end: number): void;
  /** Takes the bytes of all other frames, as they come. Returns whether the stream goes on behind them. */
  takeOther(bytes: Buffer): boolean;
}

/** What a reader has to know. */
export interface WebSocketReaderOptions {
  /** Whether messages are binary or text. */
  readonly binary: boolean;
  /** Whether this is the server's end, where frames come masked; `null` at the client's. */
  readonly masking: Masking | null;
  /** The largest message, bytes. */
  readonly limit: number;
  readonly pool: BufferPool;
}

/**
 * Cuts a byte stream into WebSocket frames (RFC 6455, 5.2), however it is cut into chunks. It takes the messages that come in
 * one frame, as WAMP's do (BP-TRN-02), and leaves everything else to another: control frames, fragments, what is no
 * WebSocket frame.
 */
export class WebSocketReader {
  readonly #sink: WebSocketSink;
  readonly #masking: Masking | null;
  readonly #limit: number;
  /** The first two bits that matter of a message's frame: all of the first octet, and whether it is masked. */
  readonly #first: number;
  readonly #maskBit: number;
  readonly #partial: PartialFrame;
  /** Whole size of the frame under way; 0 until its header is complete. */
  #size = 0;
  /** Bytes still to come of a frame that is another's. */
  #other = 0;
  /** Whether a message in fragments is under way: until it ends all frames are another's. */
  #fragmented = false;
  #ended = false;

  constructor(sink: WebSocketSink, { binary, masking, limit, pool }: WebSocketReaderOptions) {
    this.#sink = sink;
    this.#masking = masking;
    this.#limit = limit;
    this.#first = FIN | (binary ? Opcode.Binary : Opcode.Text);
    this.#maskBit = masking === null ? 0 : MASKED;
    this.#partial = new PartialFrame(pool);
  }

  /** Takes the next bytes of the stream. */
  read(chunk: Buffer): void {
    if (this.#ended) return;
    let at = 0;
    if (this.#partial.filled > 0) at = this.#complete(chunk);
    else if (this.#other > 0) at = this.#passOn(chunk, 0);
    while (at < chunk.length && !this.#ended) {
      const left = chunk.length - at;
      const header = left < 2 ? LONGEST_HEADER : headerSize(chunk[at + 1] as number);
      if (left < header) {
        this.#partial.fill(chunk, at, header);
        return;
      }
      const length = payloadLength(chunk, at);
      if (!this.#isMessage(chunk, at, length)) {
        this.#beginOther(chunk, at, header + length);
        at = this.#passOn(chunk, at);
      } else if (left < header + length) {
        this.#size = header + length;
        this.#partial.fill(chunk, at, this.#size);
        return;
      } else {
        at += header + length;
        this.#deliver(chunk, at - length, at);
      }
    }
  }

  /** Whether the frame at `at` is a whole message of the ordinary form. */
  #isMessage(bytes: Buffer, at: number, length: number): boolean {
    return (
      bytes[at] === this.#first &&
      ((bytes[at + 1] as number) & MASKED) === this.#maskBit &&
      length <= this.#limit &&
      !this.#fragmented
    );
  }

  #deliver(bytes: Buffer, start: number, end: number): void {
    this.#masking?.apply(bytes, start, end);
    this.#sink.takeFrame(bytes, start, end);
  }

  /** Completes the frame under way; returns how many bytes of the chunk that took. */
  #complete(chunk: Buffer): number {
    const partial = this.#partial;
    let at = 0;
    if (this.#size === 0) {
      if (partial.filled < 2) at = partial.fill(chunk, 0, 2);
      const header = headerSize(partial.bytes[1] as number);
      at += partial.fill(chunk, at, header);
      if (partial.filled < header) return at;
      const length = payloadLength(partial.bytes, 0);
      if (!this.#isMessage(partial.bytes, 0, length)) return this.#completeOther(chunk, at, header + length);
      this.#size = header + length;
    }
    at += partial.fill(chunk, at, this.#size);
    if (partial.filled < this.#size) return at;
    const bytes = partial.take();
    const end = this.#size;
    this.#size = 0;
    this.#deliver(bytes, headerSize(bytes[1] as number), end);
    partial.release(bytes);
    return at;
  }

  #completeOther(chunk: Buffer, at: number, size: number): number {
    const { filled } = this.#partial;
    const header = this.#partial.take();
    this.#beginOther(header, 0, size);
    this.#passOn(header.subarray(0, filled), 0);
    return at < chunk.length && !this.#ended ? this.#passOn(chunk, at) : at;
  }

  #beginOther(bytes: Buffer, at: number, size: number): void {
    const first = bytes[at] as number;
    this.#other = size;
    if ((first & 0x0f) <= Opcode.Binary) this.#fragmented = (first & FIN) === 0;
  }

  /** Passes on what the chunk has of a frame that is another's; returns the position behind it. */
  #passOn(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.#other, chunk.length);
    this.#other -= end - at;
    this.#ended = !this.#sink.takeOther(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    return end;
  }
}

function headerSize(second: number): number {
  const length = second & 0x7f;
  const size = length < LENGTH_16 ? 2 : length === LENGTH_16 ? 4 : 10;
  return second < MASKED ? size : size + 4;
}

/** The payload's length; what no number can tell exactly is above every limit anyway. */
function payloadLength(bytes: Buffer, at: number): number {
  const length = (bytes[at + 1] as number) & 0x7f;
  if (length < LENGTH_16) return length;
  if (length === LENGTH_64) return bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
  return ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
