import type { Socket } from 'node:net';
import { ProtocolError, type WampError } from '@wampkit/protocol';
import { WebSocket } from 'ws';
import { batchFormatOf, OCTAL_SEPARATOR, useOctalSeparator } from '../batch/batch-format.js';
import { limits } from '../limits.js';
import type { Frame } from '../peer/frame-encoder.js';
import type { Framing } from '../peer/framing.js';
import { createWebSocketFraming } from './websocket-framing.js';
import { type PeerWebSocket, WebSocketPeer, type WebSocketPeerParts } from './websocket-peer.js';

/** Receives batches: as many messages as one WebSocket message holds (BAT-01). */
export abstract class BatchReceivingPeer extends WebSocketPeer {
  /** Whether the other end separates JSON messages by 0x18, and so is answered (A19). */
  protected octal = false;

  protected override receive(bytes: Buffer, start: number, end: number): void {
    const batch = bytes.subarray(start, end);
    if (!this.encoder.serializer.binary) this.octal = batch[batch.length - 1] === OCTAL_SEPARATOR;
    const fault = batchFormatOf(this.encoder.serializer).findFault(batch);
    // BAT-02
    if (fault === null) this.receiveAll(batch);
    else this.receiveViolation(new ProtocolError(`${fault} received in subprotocol ${this.ws.protocol}`));
  }

  /** A pause takes effect before the next message, and one batch gets no more of a turn than one read. */
  protected override deliverAll(bytes: Buffer): Buffer | null {
    const format = batchFormatOf(this.encoder.serializer);
    let at = 0;
    while (at < bytes.length && this.mayDeliver) {
      if (at >= limits.readSize) {
        this.endShare();
        break;
      }
      const end = format.endOf(bytes, at);
      this.deliverOne(bytes, format.startOf(at), end);
      at = format.nextAt(end);
    }
    return at < bytes.length ? bytes.subarray(at) : null;
  }

  /** The most that one batch holds, unless a single message is larger: bytes. */
  protected get batchSize(): number {
    return Math.min(limits.batchSize, this.host.maxMessageSize);
  }
}

/** A WebSocket peer of a batched subprotocol: what is queued in one turn leaves as one WebSocket message. */
export class BatchedWebSocketPeer extends BatchReceivingPeer {
  readonly #framing: Framing;
  readonly #masked: boolean;
  /** Bytes that the batch under way has. */
  #size = 0;

  constructor(ws: PeerWebSocket, socket: Socket, parts: WebSocketPeerParts) {
    super(ws, socket, parts);
    this.#masked = parts.masked;
    this.#framing = createWebSocketFraming(this.encoder.serializer.binary, parts.masked);
  }

  override endTurn(): void {
    this.#seal();
    super.endTurn();
  }

  override flush(): void {
    this.#seal();
    super.flush();
  }

  protected override enqueue(frame: Frame): WampError | null {
    if (frame.error !== null) return frame.error;
    const size = frame.end - frame.start;
    if (this.#size > 0 && this.#size + size > this.batchSize) this.endTurn();
    this.#size += size;
    return super.enqueue(frame);
  }

  #seal(): void {
    if (this.#size === 0 || this.ws.readyState !== WebSocket.OPEN) return;
    this.#size = 0;
    const octal = this.octal && !this.#masked;
    this.wrapQueued(octal ? withOctalSeparator(this.#framing) : this.#framing, this.#masked || octal);
  }
}

/** The same frames with the other separator in them. */
function withOctalSeparator(framing: Framing): Framing {
  return {
    name: framing.name,
    headerSize: (length) => framing.headerSize(length),
    seal(target, position, length) {
      framing.seal(target, position, length);
      const start = position + framing.headerSize(length);
      useOctalSeparator(target.subarray(start, start + length));
    },
  };
}
