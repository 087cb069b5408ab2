import {
  type CloseReason,
  ErrorUri,
  type Message,
  type Payload,
  type Peer,
  ProtocolError,
  type Serializer,
  type SharedMessage,
  WampError,
} from '@wampkit/protocol';

/** What a byte peer is like besides its serializer. */
export interface BytePeerOptions {
  /** The largest message that the other end takes, bytes. */
  readonly limit?: number;
  /** Takes what the router sends, once it has been through bytes. */
  onReceive(message: Message): void;
}

/** The router's end of a transport without one: bytes go in at once, and what comes out has been bytes. */
export class BytePeer implements Peer {
  readonly encoding: string;
  readonly transport: Peer['transport'];
  readonly queuedBytes = 0;
  congested = false;
  onMessage: ((message: Message) => void) | null = null;
  onViolation: ((error: ProtocolError) => void) | null = null;
  onClose: ((reason: CloseReason) => void) | null = null;
  readonly #serializer: Serializer;
  readonly #options: BytePeerOptions;
  #inbox: Uint8Array[] = [];
  #paused = false;
  #violated = false;
  #ended = false;

  constructor(serializer: Serializer, options: BytePeerOptions) {
    this.#serializer = serializer;
    this.#options = options;
    this.encoding = `${serializer.name}/bytes`;
    this.transport = { type: 'bytes', serializer: serializer.name };
  }

  /** Whether the transport has ended. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Takes the bytes of a message from the other end. */
  feed(bytes: Uint8Array): void {
    if (this.#ended || this.#violated) return;
    if (this.#paused) this.#inbox.push(bytes);
    else this.#dispatch(bytes);
  }

  send(message: Message): WampError | null {
    if (this.#ended) return null;
    try {
      const { limit = 2 ** 24 } = this.#options;
      const size = this.#serializer.encodeInto(new Uint8Array(0), 0, message);
      if (size > limit) return new WampError('too large', { uri: ErrorUri.PayloadSizeExceeded });
      const bytes = new Uint8Array(size);
      this.#serializer.encodeInto(bytes, 0, message);
      this.#options.onReceive(this.#serializer.decode(bytes, 0, size));
      return null;
    } catch (error) {
      // that the router sends what nobody can decode is a fault of ours
      if (!(error instanceof WampError) || error instanceof ProtocolError) throw error;
      return error;
    }
  }

  sendShared(shared: SharedMessage): WampError | null {
    return this.send(shared.message);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    queueMicrotask(() => {
      while (!this.#paused && !this.#ended && this.#inbox.length > 0)
        this.#dispatch(this.#inbox.shift() as Uint8Array);
    });
  }

  close(reason = 'closed'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#inbox = [];
    queueMicrotask(() => this.onClose?.({ clean: true, message: reason }));
  }

  #dispatch(bytes: Uint8Array): void {
    if (this.#violated) return;
    // as in a transport's buffer: something before, something after, and all of it gone afterwards
    const buffer = new Uint8Array(bytes.length + 8).fill(0x5d);
    buffer.set(bytes, 4);
    let message: Message;
    try {
      message = this.#serializer.decode(buffer, 4, 4 + bytes.length);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#violated = true;
      this.onViolation?.(error);
      return;
    }
    this.onMessage?.(message);
    (message as { payload?: Payload }).payload?.revoke();
    buffer.fill(0xa5);
  }
}
