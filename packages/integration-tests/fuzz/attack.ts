import { connect, type NetConnectOpts } from 'node:net';
import type { Random } from './random.js';

/** How long the other end may take to end a connection that was ended here, ms. */
const PATIENCE = 10_000;

/**
 * Opens a connection, writes pieces, ends it in one of several ways, and waits until it has ended.
 *
 * @throws {Error} when the other end keeps it open
 */
export async function attack(
  to: NetConnectOpts,
  pieces: readonly Uint8Array[],
  random: Random,
): Promise<void> {
  const socket = connect(to);
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the connection was ended here, and not there')), PATIENCE);
    socket.once('close', () => resolve());
  });
  // an end that comes early is as good as any other
  socket.on('error', () => {});
  socket.resume();
  try {
    for (const piece of pieces) {
      if (socket.destroyed) break;
      socket.write(piece);
      if (random.once(2)) await new Promise((resolve) => setImmediate(resolve));
    }
    if (random.once(2)) await new Promise((resolve) => setTimeout(resolve, 1));
    const way = random.below(4);
    if (way === 0) socket.destroy();
    else if (way === 1 && socket.remoteFamily !== undefined) socket.resetAndDestroy();
    else socket.end();
    await ended;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Cuts bytes anywhere. */
export function cut(bytes: Uint8Array, random: Random): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let rest = bytes;
  while (rest.length > 0 && pieces.length < 6) {
    const at = random.once(3) ? rest.length : 1 + random.below(rest.length);
    pieces.push(rest.subarray(0, at));
    rest = rest.subarray(at);
  }
  return [...pieces, rest];
}
