import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Framing, type MessageHandler, readHandshake } from './framing.js';
import type { Wire } from './wire.js';

/** WebSocket frames of a client, built and masked in place, with random keys as real clients do. */
export class WebSocketFraming implements Framing {
  #seed = randomBytes(4).readUInt32LE() | 1;
  #opcode = 0;

  async handshake(socket: Socket, wire: Wire): Promise<Buffer> {
    this.#opcode = wire.opcode;
    const key = randomBytes(16).toString('base64');
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${socket.remotePort}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${wire.subprotocol}\r\n\r\n`,
    );
    return readHandshake(socket, (bytes) => {
      const end = bytes.indexOf('\r\n\r\n');
      if (end < 0) return -1;
      const head = bytes.toString('latin1', 0, end);
      if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no upgrade: ${head.slice(0, 80)}`);
      return end + 4;
    });
  }

  headerLength(estimate: number): number {
    return estimate < 126 ? 6 : estimate < 65536 ? 8 : 14;
  }

  seal(out: Buffer, at: number, start: number, end: number): void {
    const length = end - start;
    const header = start - at;
    out[at++] = 0x80 | this.#opcode;
    if (header === 6) out[at++] = 0x80 | length;
    else if (header === 8) {
      out[at++] = 0x80 | 126;
      at = out.writeUInt16BE(length, at);
    } else {
      out[at++] = 0x80 | 127;
      at = out.writeUInt32BE(0, at);
      at = out.writeUInt32BE(length, at);
    }
    this.#mask(out, at, start, end);
  }

  read(bytes: Buffer, at: number, onMessage: MessageHandler): number {
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
    if ((bytes[at] & 15) < 8) onMessage(bytes, start, end);
    return end;
  }

  #mask(out: Buffer, at: number, start: number, end: number): void {
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
}
