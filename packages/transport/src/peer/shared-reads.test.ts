import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { behindHeld, shareReads } from './shared-reads.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const sent = Buffer.from(Uint32Array.from({ length: 250_000 }, (_, index) => index).buffer);

/** Takes the first bytes back, as a gate does that has read a handshake, and reads on a turn later. */
function acceptLate(socket: Socket, received: Buffer[]): void {
  socket.once('data', (first: Buffer) => {
    socket.pause();
    socket.unshift(first);
    socket.on('data', (chunk: Buffer) => received.push(Buffer.from(chunk)));
    const onRead = behindHeld((length, buffer) => {
      received.push(Buffer.from(buffer.subarray(0, length)));
      return true;
    });
    shareReads(socket, Buffer.alloc(64 * 1024), onRead);
    setImmediate(() => setImmediate(() => socket.resume()));
  });
}

// Newer Nodes have a mark of 64 KiB: above what one read leaves behind a handshake, so that the socket reads on.
test.each([128 * 1024, 16 * 1024])(
  'BP-TRN-01: bytes stay in order behind those that a socket with a high-water mark of %i holds',
  async (highWaterMark) => {
    const received: Buffer[] = [];
    const server = createServer({ highWaterMark }, (socket) => acceptLate(socket, received));
    closers.push(() => new Promise((resolve) => server.close(resolve)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    closers.push(() => socket.destroy());
    socket.write(sent);
    const size = () => received.reduce((sum, { length }) => sum + length, 0);
    await vi.waitFor(() => expect(size()).toBe(sent.length), { timeout: 10_000 });
    expect(Buffer.concat(received).equals(sent)).toBe(true);
  },
);
