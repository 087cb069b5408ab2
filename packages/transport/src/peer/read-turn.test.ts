import { connect } from 'node:net';
import type { Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createListener } from '../index.js';
import { limits } from '../limits.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const publish = '[16,1,{},"com.example.topic"]'.padEnd(1020);
const count = 5000;

/** Counts the bytes of messages by turn of the event loop. */
async function openListener() {
  const turns: number[] = [];
  let turn = 0;
  let watching = true;
  const next = () => {
    turn++;
    if (watching) setImmediate(next);
  };
  setImmediate(next);
  const onPeer = (peer: Peer) => {
    peer.onMessage = () => {
      turns[turn] = (turns[turn] ?? 0) + publish.length;
    };
  };
  const listener = createListener({ bind: '127.0.0.1:0', serializers: [jsonSerializer], onPeer });
  await listener.listen();
  closers.push(() => {
    watching = false;
    return listener.close();
  });
  const total = () => turns.reduce((sum, bytes) => sum + bytes, 0);
  return { address: listener.address, turns, total };
}

test('BP-TRN-01: a RawSocket peer that floods is read for one share a turn', async () => {
  const { address, turns, total } = await openListener();
  const frame = Buffer.concat([Buffer.from([0, 0, 3, 252]), Buffer.from(publish)]);
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  closers.push(() => socket.destroy());
  socket.write(Buffer.from([0x7f, 0xf1, 0, 0]));
  socket.write(Buffer.concat(Array.from({ length: count }, () => frame)));
  await vi.waitFor(() => expect(total()).toBe(count * publish.length), { timeout: 10_000 });
  expect(Math.max(...turns.filter((bytes) => bytes > 0))).toBeLessThanOrEqual(
    limits.readSize + limits.readHold,
  );
});

test('BP-TRN-01: a WebSocket peer that floods is read for one share a turn', async () => {
  const { address, turns, total } = await openListener();
  const ws = new WebSocket(`ws://${address}/`, 'wamp.2.json');
  closers.push(() => ws.terminate());
  await new Promise((resolve) => ws.once('open', resolve));
  for (let i = 0; i < count; i++) ws.send(publish);
  await vi.waitFor(() => expect(total()).toBe(count * publish.length), { timeout: 10_000 });
  expect(Math.max(...turns.filter((bytes) => bytes > 0))).toBeLessThanOrEqual(
    limits.readSize + limits.readHold,
  );
});
