import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { limits } from '../limits.js';
import { SendQueue } from './send-queue.js';
import { Slab } from './slab.js';
import { Turn } from './turn.js';

/** A socket whose other end reads when it is told to. */
class StuckSocket extends Writable {
  writes = 0;
  text = '';
  #done: (() => void) | null = null;

  override write(chunk: Buffer): boolean {
    this.writes++;
    return super.write(chunk);
  }

  override _write(chunk: Buffer, _: string, done: () => void): void {
    this.text += chunk.toString();
    this.#done = done;
  }

  /** Lets everything go that has been written so far, and what that brings about. */
  async drain(): Promise<void> {
    while (this.#done !== null) {
      const done = this.#done;
      this.#done = null;
      done();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

const bounds = { highWaterMark: 1_000_000, hardLimit: 2_000_000 };

function openQueue() {
  const socket = new StuckSocket({ highWaterMark: 1024 });
  const owner = { endTurn: () => {}, readOn: () => {} };
  const turn = new Turn(() => {});
  const queue = new SendQueue(socket as unknown as Socket, owner, { turn, bounds, copies: false });
  const expected: string[] = [];
  const write = (text: string): boolean => {
    const slab = new Slab(Buffer.alloc(text.length));
    slab.bytes.write(text);
    expected.push(text);
    return queue.append(slab, 0, text.length);
  };
  return { socket, queue, write, expected };
}

test('BP-TRN-01: small frames behind a backlog are written as few blocks, in order', async () => {
  const { socket, queue, write, expected } = openQueue();
  write('x'.repeat(4096));
  queue.flush();
  for (let i = 0; i < 10_000; i++) {
    write(`frame ${i};`);
    // now and then one that is larger than a block
    if (i % 2500 === 0) write('y'.repeat(limits.backlogBlock + 1));
    queue.flush();
  }
  const { length } = expected.join('');
  expect(queue.size).toBe(length);
  expect(socket.writes).toBeLessThan(2 * Math.ceil(length / limits.backlogBlock) + 10);
  await socket.drain();
  expect(socket.text === expected.join('')).toBe(true);
  expect(queue.size).toBe(0);
  const before = socket.writes;
  write('again');
  queue.flush();
  expect(socket.writes).toBe(before + 1);
  await socket.drain();
  expect(socket.text.endsWith('again')).toBe(true);
});

test('BP-TRN-01: what is held back counts as queued: for congestion and for the hard limit', () => {
  const { queue, write } = openQueue();
  write('x'.repeat(bounds.highWaterMark - 100));
  queue.flush();
  expect(queue.congested).toBe(false);
  write('y'.repeat(200));
  queue.flush();
  expect(queue.congested).toBe(true);
  expect(write('z'.repeat(bounds.hardLimit - bounds.highWaterMark - 100))).toBe(false);
  queue.flush();
  expect(write('!')).toBe(true);
});

test('BP-TRN-01: at the end what is held back is written, behind what went before; a failed peer writes nothing', async () => {
  const { socket, queue, write, expected } = openQueue();
  for (const text of ['x'.repeat(4096), 'a', 'b']) {
    write(text);
    queue.flush();
  }
  write('c');
  queue.flushAll();
  socket.end();
  await socket.drain();
  expect(socket.text).toBe(expected.join(''));

  const failed = openQueue();
  for (const text of ['x'.repeat(4096), 'a']) {
    failed.write(text);
    failed.queue.flush();
  }
  failed.queue.drop();
  await failed.socket.drain();
  expect(failed.socket.text).toBe('x'.repeat(4096));
});
