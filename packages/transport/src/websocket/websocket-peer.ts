import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import { ProtocolError, WampError } from '@wampkit/protocol';
import { WebSocket } from 'ws';
import { CloseCode, cutCloseReason, describeClose } from '../close-code.js';
import { limits } from '../limits.js';
import { type PeerParts, StreamPeer } from '../peer/stream-peer.js';

/** The `ws` class of both ends: what was queued goes out before a close frame, also before one that answers another. */
export class PeerWebSocket extends WebSocket {
  peer: WebSocketPeer | null = null;

  /** @param data as bytes: the reason of a close frame that this one answers */
  override close(code?: number, data?: string | Buffer): void {
    this.peer?.flush();
    if (data instanceof Uint8Array && !isUtf8(data)) {
      this.peer?.takeError(new WampError('the reason in the close frame of the other end is not UTF-8'));
      super.close(CloseCode.InvalidPayload);
    } else {
      super.close(code, data);
    }
  }
}

interface PeerSocket extends Socket {
  [peerOfSocket]?: WebSocketPeer;
}

const peerOfSocket = Symbol('peer');

/**
 * A WAMP peer over WebSocket: `ws` receives and handles control frames, data frames are built here and written to the
 * socket under it.
 */
export class WebSocketPeer extends StreamPeer {
  protected readonly ws: PeerWebSocket;
  #error: Error | null = null;
  #violationCode: number = CloseCode.ProtocolError;
  /** Bytes read since the last message was complete. */
  #unfinished = 0;

  constructor(ws: PeerWebSocket, socket: Socket, parts: PeerParts) {
    super(socket, parts);
    this.ws = ws;
    ws.peer = this;
    (socket as PeerSocket)[peerOfSocket] = this;
    ws.on('message', onMessage);
    ws.on('error', onError);
    ws.on('close', onClose);
    socket.on('data', onChunk);
    this.begin();
  }

  override endTurn(): void {
    if (this.ws.readyState === WebSocket.OPEN) super.endTurn();
  }

  override flush(): void {
    if (this.ws.readyState === WebSocket.OPEN) super.flush();
  }

  protected override endTransport(reason: string): void {
    this.ws.close(this.violated ? this.#violationCode : CloseCode.Normal, cutCloseReason(reason));
  }

  /** RFC 6455, 8.1: text that is not UTF-8 has a close code of its own. */
  protected override noteMalformed(bytes: Uint8Array): void {
    if (!this.encoder.serializer.binary && !isUtf8(bytes)) this.#violationCode = CloseCode.InvalidPayload;
  }

  protected override ping(): void {
    this.ws.ping();
  }

  protected override stopReading(): void {
    this.ws.pause();
  }

  protected override startReading(): void {
    this.ws.resume();
  }

  /** @internal */
  takeChunk(bytes: number): void {
    this.countRead(bytes);
    this.#unfinished += bytes;
    if (this.#unfinished > limits.fragmentedReads) this.#checkFragments();
  }

  /** A message in fragments must not keep without end what comes between them. */
  #checkFragments(): void {
    const bound = Math.max(limits.fragmentedReads, limits.fragmentedShare * this.host.maxMessageSize);
    const { _receiver: receiver } = this.ws as unknown as { _receiver?: { _fragmented: number } };
    // Else only control frames came, which keep nothing.
    if (receiver === undefined || receiver._fragmented === 0) this.#unfinished = 0;
    else if (this.#unfinished > bound)
      this.fail(new WampError(`${this.#unfinished} bytes received within one message in fragments`));
  }

  /** @internal */
  takeMessage(data: Buffer, binary: boolean): void {
    this.#unfinished = 0;
    const { serializer } = this.encoder;
    if (binary === serializer.binary) {
      this.receive(data, 0, data.length);
      return;
    }
    const [got, wants] = binary ? ['binary', 'text'] : ['text', 'binary'];
    // BP-TRN-03
    this.receiveViolation(
      new ProtocolError(`${got} frame received; subprotocol ${this.ws.protocol} takes ${wants} frames`),
    );
  }

  /** @internal */
  takeError(error: Error & { code?: string }): void {
    this.#error =
      error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH'
        ? new WampError(`received a message larger than ${this.host.maxMessageSize} bytes`, { cause: error })
        : error;
  }

  /** @internal */
  takeClose(code: number, reason: string): void {
    const error = this.#error;
    this.finish(
      error === null
        ? describeClose(code, reason)
        : { clean: false, message: `connection failed: ${error.message}`, error },
    );
  }
}

/* Listeners are shared by all peers: an idle peer costs no closures. */

function onMessage(this: WebSocket, data: unknown, binary: boolean): void {
  (this as PeerWebSocket).peer?.takeMessage(data as Buffer, binary);
}

function onError(this: WebSocket, error: Error): void {
  (this as PeerWebSocket).peer?.takeError(error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  (this as PeerWebSocket).peer?.takeClose(code, reason.toString());
}

function onChunk(this: Socket, chunk: Buffer): void {
  (this as PeerSocket)[peerOfSocket]?.takeChunk(chunk.length);
}
