import {
  type CloseReason,
  type Message,
  type Payload,
  type Peer,
  ProtocolError,
  type Serializer,
  type SharedMessage,
  type Timer,
  type TransportInfo,
  WampError,
} from '@wampkit/protocol';
import { CloseCode, cutCloseReason, describeClose } from './close-code.js';
import { tooLarge } from './message-size.js';
import { subprotocolOf } from './subprotocol.js';
import { webLimits } from './web-limits.js';
import type { WebPeerBounds, WebSocketLike } from './web-options.js';

const SCRATCH = 16 * 1024;
const POISON = 0xa5;

/**
 * A WAMP peer over the platform's own WebSocket, as in browsers. The platform cannot be told to stop reading, so a
 * pause fills an inbox, up to the hard limit.
 */
export class WebPeer implements Peer {
  readonly encoding: string;
  readonly transport: TransportInfo;
  onMessage: ((message: Message) => void) | null = null;
  onViolation: ((error: ProtocolError) => void) | null = null;
  onClose: ((reason: CloseReason) => void) | null = null;

  readonly #socket: WebSocketLike;
  readonly #serializer: Serializer;
  readonly #bounds: WebPeerBounds;
  readonly #toText = new TextDecoder();
  readonly #toBytes = new TextEncoder();
  #scratch = new Uint8Array(SCRATCH);
  #inbox: (Uint8Array | ProtocolError)[] = [];
  #inboxBytes = 0;
  #drainScheduled = false;
  #paused = false;
  #violated = false;
  /** This end has ended it: nothing is sent or delivered any more. */
  #closing = false;
  /** The transport has ended, and why; the owner is told when the inbox is empty. */
  #ended: CloseReason | null = null;
  #notified = false;
  #closeTimer: Timer | null = null;

  /** @param url as the socket was opened with */
  constructor(socket: WebSocketLike, url: string, parts: { serializer: Serializer; bounds: WebPeerBounds }) {
    this.#socket = socket;
    this.#serializer = parts.serializer;
    this.#bounds = parts.bounds;
    const { name } = parts.serializer;
    this.encoding = `${name}/websocket`;
    const { host, protocol } = new URL(url);
    this.transport = { type: 'websocket', serializer: name, peer: host, secure: protocol === 'wss:' };
    socket.onmessage = (event: { data: unknown }) => this.#take(event.data);
    socket.onclose = (event: { code: number; reason: string }) =>
      this.#end(describeClose(event.code, event.reason));
    socket.onerror = () => {};
    // The owner sets its handlers in this turn.
    this.#drainScheduled = true;
    setTimeout(() => this.#drain(), 0);
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > this.#bounds.highWaterMark;
  }

  get queuedBytes(): number {
    return this.#ended === null ? this.#socket.bufferedAmount : 0;
  }

  send(message: Message): WampError | null {
    if (this.#closing || this.#ended !== null) return null;
    const { maxMessageSize, hardLimit } = this.#bounds;
    const length = this.#encode(message);
    if (length instanceof WampError) return length;
    if (length > maxMessageSize) return tooLarge(message, length, maxMessageSize);
    const bytes = this.#scratch.subarray(0, length);
    this.#socket.send(this.#serializer.binary ? bytes : this.#toText.decode(bytes));
    if (this.#scratch.length > webLimits.scratchSize) this.#scratch = new Uint8Array(SCRATCH);
    if (this.#socket.bufferedAmount > hardLimit)
      this.#fail(`send queue over its hard limit of ${hardLimit} bytes: the other end reads too slowly`);
    return null;
  }

  sendShared(shared: SharedMessage): WampError | null {
    return this.send(shared.message);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#scheduleDrain();
  }

  close(reason = 'closed'): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#inbox = [];
    const { clock } = this.#bounds;
    if (this.#ended !== null) {
      this.#scheduleDrain();
      return;
    }
    this.#socket.close(this.#violated ? CloseCode.Violation : CloseCode.Normal, cutCloseReason(reason));
    this.#socket.onclose = () => this.#end({ clean: true, message: `closed here: ${reason}` });
    this.#closeTimer = clock.setTimer(webLimits.closeTimeout, () =>
      this.#end({ clean: false, message: `closed here: ${reason}; the other end did not answer` }),
    );
  }

  /** Gives the connection up. The platform may take its time to end it: it is not waited for. */
  #fail(why: string): void {
    this.#closing = true;
    this.#inbox = [];
    this.#socket.close(CloseCode.Violation, cutCloseReason(why));
    queueMicrotask(() => this.#end({ clean: false, message: why, error: new WampError(why) }));
  }

  #encode(message: Message): number | WampError {
    try {
      let length = this.#serializer.encodeInto(this.#scratch, 0, message);
      while (length > this.#scratch.length) {
        this.#scratch = new Uint8Array(length);
        length = this.#serializer.encodeInto(this.#scratch, 0, message);
      }
      return length;
    } catch (error) {
      if (error instanceof WampError) return error;
      throw error;
    }
  }

  #take(data: unknown): void {
    if (this.#closing || this.#violated) return;
    const bytes = typeof data === 'string' ? this.#toBytes.encode(data) : new Uint8Array(data as ArrayBuffer);
    const { maxMessageSize, hardLimit } = this.#bounds;
    this.#inboxBytes += bytes.length;
    this.#inbox.push(this.#fitsSubprotocol(data) ? bytes : wrongFrame(this.#serializer));
    if (bytes.length > maxMessageSize)
      this.#fail(`received a message of ${bytes.length} bytes, above the ${maxMessageSize} taken here`);
    else if (this.#inboxBytes > hardLimit)
      this.#fail(`messages held back by a pause are over the hard limit of ${hardLimit} bytes`);
    else if (!this.#drainScheduled) this.#drain();
  }

  /** BP-TRN-03 */
  #fitsSubprotocol(data: unknown): boolean {
    return (typeof data !== 'string') === this.#serializer.binary;
  }

  #scheduleDrain(): void {
    if (this.#drainScheduled) return;
    this.#drainScheduled = true;
    queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    this.#drainScheduled = false;
    while (this.#inbox.length > 0 && !this.#paused) {
      const next = this.#inbox.shift() as Uint8Array | ProtocolError;
      if (next instanceof ProtocolError) {
        this.#violate(next);
      } else {
        this.#inboxBytes -= next.length;
        this.#dispatch(next);
      }
    }
    if (this.#inbox.length === 0) this.#notify();
  }

  #dispatch(bytes: Uint8Array): void {
    let message: Message;
    try {
      message = this.#serializer.decode(bytes, 0, bytes.length);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#violate(error);
      return;
    }
    this.onMessage?.(message);
    if (!this.#bounds.poisonReads) return;
    (message as { payload?: Payload }).payload?.revoke();
    bytes.fill(POISON);
  }

  #violate(error: ProtocolError): void {
    this.#violated = true;
    this.#inbox = [];
    if (this.onViolation === null) this.close(error.message);
    else this.onViolation(error);
  }

  #end(reason: CloseReason): void {
    if (this.#ended !== null) return;
    this.#ended = reason;
    this.#closeTimer?.cancel();
    this.#socket.onmessage = null;
    this.#scheduleDrain();
  }

  #notify(): void {
    if (this.#ended === null || this.#notified) return;
    this.#notified = true;
    this.onClose?.(this.#ended);
  }
}

function wrongFrame(serializer: Serializer): ProtocolError {
  const [got, wants] = serializer.binary ? ['text', 'binary'] : ['binary', 'text'];
  return new ProtocolError(
    `${got} frame received; subprotocol ${subprotocolOf(serializer)} takes ${wants} frames`,
  );
}
