import type { Socket } from 'node:net';
import { type Framing, type MessageHandler, readHandshake } from './framing.js';
import type { Wire } from './wire.js';

const MAGIC = 0x7f;
const LARGEST = 0xf0; // 2^24 bytes

/** RawSocket: four bytes before each message. */
export class RawSocketFraming implements Framing {
  async handshake(socket: Socket, wire: Wire): Promise<Buffer> {
    socket.write(Uint8Array.of(MAGIC, LARGEST | wire.rawSocketId, 0, 0));
    return readHandshake(socket, (bytes) => {
      if (bytes.length < 4) return -1;
      if (bytes[0] !== MAGIC || (bytes[1] & 15) !== wire.rawSocketId)
        throw new Error(`refused the handshake: ${bytes.toString('hex', 0, 4)}`);
      return 4;
    });
  }

  headerLength(): number {
    return 4;
  }

  seal(out: Buffer, at: number, start: number, end: number): void {
    out.writeUInt32BE(end - start, at);
  }

  read(bytes: Buffer, at: number, onMessage: MessageHandler): number {
    if (at + 4 > bytes.length) return -1;
    const start = at + 4;
    const end = start + bytes.readUIntBE(at + 1, 3);
    if (end > bytes.length) return -1;
    if (bytes[at] === 0) onMessage(bytes, start, end);
    return end;
  }
}
