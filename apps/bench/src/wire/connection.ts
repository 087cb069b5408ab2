import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Framing, MessageHandler } from './framing.js';
import { RawSocketFraming } from './rawsocket-framing.js';
import { WebSocketFraming } from './websocket-framing.js';
import type { Template, Wire } from './wire.js';

const FLUSH_ABOVE = 192 * 1024;
const NOTHING = Buffer.alloc(0);

/** The transports that the generator speaks. */
export type Transport = 'websocket' | 'rawsocket';

/** Where a load connects to, and how it talks. */
export interface Endpoint {
  readonly port: number;
  readonly transport: Transport;
  readonly wire: Wire;
}

/** A client end made for load: everything that is sent while one chunk is read goes out as one write. */
export class Connection {
  readonly wire: Wire;
  readonly #socket: Socket;
  readonly #framing: Framing;
  #onMessage: MessageHandler = () => {};
  #out = NOTHING; // made at the first message, so that thousands of listening ends cost little
  #end = 0;
  #rest: Buffer | null = null;
  #gathering = false;

  private constructor(socket: Socket, wire: Wire, framing: Framing) {
    this.#socket = socket;
    this.wire = wire;
    this.#framing = framing;
  }

  /** Connects and opens the transport. Rejects when the other end does not speak it, or not the wire's serializer. */
  static async open({ port, transport, wire }: Endpoint): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const framing = transport === 'websocket' ? new WebSocketFraming() : new RawSocketFraming();
    const connection = new Connection(socket, wire, framing);
    await once(socket, 'connect');
    const rest = await framing.handshake(socket, wire);
    connection.#rest = rest.length > 0 ? rest : null;
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => connection.#read(chunk));
    return connection;
  }

  set onMessage(handler: MessageHandler) {
    this.#onMessage = handler;
  }

  /** Whether the other end is still there. */
  get alive(): boolean {
    return !this.#socket.destroyed && !this.#socket.readableEnded;
  }

  /** Waits until the kernel has taken all that was sent, or the connection has ended. */
  async drained(): Promise<void> {
    const socket = this.#socket;
    if (!socket.writableNeedDrain || socket.destroyed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        socket.off('drain', done).off('close', done);
        resolve();
      };
      socket.on('drain', done).on('close', done);
    });
  }

  /** Sends all that `fill` queues as one write. */
  inOneWrite(fill: () => void): void {
    this.#gathering = true;
    fill();
    this.#gathering = false;
    this.flush();
  }

  /** Reads nothing more. */
  stall(): void {
    this.#socket.pause();
  }

  /** Queues one message, whole. */
  send(message: Uint8Array): void {
    const start = this.#reserve(message.length);
    this.#out.set(message, start);
    this.#seal(start, start + message.length);
  }

  /** Queues a template's message with `id` in its place. */
  sendTemplate({ head, tail }: Template, id: number): void {
    const start = this.#reserve(head.length + tail.length + 16);
    this.#out.set(head, start);
    const afterId = this.wire.writeId(this.#out, start + head.length, id);
    this.#out.set(tail, afterId);
    this.#seal(start, afterId + tail.length);
  }

  /** Sends what is queued. Called by itself at the end of each chunk that was read. */
  flush(): void {
    if (this.#end === 0) return;
    this.#socket.write(this.#out.subarray(0, this.#end));
    this.#out = NOTHING;
    this.#end = 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Makes room for a message of at most this length; returns where it begins. */
  #reserve(estimate: number): number {
    const header = this.#framing.headerLength(estimate);
    if (this.#end + header + estimate > this.#out.length) {
      this.flush();
      this.#out = Buffer.allocUnsafe(Math.max(FLUSH_ABOVE * 2, header + estimate));
    }
    return this.#end + header;
  }

  #seal(start: number, end: number): void {
    this.#framing.seal(this.#out, this.#end, start, end);
    this.#end = end;
    if (this.#end > FLUSH_ABOVE || !this.#gathering) this.flush();
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#gathering = true;
    let at = 0;
    for (;;) {
      const next = this.#framing.read(bytes, at, this.#onMessage);
      if (next < 0) break;
      at = next;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : null;
    this.#gathering = false;
    this.flush();
  }
}
