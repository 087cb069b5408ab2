import type { Socket } from 'node:net';
import { type CloseReason, type Timer, WampError } from '@wampkit/protocol';
import { limits } from '../limits.js';
import { Frame } from '../peer/frame-encoder.js';
import { behindHeld } from '../peer/shared-reads.js';
import { Slab } from '../peer/slab.js';
import { type PeerParts, StreamPeer } from '../peer/stream-peer.js';
import { FrameType, RAWSOCKET_HEADER, writeRawSocketHeader } from './rawsocket-framing.js';
import { type FrameSink, RawSocketFault, RawSocketReader } from './rawsocket-reader.js';

const peerOfSocket = Symbol('peer');

interface PeerSocket extends Socket {
  [peerOfSocket]?: RawSocketPeer;
}

const noBytes = Buffer.alloc(0);

/** A WAMP peer over RawSocket, after its handshake (RS-05 to RS-08). */
export class RawSocketPeer extends StreamPeer implements FrameSink {
  readonly #reader: RawSocketReader;
  #error: Error | null = null;
  #closeTimer: Timer | null = null;

  /** @param receiveLimit the largest message that this end announced, bytes */
  constructor(socket: Socket, parts: PeerParts, receiveLimit: number) {
    super(socket, parts);
    this.#reader = new RawSocketReader(this, receiveLimit, parts.host.pool);
    (socket as PeerSocket)[peerOfSocket] = this;
    socket.on('data', onData);
    this.shareReads(onRead);
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('close', onClose);
    this.begin();
  }

  protected override endTransport(): void {
    this.socket.end();
    this.#closeTimer ??= this.host.clock.setTimer(limits.closeTimeout, () => {
      this.#error ??= new WampError(`the other end did not end it within ${limits.closeTimeout} ms`);
      this.socket.destroy();
    });
  }

  protected override ping(): void {
    this.#writeControl(FrameType.Ping, noBytes);
  }

  protected override stopReading(): void {
    this.socket.pause();
  }

  protected override startReading(): void {
    this.socket.resume();
  }

  /** @internal */
  takeChunk(chunk: Buffer): void {
    this.countRead(chunk.length);
    if (this.failed) return;
    try {
      this.#reader.read(chunk);
    } catch (error) {
      if (!(error instanceof RawSocketFault)) throw error;
      this.flush();
      this.fail(error);
    }
  }

  /** @internal */
  takeFrame(type: number, bytes: Buffer, start: number, end: number): void {
    if (type === FrameType.Wamp) this.receive(bytes, start, end);
    // RS-07
    else if (type === FrameType.Ping) this.#writeControl(FrameType.Pong, bytes.subarray(start, end));
  }

  #writeControl(type: number, payload: Buffer): void {
    const frame = new Frame();
    const slab = new Slab(Buffer.allocUnsafe(RAWSOCKET_HEADER + payload.length));
    writeRawSocketHeader(slab.bytes, 0, { type, length: payload.length });
    payload.copy(slab.bytes, RAWSOCKET_HEADER);
    frame.slab = slab;
    frame.end = slab.bytes.length;
    this.enqueue(frame);
  }

  /** @internal The other end has said its last; what it asked for is still answered. */
  takeEnd(): void {
    this.flush();
    this.endTransport();
  }

  /** @internal */
  takeError(error: Error): void {
    this.#error = error;
  }

  /** @internal */
  takeClose(): void {
    this.#closeTimer?.cancel();
    this.finish(this.#describeEnd());
  }

  #describeEnd(): CloseReason {
    const error = this.#error;
    if (error !== null) return { clean: false, message: `connection lost: ${error.message}`, error };
    return { clean: true, message: 'closed by the other end' };
  }
}

/* Listeners are shared by all peers: an idle peer costs no closures. */

function onData(this: Socket, chunk: Buffer): void {
  (this as PeerSocket)[peerOfSocket]?.takeChunk(chunk);
}

const onRead = behindHeld(function (this: Socket, length, buffer) {
  (this as PeerSocket)[peerOfSocket]?.takeChunk(buffer.subarray(0, length));
  return true;
});

function onEnd(this: Socket): void {
  (this as PeerSocket)[peerOfSocket]?.takeEnd();
}

function onError(this: Socket, error: Error): void {
  (this as PeerSocket)[peerOfSocket]?.takeError(error);
}

function onClose(this: Socket): void {
  (this as PeerSocket)[peerOfSocket]?.takeClose();
}
