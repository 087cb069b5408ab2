import { WebSocket } from 'ws';
import type { Codec } from '../codec.js';
import { CheckFailure } from '../outcome.js';
import type { TlsSettings, Wire, WireHandler } from './wire.js';

/** What opens a WebSocket. */
export interface WebSocketOptions {
  url: string;
  codec: Codec;
  /** In ms. */
  timeout: number;
  tls?: TlsSettings;
}

/** WAMP messages in WebSocket messages, text for JSON and binary for the others (BP-TRN-03). */
export class WebSocketWire implements Wire {
  readonly kind = 'websocket';
  readonly #text: boolean;
  /** For checks of WebSocket itself. */
  readonly socket: WebSocket;

  private constructor(socket: WebSocket, codec: Codec) {
    this.socket = socket;
    this.#text = codec.name === 'json';
  }

  static async open(options: WebSocketOptions, handler: WireHandler): Promise<WebSocketWire> {
    const { url, codec, timeout, tls } = options;
    const socket = await openWebSocket(url, [`wamp.2.${codec.name}`], { timeout, ...(tls && { tls }) });
    socket.on('message', (data: Buffer, binary) => handler.onMessage(data, !binary));
    socket.on('close', (code) => handler.onClose(`the WebSocket is closed with code ${code}`));
    return new WebSocketWire(socket, codec);
  }

  send(bytes: Uint8Array): void {
    this.socket.send(bytes, { binary: !this.#text });
  }

  close(): void {
    this.socket.close(1000);
  }

  destroy(): void {
    this.socket.terminate();
  }
}

/** Opens a WebSocket that offers subprotocols. @throws {CheckFailure} when the handshake fails */
export function openWebSocket(
  url: string,
  subprotocols: readonly string[],
  options: { timeout: number; tls?: TlsSettings },
): Promise<WebSocket> {
  const socket = new WebSocket(url, [...subprotocols], {
    perMessageDeflate: false,
    handshakeTimeout: options.timeout,
    ...options.tls,
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve(socket));
    socket.on('error', (error) => reject(new CheckFailure(`no WebSocket at ${url}: ${error.message}`)));
  });
}
