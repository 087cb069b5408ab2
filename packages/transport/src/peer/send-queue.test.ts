import { connect, type Socket } from 'node:net';
import {
  type CloseReason,
  Event,
  emptyDict,
  Payload,
  type Peer,
  Result,
  SharedMessage,
} from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { testTls } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { connectPeer, createListener, type Listener, type ListenerOptions } from '../index.js';

const MIB = 1024 * 1024;
const tls = testTls();
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openListener(
  options: Partial<ListenerOptions> = {},
): Promise<{ listener: Listener; peers: Peer[] }> {
  const peers: Peer[] = [];
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer],
    onPeer: (peer) => peers.push(peer),
    highWaterMark: MIB,
    hardLimit: 8 * MIB,
    ...options,
  });
  await listener.listen();
  closers.push(() => listener.close());
  return { listener, peers };
}

/** A client that has shaken hands and reads nothing more. */
async function openStalled(listener: Listener, peers: Peer[]): Promise<{ socket: Socket; peer: Peer }> {
  const socket = connect(Number(listener.address.split(':')[1]), '127.0.0.1');
  socket.on('error', () => {});
  closers.push(() => socket.destroy());
  const before = peers.length;
  socket.write(Buffer.from([0x7f, 0xf1, 0, 0]));
  await vi.waitFor(() => expect(peers).toHaveLength(before + 1), { interval: 1 });
  return { socket, peer: peers[before] as Peer };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function event(publication: number, size: number): SharedMessage {
  return new SharedMessage(new Event(1, publication, emptyDict, Payload.of(['x'.repeat(size)])));
}

describe('SendQueue', () => {
  test('BP-TRN-01: a slow reader is congested alone, and no longer when it has read', async () => {
    const { listener, peers } = await openListener();
    const { socket, peer: slow } = await openStalled(listener, peers);
    const client = await connectPeer(`ws://${listener.address}/`, { serializers: [jsonSerializer] });
    closers.push(() => client.close());
    const fast = peers[1] as Peer;
    let received = 0;
    client.onMessage = () => received++;
    let sent = 0;
    let dropped = 0;
    while (dropped < 20) {
      const shared = event(++sent, 100_000);
      fast.sendShared(shared);
      if (slow.congested) dropped++;
      else slow.sendShared(shared);
      await nextTurn();
    }
    await vi.waitFor(() => expect(received).toBe(sent));
    expect([fast.congested, slow.congested]).toEqual([false, true]);
    expect(slow.queuedBytes).toBeGreaterThan(MIB);
    expect(slow.queuedBytes).toBeLessThan(2 * MIB);
    let arrived = 0;
    socket.on('data', (chunk) => {
      arrived += chunk.length;
    });
    await vi.waitFor(() => expect([slow.congested, slow.queuedBytes]).toEqual([false, 0]));
    expect(arrived).toBeGreaterThan((sent - dropped - 1) * 100_000);
  });

  test.each([
    ['WebSocket', {}],
    ['compressed WebSocket', { websocket: { compression: true } }],
  ])('BP-TRN-01: bytes for a %s that reads in bits arrive unharmed', async (_, options) => {
    const { listener, peers } = await openListener({ hardLimit: 64 * MIB, ...options });
    const client = await connectPeer(`ws://${listener.address}/`, {
      serializers: [jsonSerializer],
      compression: true,
    });
    closers.push(() => client.close());
    const peer = peers[0] as Peer;
    const got: string[] = [];
    client.onMessage = (message) => {
      got.push(((message as Event).payload.args()[0] as string).slice(0, 12));
      if (got.length % 50 === 0) {
        client.pause();
        setImmediate(() => client.resume());
      }
    };
    const wanted: string[] = [];
    for (let i = 0; i < 1000; i++) {
      const text = `${i}`.padEnd(12, '.') + 'x'.repeat((i * 37) % 20_000);
      wanted.push(text.slice(0, 12));
      const payload = Payload.of([text]);
      if (i % 3 === 0) peer.send(new Result(i + 1, emptyDict, payload));
      else peer.sendShared(new SharedMessage(new Event(1, i + 1, emptyDict, payload)));
      if (i % 10 === 0) await nextTurn();
    }
    await vi.waitFor(() => expect(got).toHaveLength(1000), { timeout: 10_000 });
    expect(got).toEqual(wanted);
  });

  test.each([
    ['plain', {}],
    ['TLS', { tls }],
    ['compressed', { websocket: { compression: true } }],
  ])('BP-TRN-01: above the hard limit a peer is closed, %s', async (_, options) => {
    const { listener, peers } = await openListener(options);
    const url = `${'tls' in options ? 'wss' : 'ws'}://localhost:${listener.address.split(':')[1]}/`;
    const client = await connectPeer(url, {
      serializers: [jsonSerializer],
      compression: true,
      tls: { ca: tls.cert },
    });
    client.pause();
    const peer = peers[0] as Peer;
    const ends: CloseReason[] = [];
    peer.onClose = (reason) => ends.push(reason);
    for (let i = 1; i <= 100 && ends.length === 0; i++) {
      const noise = Array.from({ length: 30_000 }, () => Math.random());
      expect(peer.send(new Result(i, emptyDict, Payload.of(noise)))).toBeNull();
      if (i % 5 === 0) await nextTurn();
    }
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]?.clean).toBe(false);
    expect(ends[0]?.error?.message).toBe(
      `send queue over its hard limit of ${8 * MIB} bytes: the other end reads too slowly`,
    );
    expect([peer.queuedBytes, listener.connections]).toEqual([0, 0]);
  });

  test('RS-07: PONGs for a peer that reads none count too', async () => {
    const { listener, peers } = await openListener({ hardLimit: MIB });
    const { socket, peer } = await openStalled(listener, peers);
    const ends: CloseReason[] = [];
    peer.onClose = (reason) => ends.push(reason);
    const ping = Buffer.concat([Buffer.from([1, 1, 0, 0]), Buffer.alloc(65_536)]);
    while (ends.length === 0 && !socket.destroyed) {
      if (socket.writableLength < MIB) socket.write(ping);
      await nextTurn();
    }
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]?.message).toContain('hard limit');
  });

  test('BP-TRN-01: what is sent in one turn goes out as one write', async () => {
    const { listener, peers } = await openListener();
    const { socket, peer } = await openStalled(listener, peers);
    const chunks: number[] = [];
    socket.on('data', (chunk) => chunks.push(chunk.length));
    await vi.waitFor(() => expect(chunks).toEqual([4]));
    for (let i = 1; i <= 16; i++) peer.send(new Result(i, emptyDict));
    await vi.waitFor(() => expect(chunks).toHaveLength(2));
    for (let i = 1; i <= 8; i++) {
      peer.sendShared(event(i, 10));
      peer.send(new Result(i, emptyDict));
    }
    await vi.waitFor(() => expect(chunks).toHaveLength(3));
  });
});
