import { limits } from '../limits.js';
import type { BufferPool } from './buffer-pool.js';

/** A buffer that frames are built in, one after the other; peers hold ranges of it until they are written. */
export class Slab {
  readonly bytes: Buffer;
  /** Where the next frame begins. */
  position = 0;
  /** Whether the operating system may still read from it: it is filled up, but not used again. */
  pinned = false;
  #view: Buffer | null = null;
  #viewStart = 0;
  #viewEnd = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The bytes of a range; the same object for each receiver of a fan-out. */
  range(start: number, end: number): Buffer {
    if (this.#view !== null && this.#viewStart === start && this.#viewEnd === end) return this.#view;
    this.#viewStart = start;
    this.#viewEnd = end;
    this.#view = this.bytes.subarray(start, end);
    return this.#view;
  }
}

const LEAST_ROOM = 64;

/** Gives one slab after the other, and the same again when nobody needs what is in it. */
export class SlabLane {
  /** Bytes of each slab. */
  readonly size: number;
  /** Counts how often the lane began a slab anew: ranges from before are no longer what they were. */
  generation = 0;
  #slab: Slab | null = null;
  readonly #pool: BufferPool;
  /** Slabs of this turn that hold one large frame each. */
  #large: Slab[] = [];

  constructor(pool: BufferPool, size: number = limits.slabSize) {
    this.#pool = pool;
    this.size = size;
  }

  /** The slab to build the next frame in. */
  current(): Slab {
    const slab = this.#slab;
    if (slab !== null && slab.position + LEAST_ROOM <= slab.bytes.length) return slab;
    return this.renew();
  }

  /** A fresh slab, when a frame does not fit into what is left of the current one. */
  renew(): Slab {
    if (this.#slab?.position === 0) return this.#slab;
    this.#slab = new Slab(Buffer.allocUnsafeSlow(this.size));
    return this.#slab;
  }

  /** A slab of at least `size` bytes for a single frame. */
  large(size: number): Slab {
    const slab = new Slab(this.#pool.take(size));
    this.#large.push(slab);
    return slab;
  }

  /** A slab with room for `size` bytes, of its own when they are many. */
  roomFor(size: number): Slab {
    if (size > Math.min(limits.slabFrame, this.size)) return this.large(size);
    const slab = this.current();
    return slab.position + size <= slab.bytes.length ? slab : this.renew();
  }

  /** After all peers have written their ranges: begins the slab anew unless a write still reads from it. */
  rewind(): void {
    if (this.#large.length > 0) this.#giveBack();
    const slab = this.#slab;
    if (slab === null || slab.pinned || slab.position === 0) return;
    slab.position = 0;
    this.generation++;
  }

  #giveBack(): void {
    for (const { bytes, pinned } of this.#large) if (!pinned) this.#pool.give(bytes);
    this.#large = [];
    this.generation++;
  }
}
