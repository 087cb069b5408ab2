/** A cursor that writes into a buffer, and moves to a larger one of its own when that is full. */
export class ByteWriter {
  bytes: Uint8Array = new Uint8Array(0);
  /** Where the next byte goes. */
  at = 0;
  /** Where in `bytes` the first one went. */
  start = 0;

  /** Starts over, in `target` from `position`. */
  reset(target: Uint8Array, position: number): void {
    this.bytes = target;
    this.at = position;
    this.start = position;
  }

  /** Makes sure that `size` more bytes fit. */
  ensure(size: number): void {
    if (this.at + size > this.bytes.length) this.#grow(size);
  }

  /** Copies `source[start, end)`. */
  append(source: Uint8Array, start: number, end: number): void {
    this.ensure(end - start);
    copyBytes(source, start, end, this.bytes, this.at);
    this.at += end - start;
  }

  #grow(size: number): void {
    const written = this.at - this.start;
    const larger = new Uint8Array(Math.max(2 * written, written + size, 256));
    larger.set(this.bytes.subarray(this.start, this.at));
    this.reset(larger, 0);
    this.at = written;
  }
}

/** Below this many bytes a loop is faster than making the view that `set` wants. */
const LOOP_BYTES = 160;

/** Copies `source[start, end)` into `target` from `position`; there must be room. */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  position: number,
): void {
  if (end - start > LOOP_BYTES) target.set(source.subarray(start, end), position);
  else for (let i = start; i < end; i++) target[position++] = source[i] as number;
}

/** A copy of `bytes[start, end)`; unlike `slice` of a Buffer, never a view. */
export function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const copy = new Uint8Array(end - start);
  copyBytes(bytes, start, end, copy, 0);
  return copy;
}
