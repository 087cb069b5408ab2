import { WampError } from '@wampkit/protocol';
import type { BufferPool } from '../peer/buffer-pool.js';
import { PartialFrame } from '../peer/partial-frame.js';
import { EXTRA_BIT, FrameType, RAWSOCKET_HEADER, RAWSOCKET_MAX } from './rawsocket-framing.js';

/** Who takes what a `RawSocketReader` finds. Ranges are valid until the call returns. */
export interface FrameSink {
  takeFrame(type: number, bytes: Buffer, start: number, end: number): void;
}

/** A frame that fails the connection: it cannot be told where the next one begins. */
export class RawSocketFault extends WampError {
  override name = 'RawSocketFault';
}

/** Cuts a byte stream into RawSocket frames, however it is cut into chunks (RS-06, RS-08). */
export class RawSocketReader {
  readonly #sink: FrameSink;
  readonly #limit: number;
  /** The frame under way, header included. */
  readonly #partial: PartialFrame;
  /** Its whole size; 0 until the header is complete. */
  #size = 0;

  /** @param limit the largest message that this end announced, bytes */
  constructor(sink: FrameSink, limit: number, pool: BufferPool) {
    this.#sink = sink;
    this.#limit = limit;
    this.#partial = new PartialFrame(pool);
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @throws {RawSocketFault} on a header that RawSocket does not allow, or a frame over the limit: the connection fails
   */
  read(chunk: Buffer): void {
    let position = this.#partial.filled > 0 ? this.#complete(chunk) : 0;
    while (chunk.length - position >= RAWSOCKET_HEADER) {
      const length = this.#frameLength(chunk, position);
      const end = position + RAWSOCKET_HEADER + length;
      if (end > chunk.length) break;
      this.#sink.takeFrame(chunk[position] & 7, chunk, position + RAWSOCKET_HEADER, end);
      position = end;
    }
    if (position < chunk.length) this.#keep(chunk, position);
  }

  /** Completes the frame under way; returns how many bytes of the chunk that took. */
  #complete(chunk: Buffer): number {
    const partial = this.#partial;
    let position = 0;
    if (this.#size === 0) {
      position = partial.fill(chunk, 0, RAWSOCKET_HEADER);
      if (partial.filled < RAWSOCKET_HEADER) return position;
      this.#size = RAWSOCKET_HEADER + this.#frameLength(partial.bytes, 0);
    }
    position += partial.fill(chunk, position, this.#size);
    if (partial.filled < this.#size) return position;
    const frame = partial.take();
    const end = this.#size;
    this.#size = 0;
    this.#sink.takeFrame((frame[0] as number) & 7, frame, RAWSOCKET_HEADER, end);
    partial.release(frame);
    return position;
  }

  #keep(chunk: Buffer, position: number): void {
    const complete = chunk.length - position >= RAWSOCKET_HEADER;
    this.#size = complete ? RAWSOCKET_HEADER + this.#frameLength(chunk, position) : 0;
    this.#partial.fill(chunk, position, complete ? this.#size : RAWSOCKET_HEADER);
  }

  #frameLength(bytes: Buffer, position: number): number {
    const first = bytes[position];
    const field = (bytes[position + 1] << 16) | (bytes[position + 2] << 8) | bytes[position + 3];
    const fault = headerFault(first, field);
    if (fault !== null) throw new RawSocketFault(`RawSocket: ${fault}`);
    const length = (first & EXTRA_BIT) !== 0 ? RAWSOCKET_MAX : field;
    if (length > this.#limit)
      throw new RawSocketFault(
        `RawSocket: frame of ${length} bytes, above the ${this.#limit} announced here`,
      );
    return length;
  }
}

function headerFault(first: number, field: number): string | null {
  if ((first & 0xf0) !== 0) return `reserved bits set in frame header 0x${first.toString(16)}`;
  if ((first & 7) > FrameType.Pong) return `reserved frame type ${first & 7}`;
  if ((first & EXTRA_BIT) !== 0 && field !== 0) return 'the extra bit is set with a length other than 0';
  return null;
}
