import { limits } from '../limits.js';

/** Sizes of pooled buffers are powers of two: from 2^SMALLEST to 2^LARGEST bytes. */
const SMALLEST = 15;
const LARGEST = 20;

/**
 * Large buffers, to be used again: the engine would only know of their size when it collects garbage, and collect
 * everything all the time because of them.
 */
export class BufferPool {
  readonly #free: Buffer[][] = Array.from({ length: LARGEST + 1 }, () => []);
  #bytes = 0;

  /** A buffer of at least `size` bytes; what is in it is of no meaning. */
  take(size: number): Buffer {
    const power = powerOf(size);
    if (power > LARGEST) return Buffer.allocUnsafeSlow(size);
    const free = this.#free[power]?.pop();
    if (free === undefined) return Buffer.allocUnsafeSlow(2 ** power);
    this.#bytes -= free.length;
    return free;
  }

  /** Takes a buffer back that nobody reads any more. */
  give(buffer: Buffer): void {
    const power = powerOf(buffer.length);
    if (power > LARGEST || buffer.length !== 2 ** power) return;
    if (this.#bytes + buffer.length > limits.pooledBytes) return;
    this.#bytes += buffer.length;
    this.#free[power]?.push(buffer);
  }
}

function powerOf(size: number): number {
  return Math.max(SMALLEST, 32 - Math.clz32(size - 1));
}
