import { once } from 'node:events';
import { connect } from 'node:net';
import type { CloseReason, Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { FakeClock } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { connectPeer, createListener } from '../index.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openListener(clock: FakeClock, times: { pingInterval?: number; pingTimeout?: number } = {}) {
  const ends: CloseReason[] = [];
  const peers: Peer[] = [];
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer],
    clock,
    handshakeTimeout: 0,
    websocket: times,
    onPeer: (peer) => {
      peers.push(peer);
      peer.onClose = (reason) => ends.push(reason);
    },
  });
  await listener.listen();
  closers.push(() => listener.close());
  return { listener, ends, peers };
}

/** A WebSocket client that counts pings and answers them or not. */
async function openWebSocket(address: string, autoPong: boolean) {
  const ws = new WebSocket(`ws://${address}/`, 'wamp.2.json', { autoPong });
  const client = { ws, pings: 0 };
  ws.on('ping', () => client.pings++);
  closers.push(() => ws.terminate());
  await once(ws, 'open');
  return client;
}

async function openRawSocket(address: string) {
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  const received: number[] = [];
  socket.on('error', () => {});
  socket.on('data', (chunk) => received.push(...chunk));
  closers.push(() => socket.destroy());
  socket.write(Buffer.from([0x7f, 0xf1, 0, 0]));
  await vi.waitFor(() => expect(received).toHaveLength(4));
  received.length = 0;
  return { socket, received };
}

describe('keepalive', () => {
  test('BP-TRN-01: a silent WebSocket is pinged after pingInterval and closed after pingTimeout', async () => {
    const clock = new FakeClock();
    const { listener, ends, peers } = await openListener(clock);
    const client = await openWebSocket(listener.address, false);
    let messages = 0;
    (peers[0] as Peer).onMessage = () => messages++;
    clock.advance(29_000);
    client.ws.send('[16,1,{},"com.example.topic"]');
    await vi.waitFor(() => expect(messages).toBe(1));
    clock.advance(29_000);
    expect(client.pings).toBe(0);
    clock.advance(6_000);
    await vi.waitFor(() => expect(client.pings).toBe(1));
    clock.advance(7_000);
    expect(ends).toEqual([]);
    clock.advance(6_000);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]).toMatchObject({ clean: false, message: 'no answer to a ping within 10000 ms' });
    expect([listener.connections, clock.timers]).toEqual([0, 0]);
  });

  test('BP-TRN-01: a WebSocket that answers stays open and is pinged again and again', async () => {
    const clock = new FakeClock();
    const { listener, ends } = await openListener(clock);
    const client = await openWebSocket(listener.address, true);
    for (let round = 1; round <= 4; round++) {
      clock.advance(35_000);
      await vi.waitFor(() => expect(client.pings).toBe(round), { interval: 5 });
      let answered = false;
      client.ws.ping(() => {
        answered = true;
      });
      await once(client.ws, 'pong');
      expect(answered).toBe(true);
    }
    expect([ends.length, listener.connections]).toEqual([0, 1]);
  });

  test('RS-07: a silent RawSocket is pinged too, and stays open when it answers', async () => {
    const clock = new FakeClock();
    const { listener, ends, peers } = await openListener(clock);
    const { socket, received } = await openRawSocket(listener.address);
    let messages = 0;
    (peers[0] as Peer).onMessage = () => messages++;
    clock.advance(35_000);
    await vi.waitFor(() => expect(received).toEqual([1, 0, 0, 0]));
    const publish = '[16,1,{},"com.example.topic"]';
    socket.write(Buffer.from([2, 0, 0, 0, 0, 0, 0, publish.length, ...Buffer.from(publish)]));
    await vi.waitFor(() => expect(messages).toBe(1));
    clock.advance(15_000);
    expect(ends).toEqual([]);
    clock.advance(60_000);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
  });

  test('BP-TRN-01: a peer that its owner paused is not taken for dead', async () => {
    const clock = new FakeClock();
    const { listener, ends, peers } = await openListener(clock);
    await openWebSocket(listener.address, false);
    (peers[0] as Peer).pause();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(300_000);
    expect([ends.length, listener.connections]).toEqual([0, 1]);
  });

  test('BP-TRN-01: pingInterval 0 turns it off, and no timer is left', async () => {
    const clock = new FakeClock();
    const { listener } = await openListener(clock, { pingInterval: 0 });
    const client = await openWebSocket(listener.address, false);
    expect(clock.timers).toBe(0);
    clock.advance(1_000_000);
    expect([client.pings, listener.connections]).toEqual([0, 1]);
  });

  test('BP-TRN-01: many peers are swept by one timer', async () => {
    const clock = new FakeClock();
    const { listener } = await openListener(clock);
    for (let i = 0; i < 5; i++) await openWebSocket(listener.address, true);
    expect([listener.connections, clock.timers]).toEqual([5, 1]);
  });

  test('BP-TRN-01: a client pings a silent router and gives it up', async () => {
    const router = new FakeClock();
    const clock = new FakeClock();
    const { listener, peers } = await openListener(router, { pingInterval: 0 });
    const url = `tcp://${listener.address}`;
    const client = await connectPeer(url, { serializers: [jsonSerializer], clock, connectTimeout: 0 });
    const ends: CloseReason[] = [];
    client.onClose = (reason) => ends.push(reason);
    await vi.waitFor(() => expect(peers).toHaveLength(1));
    // A peer in the same process always answers, unless its end does not read.
    (peers[0] as Peer).pause();
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(35_000);
    clock.advance(15_000);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]?.message).toBe('no answer to a ping within 10000 ms');
  });
});
