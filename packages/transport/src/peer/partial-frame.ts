import { limits } from '../limits.js';
import type { BufferPool } from './buffer-pool.js';

const noBytes = Buffer.alloc(0);

/** Frames up to this size are not worth a buffer of the pool. */
const SMALL = 4096;

/** A frame that comes in several chunks, put together. */
export class PartialFrame {
  /** Its first `filled` bytes are the frame's. */
  bytes: Buffer = noBytes;
  filled = 0;
  readonly #pool: BufferPool;

  constructor(pool: BufferPool) {
    this.#pool = pool;
  }

  /** Copies from `chunk` at `position` what is lacking up to `size` bytes; returns how much that was. */
  fill(chunk: Buffer, position: number, size: number): number {
    const count = Math.min(size - this.filled, chunk.length - position);
    const needed = this.filled + count;
    if (needed > this.bytes.length) this.#grow(needed, size);
    chunk.copy(this.bytes, this.filled, position, position + count);
    this.filled = needed;
    return count;
  }

  /** Hands out the bytes and begins the next frame. */
  take(): Buffer {
    const { bytes } = this;
    this.bytes = noBytes;
    this.filled = 0;
    return bytes;
  }

  /** Takes back what `take` handed out and nobody reads any more. */
  release(bytes: Buffer): void {
    this.#pool.give(bytes);
  }

  /** The buffer grows with what has come, not with what a header promises. */
  #grow(needed: number, size: number): void {
    const grown =
      size <= SMALL
        ? Buffer.allocUnsafe(size)
        : this.#pool.take(Math.min(size, Math.max(needed * 4, limits.readSize)));
    this.bytes.copy(grown, 0, 0, this.filled);
    this.#pool.give(this.bytes);
    this.bytes = grown;
  }
}
