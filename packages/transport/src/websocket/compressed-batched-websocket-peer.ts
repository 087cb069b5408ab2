import type { WampError } from '@wampkit/protocol';
import { WebSocket } from 'ws';
import { useOctalSeparator } from '../batch/batch-format.js';
import type { Frame } from '../peer/frame-encoder.js';
import type { Slab } from '../peer/slab.js';
import { BatchReceivingPeer } from './batched-websocket-peer.js';

/** A batched WebSocket peer that negotiated permessage-deflate: a batch is compressed as a whole. */
export class CompressedBatchedWebSocketPeer extends BatchReceivingPeer {
  #batch: Buffer[] = [];
  #size = 0;

  override get congested(): boolean {
    return this.ws.bufferedAmount + this.#size > this.host.bounds.highWaterMark;
  }

  override get queuedBytes(): number {
    return this.ended ? 0 : this.ws.bufferedAmount + this.#size;
  }

  protected override enqueue(frame: Frame): WampError | null {
    if (frame.error !== null) return frame.error;
    const size = frame.end - frame.start;
    if (this.#size + size > this.batchSize) this.#sendBatch();
    if (this.#size === 0) this.host.turn.addDirty(this);
    this.#size += size;
    this.#batch.push(Buffer.from((frame.slab as Slab).bytes.subarray(frame.start, frame.end)));
    if (this.ws.bufferedAmount + this.#size > this.host.bounds.hardLimit) this.overflow();
    return null;
  }

  override endTurn(): void {
    this.#sendBatch();
  }

  override flush(): void {
    this.#sendBatch();
  }

  #sendBatch(): void {
    if (this.#size === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.#size = 0;
    if (this.failed || this.ws.readyState !== WebSocket.OPEN) return;
    const message = Buffer.concat(batch);
    if (this.octal) useOctalSeparator(message);
    this.ws.send(message, { binary: this.encoder.serializer.binary, compress: true });
  }
}
