import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import { ProtocolError, WampError } from '@wampkit/protocol';
import { WebSocket } from 'ws';
import { CloseCode, cutCloseReason, describeClose } from '../close-code.js';
import { limits } from '../limits.js';
import { behindHeld } from '../peer/shared-reads.js';
import { type PeerParts, StreamPeer } from '../peer/stream-peer.js';
import { largestFrame } from './receive-options.js';
import { WebSocketReader, type WebSocketSink } from './websocket-reader.js';

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

/** What a new WebSocket peer is made of besides its socket. */
export interface WebSocketPeerParts extends PeerParts {
  /** Whether this is the client's end, which masks what it sends, and gets frames unmasked. */
  readonly masked: boolean;
}

/** How `ws` takes what was read from a socket: its listener, called as a method of the socket. */
type Feed = (this: Socket, chunk: Buffer) => void;

/** What of the receiver of `ws` is looked at. */
interface Receiver {
  readonly errored: Error | null;
  readonly writableEnded: boolean;
  /** Opcode of the message in fragments under way; 0: there is none. */
  readonly _fragmented: number;
}

/**
 * A WAMP peer over WebSocket. Messages in one frame, which are nearly all, are read here, and data frames are built here
 * and written to the socket; what else comes is left to `ws`: control frames, fragments, faults.
 */
export class WebSocketPeer extends StreamPeer implements WebSocketSink {
  protected readonly ws: PeerWebSocket;
  /** `null` with permessage-deflate: then `ws` reads everything. */
  readonly #reader: WebSocketReader | null;
  readonly #feed: Feed;
  #error: Error | null = null;
  #violationCode: number = CloseCode.ProtocolError;
  /** Bytes left to `ws` since the last message was complete. */
  #unfinished = 0;

  constructor(ws: PeerWebSocket, socket: Socket, parts: WebSocketPeerParts) {
    super(socket, parts);
    this.ws = ws;
    ws.peer = this;
    (socket as PeerSocket)[peerOfSocket] = this;
    ws.on('message', onMessage);
    ws.on('error', onError);
    ws.on('close', onClose);
    this.#feed = socket.listeners('data').at(-1) as Feed;
    this.#reader = ws.extensions === '' ? this.#createReader(parts) : null;
    if (this.#reader !== null) {
      socket.off('data', this.#feed);
      // before `ws` takes what is left in the socket
      socket.prependListener('close', onSocketClose);
    }
    socket.on('data', onChunk);
    if (this.#reader !== null) this.shareReads(onRead);
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

  #createReader({ host, encoder, masked }: WebSocketPeerParts): WebSocketReader {
    const { binary } = encoder.serializer;
    const masking = masked ? null : host.masking;
    return new WebSocketReader(this, {
      binary,
      masking,
      limit: largestFrame(host.maxMessageSize),
      pool: host.pool,
    });
  }

  get #receiver(): Receiver {
    return (this.ws as unknown as { readonly _receiver: Receiver })._receiver;
  }

  /** @internal */
  takeChunk(chunk: Buffer): void {
    this.countRead(chunk.length);
    if (this.#reader === null) this.#countUnfinished(chunk.length);
    else this.#reader.read(chunk);
  }

  /** @internal */
  takeFrame(bytes: Buffer, start: number, end: number): void {
    this.receive(bytes, start, end);
  }

  /** @internal */
  takeOther(bytes: Buffer): boolean {
    this.#countUnfinished(bytes.length);
    // `ws` keeps what it is given, and the read buffer is used again.
    this.#feed.call(this.socket, Buffer.from(bytes));
    // `ws` reads nothing behind a close frame or a fault.
    const { errored, writableEnded } = this.#receiver;
    return errored === null && !writableEnded;
  }

  #countUnfinished(bytes: number): void {
    this.#unfinished += bytes;
    if (this.#unfinished > limits.fragmentedReads) this.#checkFragments();
  }

  /** A message in fragments must not keep without end what comes between them. */
  #checkFragments(): void {
    const bound = Math.max(limits.fragmentedReads, limits.fragmentedShare * this.host.maxMessageSize);
    // Else only control frames came, which keep nothing.
    if (this.#receiver._fragmented === 0) this.#unfinished = 0;
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
  (this as PeerSocket)[peerOfSocket]?.takeChunk(chunk);
}

const onRead = behindHeld(function (this: Socket, length, buffer) {
  (this as PeerSocket)[peerOfSocket]?.takeChunk(buffer.subarray(0, length));
  return true;
});

/** What a paused socket still holds when it closes is read, as `ws` does. */
function onSocketClose(this: Socket): void {
  const rest = this.readableLength > 0 ? (this.read() as Buffer | null) : null;
  if (rest !== null) (this as PeerSocket)[peerOfSocket]?.takeChunk(rest);
}
