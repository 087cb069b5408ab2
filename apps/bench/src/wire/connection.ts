import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Template, Wire } from './wire.js';

const HEADER = 14; // the longest header of a masked frame
const FLUSH_ABOVE = 192 * 1024;

/** Gets each message's bytes, `[start, end)`; valid during the call only. */
export type MessageHandler = (bytes: Buffer, start: number, end: number) => void;

/**
 * A WebSocket client end made for load: frames are built and masked in place, with random keys as real clients do, and
 * everything that is sent while one chunk is read goes out as one write.
 */
export class Connection {
  readonly wire: Wire;
  readonly #socket: Socket;
  #onMessage: MessageHandler = () => {};
  #out = Buffer.allocUnsafe(FLUSH_ABOVE * 2);
  #end = 0;
  #rest: Buffer | null = null;
  #seed = randomBytes(4).readUInt32LE() | 1;
  #reading = false;

  private constructor(socket: Socket, wire: Wire) {
    this.#socket = socket;
    this.wire = wire;
  }

  /** Connects and upgrades. Rejects when the other end is no WebSocket server of the wire's subprotocol. */
  static async open(port: number, wire: Wire): Promise<Connection> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const connection = new Connection(socket, wire);
    await connection.#upgrade(port);
    return connection;
  }

  set onMessage(handler: MessageHandler) {
    this.#onMessage = handler;
  }

  /** Queues one message, whole. */
  send(message: Uint8Array): void {
    const start = this.#reserve(message.length);
    this.#out.set(message, start);
    this.#seal(start, start + message.length, message.length);
  }

  /** Queues a template's message with `id` in its place. */
  sendTemplate({ head, tail }: Template, id: number): void {
    const estimate = head.length + tail.length + 16;
    const start = this.#reserve(estimate);
    this.#out.set(head, start);
    const afterId = this.wire.writeId(this.#out, start + head.length, id);
    this.#out.set(tail, afterId);
    this.#seal(start, afterId + tail.length, estimate);
  }

  /** Sends what is queued. Called by itself at the end of each chunk that was read. */
  flush(): void {
    if (this.#end === 0) return;
    this.#socket.write(this.#out.subarray(0, this.#end));
    this.#out = Buffer.allocUnsafe(FLUSH_ABOVE * 2);
    this.#end = 0;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #upgrade(port: number): Promise<void> {
    const socket = this.#socket;
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${this.wire.subprotocol}\r\n\r\n`,
    );
    let head = '';
    await new Promise<void>((resolve, reject) => {
      const onData = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', onData);
        this.#rest = end + 4 < head.length ? Buffer.from(head.slice(end + 4), 'latin1') : null;
        if (head.startsWith('HTTP/1.1 101')) resolve();
        else reject(new Error(`no upgrade: ${head.slice(0, 80)}`));
      };
      socket.on('data', onData);
      socket.once('error', reject);
    });
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  #reserve(estimate: number): number {
    if (this.#end + HEADER + estimate > this.#out.length) this.flush();
    if (HEADER + estimate > this.#out.length) this.#out = Buffer.allocUnsafe(HEADER + estimate + FLUSH_ABOVE);
    return this.#end + headerLength(estimate);
  }

  /** Puts header and mask around `[start, end)`; the header's length follows the estimate, as in `#reserve`. */
  #seal(start: number, end: number, estimate: number): void {
    const out = this.#out;
    const length = end - start;
    let at = this.#end;
    out[at++] = 0x80 | this.wire.opcode;
    if (estimate < 126) out[at++] = 0x80 | length;
    else if (estimate < 65536) {
      out[at++] = 0x80 | 126;
      at = out.writeUInt16BE(length, at);
    } else {
      out[at++] = 0x80 | 127;
      at = out.writeUInt32BE(0, at);
      at = out.writeUInt32BE(length, at);
    }
    this.#mask(at, start, end);
    this.#end = end;
    if (this.#end > FLUSH_ABOVE || !this.#reading) this.flush();
  }

  #mask(at: number, start: number, end: number): void {
    const out = this.#out;
    let seed = this.#seed;
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    this.#seed = seed;
    const k0 = (out[at] = seed & 255);
    const k1 = (out[at + 1] = (seed >>> 8) & 255);
    const k2 = (out[at + 2] = (seed >>> 16) & 255);
    const k3 = (out[at + 3] = seed >>> 24);
    let i = start;
    for (const last = end - 3; i < last; i += 4) {
      out[i] ^= k0;
      out[i + 1] ^= k1;
      out[i + 2] ^= k2;
      out[i + 3] ^= k3;
    }
    if (i < end) out[i] ^= k0;
    if (i + 1 < end) out[i + 1] ^= k1;
    if (i + 2 < end) out[i + 2] ^= k2;
  }

  #read(chunk: Buffer): void {
    const bytes = this.#rest === null ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#reading = true;
    let at = 0;
    for (;;) {
      const next = this.#readFrame(bytes, at);
      if (next < 0) break;
      at = next;
    }
    this.#rest = at < bytes.length ? bytes.subarray(at) : null;
    this.#reading = false;
    this.flush();
  }

  /** Reads one frame; returns where the next begins, -1 when the frame is not there yet. */
  #readFrame(bytes: Buffer, at: number): number {
    if (at + 2 > bytes.length) return -1;
    let length = bytes[at + 1];
    let start = at + 2;
    if (length === 126) {
      if (at + 4 > bytes.length) return -1;
      length = bytes.readUInt16BE(at + 2);
      start = at + 4;
    } else if (length === 127) {
      if (at + 10 > bytes.length) return -1;
      length = bytes.readUInt32BE(at + 6);
      start = at + 10;
    }
    const end = start + length;
    if (end > bytes.length) return -1;
    if ((bytes[at] & 15) < 8) this.#onMessage(bytes, start, end);
    return end;
  }
}

function headerLength(estimate: number): number {
  return estimate < 126 ? 6 : estimate < 65536 ? 8 : 14;
}
