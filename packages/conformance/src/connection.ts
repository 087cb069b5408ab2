import type { Codec } from './codec.js';
import { Inbox } from './inbox.js';
import { Code, codeName } from './message-code.js';
import { equal, fail, inText, ok } from './outcome.js';
import { LongPollWire } from './wire/longpoll-wire.js';
import { RawSocketWire } from './wire/rawsocket-wire.js';
import { WebSocketWire } from './wire/websocket-wire.js';
import { type TlsSettings, type Wire, type WireHandler, wireKind } from './wire/wire.js';

/** A message as it came: its elements, and the bytes that they were decoded from. */
export interface Received {
  readonly message: readonly unknown[];
  readonly bytes: Uint8Array;
  /** Whether it came as WebSocket text. */
  readonly text: boolean;
}

/** What opens a connection. */
export interface ConnectionOptions {
  url: string;
  codec: Codec;
  /** How long to wait for each thing, in ms. */
  timeout: number;
  tls?: TlsSettings;
  /** L of a RawSocket handshake. */
  lengthExponent?: number;
}

/** One transport to the router: raw messages out, decoded messages in. */
export class Connection {
  readonly codec: Codec;
  readonly #timeout: number;
  readonly #inbox = new Inbox<Received>();
  readonly #closing: Promise<string>;
  #wire!: Wire;

  private constructor(options: ConnectionOptions, closing: Promise<string>) {
    this.codec = options.codec;
    this.#timeout = options.timeout;
    this.#closing = closing;
  }

  static async open(options: ConnectionOptions): Promise<Connection> {
    let close!: (reason: string) => void;
    const connection = new Connection(
      options,
      new Promise((resolve) => {
        close = resolve;
      }),
    );
    const handler: WireHandler = {
      onMessage: (bytes, text) => connection.#receive(bytes, text),
      onClose: (reason) => {
        connection.#inbox.end(reason);
        close(reason);
      },
    };
    connection.#wire = await openWire(options, handler);
    return connection;
  }

  get wire(): Wire {
    return this.#wire;
  }

  /** Messages that came and were not yet taken. */
  get untaken(): readonly Received[] {
    return this.#inbox.items;
  }

  /** Sends a message, or any other value that is none. */
  send(value: unknown): void {
    this.#wire.send(this.codec.encode(value));
  }

  /** Sends bytes as one message. */
  sendBytes(bytes: Uint8Array): void {
    this.#wire.send(bytes);
  }

  /** The next message, whatever it is, with its bytes. */
  nextReceived(what = 'a message'): Promise<Received> {
    return this.#inbox.take(() => true, what, { timeout: this.#timeout });
  }

  /** The next message, which must be of this type. */
  async next(code: number): Promise<readonly unknown[]> {
    const { message } = await this.nextReceived(codeName(code));
    equal(message[0], code, `expected ${codeName(code)}, got ${inText(message)}; its type`);
    return message;
  }

  /** The first message of this type, there or to come; others keep waiting. */
  take(code: number): Promise<readonly unknown[]> {
    return this.takeAny((message) => message[0] === code, codeName(code));
  }

  /** The first message that is wanted, there or to come; others keep waiting. ABORT instead of it fails. */
  async takeAny(
    wants: (message: readonly unknown[]) => boolean,
    what: string,
    signal?: AbortSignal,
  ): Promise<readonly unknown[]> {
    const { message } = await this.#inbox.take(
      (received) => wants(received.message) || received.message[0] === Code.ABORT,
      what,
      { timeout: this.#timeout, signal },
    );
    if (!wants(message)) fail(`expected ${what}, got ${inText(message)}`);
    return message;
  }

  /** Takes ABORT, after whatever came before it, and checks its form; returns its Reason. */
  async abort(): Promise<string> {
    const { message } = await this.#inbox.take((received) => received.message[0] === Code.ABORT, 'ABORT', {
      timeout: this.#timeout,
    });
    const [, details, reason] = message;
    ok(isDict(details) && typeof reason === 'string', `malformed ABORT: ${inText(message)}`);
    return reason;
  }

  /** Expects ABORT for a protocol violation (BP-PERR). */
  async violation(): Promise<void> {
    equal(await this.abort(), 'wamp.error.protocol_violation', 'Reason of ABORT');
  }

  /** Waits until the connection is closed; returns how. */
  async closed(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('late')), this.#timeout);
    });
    try {
      return await Promise.race([this.#closing, late]);
    } catch {
      fail(`the router kept the connection open for ${this.#timeout} ms`);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#wire.close();
  }

  destroy(): void {
    this.#wire.destroy();
  }

  #receive(bytes: Uint8Array, text: boolean): void {
    try {
      const message = this.codec.decode(bytes);
      if (!Array.isArray(message)) throw new Error('no list');
      this.#inbox.push({ message, bytes, text });
    } catch (error) {
      this.#inbox.end(`the router sent what is no WAMP message (${String(error)}): ${inText(bytes)}`);
      this.destroy();
    }
  }
}

function openWire(options: ConnectionOptions, handler: WireHandler): Promise<Wire> {
  const kind = wireKind(options.url);
  if (kind === 'websocket') return WebSocketWire.open(options, handler);
  return kind === 'longpoll' ? LongPollWire.open(options, handler) : RawSocketWire.open(options, handler);
}

/** Whether a decoded value is a dict. */
export function isDict(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

/** Whether a decoded value is an id of [1, 2^53] (BP-ID-01). */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 2 ** 53;
}
