import type { Socket } from 'node:net';
import { limits } from '../limits.js';
import type { Framing } from './framing.js';
import { Slab, type SlabLane } from './slab.js';
import type { Turn, TurnMember } from './turn.js';

/** Bounds of a peer's send queue, bytes. */
export interface QueueBounds {
  readonly highWaterMark: number;
  readonly hardLimit: number;
}

interface Range {
  readonly slab: Slab;
  readonly start: number;
  readonly end: number;
}

/**
 * What a peer has still to write: ranges of slabs until the turn ends, then the socket's own queue. A frame that
 * begins where the last one ended only moves the end of the range.
 */
export class SendQueue {
  readonly #socket: Socket;
  readonly #turn: Turn;
  readonly #owner: TurnMember;
  readonly #bounds: QueueBounds;
  readonly #copies: boolean;
  #slab: Slab | null = null;
  #start = 0;
  #end = 0;
  /** Ranges before the current one. */
  #earlier: Range[] | null = null;
  #pending = 0;
  /** What follows the socket's own queue: the first `#held` bytes of a block. */
  #block: Buffer | null = null;
  #held = 0;
  #awaitsDrain = false;
  #room: number;
  #dirty = false;
  #congested = false;

  /** @param copies whether bytes must be copied before they are written, as under TLS */
  constructor(
    socket: Socket,
    owner: TurnMember,
    options: { turn: Turn; bounds: QueueBounds; copies: boolean },
  ) {
    this.#socket = socket;
    this.#owner = owner;
    this.#turn = options.turn;
    this.#bounds = options.bounds;
    this.#copies = options.copies;
    this.#room = options.bounds.hardLimit;
  }

  get size(): number {
    return this.#pending + this.#held + this.#socket.writableLength;
  }

  /** Above the high-water mark at the last flush, and still. */
  get congested(): boolean {
    return this.#congested && this.#measure();
  }

  /**
   * Queues a range.
   *
   * @returns whether the queue is now over its hard limit
   */
  append(slab: Slab, start: number, end: number): boolean {
    if (this.#slab === slab && this.#end === start) {
      this.#end = end;
    } else {
      if (this.#slab !== null)
        (this.#earlier ??= []).push({ slab: this.#slab, start: this.#start, end: this.#end });
      this.#slab = slab;
      this.#start = start;
      this.#end = end;
    }
    this.#pending += end - start;
    if (!this.#dirty) {
      this.#dirty = true;
      this.#turn.addDirty(this.#owner);
    }
    return this.#pending > this.#room && this.#overflows();
  }

  /**
   * Puts all that was queued since the last flush into one frame.
   *
   * @param copies whether `framing` changes the bytes behind its header, which are then copied first
   */
  wrap(framing: Framing, { lane, copies }: { lane: SlabLane; copies: boolean }): void {
    if (this.#slab === null) return;
    const length = this.#pending;
    const header = framing.headerSize(length);
    if (!copies && length > limits.gatherSize) {
      const slab = new Slab(Buffer.allocUnsafe(header));
      framing.seal(slab.bytes, 0, length);
      (this.#earlier ??= []).unshift({ slab, start: 0, end: header });
    } else {
      const slab = lane.roomFor(header + length);
      const start = slab.position;
      this.#gather(slab.bytes, start + header);
      framing.seal(slab.bytes, start, length);
      slab.position = start + header + length;
      this.#earlier = null;
      this.#slab = slab;
      this.#start = start;
      this.#end = slab.position;
    }
    this.#pending += header;
  }

  /** Hands what was queued to the socket, in one write; behind a backlog it waits, so that small writes cost no more than they are. */
  flush(): void {
    this.#dirty = false;
    if (this.#slab === null) return;
    const socket = this.#socket;
    if (socket.writable) {
      if (socket.writableNeedDrain || this.#block !== null) this.#hold();
      // Who has a backlog must not keep whole slabs from being used again.
      else if (socket.writableLength > 0) socket.write(this.#gather(Buffer.allocUnsafeSlow(this.#pending)));
      else if (this.#copies) socket.write(this.#gather(Buffer.allocUnsafe(this.#pending)));
      else this.#write(this.#slab);
    }
    this.#clear();
    if (socket.writableLength > 0 || this.#room !== this.#bounds.hardLimit) this.#measure();
  }

  /** Hands everything to the socket: the last before it ends. */
  flushAll(): void {
    this.flush();
    this.#release();
  }

  /** Forgets what the socket does not have yet. */
  drop(): void {
    this.#clear();
    this.#block = null;
    this.#held = 0;
  }

  #clear(): void {
    this.#slab = null;
    this.#earlier = null;
    this.#pending = 0;
  }

  /** Gathers small writes into blocks: each write of a backlog costs the memory of many small frames. */
  #hold(): void {
    const size = this.#pending;
    if (this.#held + size > limits.backlogBlock) this.#release();
    if (size > limits.backlogBlock) {
      this.#socket.write(this.#gather(Buffer.allocUnsafeSlow(size)));
      return;
    }
    this.#block ??= Buffer.allocUnsafeSlow(limits.backlogBlock);
    this.#gather(this.#block, this.#held);
    this.#held += size;
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#socket.once('drain', () => {
      this.#awaitsDrain = false;
      this.#release();
    });
  }

  #release(): void {
    if (this.#block !== null && this.#socket.writable)
      this.#socket.write(this.#block.subarray(0, this.#held));
    this.#block = null;
    this.#held = 0;
  }

  /** Writes straight out of the slabs; what the operating system did not take at once stays pinned. */
  #write(slab: Slab): void {
    const socket = this.#socket;
    const earlier = this.#earlier;
    if (earlier === null) {
      socket.write(slab.range(this.#start, this.#end));
    } else if (this.#pending <= limits.gatherSize) {
      socket.write(this.#gather(Buffer.allocUnsafe(this.#pending)));
      return;
    } else {
      socket.cork();
      for (const range of earlier) socket.write(range.slab.range(range.start, range.end));
      socket.write(slab.range(this.#start, this.#end));
      socket.uncork();
    }
    if (socket.writableLength === 0) return;
    slab.pinned = true;
    for (const range of earlier ?? []) range.slab.pinned = true;
  }

  #gather(target: Buffer, position = 0): Buffer {
    if (this.#earlier !== null)
      for (const { slab, start, end } of this.#earlier)
        position += slab.bytes.copy(target, position, start, end);
    this.#slab?.bytes.copy(target, position, this.#start, this.#end);
    return target;
  }

  /** Reads the socket's queue, for the bounds until the next flush. */
  #measure(): boolean {
    const backlog = this.#held + this.#socket.writableLength;
    this.#room = this.#bounds.hardLimit - backlog;
    this.#congested = backlog > this.#bounds.highWaterMark;
    return this.#congested;
  }

  /** The bounds at the last flush say so; the socket may have drained since. */
  #overflows(): boolean {
    this.#measure();
    return this.#pending > this.#room;
  }
}
