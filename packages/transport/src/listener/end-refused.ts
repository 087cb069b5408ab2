import type { Socket } from 'node:net';
import { limits } from '../limits.js';

/**
 * Says a last word to a connection that is refused. What it still sends is read and thrown away: closing with unread
 * bytes would reset the connection, and the other end might never see the answer.
 */
export function endRefused(socket: Socket, answer: Uint8Array | string): void {
  socket.on('error', ignore);
  socket.setTimeout(limits.closeTimeout, () => socket.destroy());
  socket.once('end', () => socket.destroy());
  socket.end(answer);
  socket.resume();
}

function ignore(): void {}
