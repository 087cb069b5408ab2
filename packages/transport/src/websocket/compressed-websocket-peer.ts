import type { WampError } from '@wampkit/protocol';
import type { Frame } from '../peer/frame-encoder.js';
import type { Slab } from '../peer/slab.js';
import { WebSocketPeer } from './websocket-peer.js';

/** A WebSocket peer that negotiated permessage-deflate: `ws` compresses, masks and frames what it sends. */
export class CompressedWebSocketPeer extends WebSocketPeer {
  override get congested(): boolean {
    return this.ws.bufferedAmount > this.host.bounds.highWaterMark;
  }

  override get queuedBytes(): number {
    return this.ended ? 0 : this.ws.bufferedAmount;
  }

  protected override enqueue(frame: Frame): WampError | null {
    if (frame.error !== null) return frame.error;
    this.host.turn.begin();
    const { bytes } = frame.slab as Slab;
    const message = Buffer.from(bytes.subarray(frame.end - frame.length, frame.end));
    this.ws.send(message, { binary: this.encoder.serializer.binary, compress: true });
    if (this.ws.bufferedAmount > this.host.bounds.hardLimit) this.overflow();
    return null;
  }
}
