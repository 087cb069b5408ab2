import { connect, type Socket } from 'node:net';
import type { CloseReason, Peer, Serializer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createListener, type ListenerOptions } from './index.js';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A listener whose only peer writes down what happens to it. */
async function openListener(options: Partial<ListenerOptions> = {}) {
  const log: string[] = [];
  const ends: CloseReason[] = [];
  const onPeer = (peer: Peer) => {
    peer.onMessage = ({ code }) => log.push(`message ${code}`);
    peer.onViolation = (error) => {
      log.push(`violation: ${error.message}`);
      peer.close('wamp.error.protocol_violation');
    };
    peer.onClose = (reason) => ends.push(reason);
  };
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer],
    onPeer,
    ...options,
  });
  await listener.listen();
  closers.push(() => listener.close());
  return { listener, log, ends };
}

async function openWebSocket(address: string, serializer: Serializer = jsonSerializer) {
  const ws = new WebSocket(`ws://${address}/`, `wamp.2.${serializer.name}`);
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  closers.push(() => ws.terminate());
  await new Promise((resolve) => ws.once('open', resolve));
  return { ws, closed };
}

async function openRawSocket(
  address: string,
): Promise<{ socket: Socket; received: number[]; closed: Promise<void> }> {
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
  const received: number[] = [];
  socket.on('error', () => {});
  socket.on('data', (chunk) => received.push(...chunk));
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  closers.push(() => socket.destroy());
  socket.write(Buffer.from([0x7f, 0xf1, 0, 0]));
  await vi.waitFor(() => expect(received).toHaveLength(4));
  received.length = 0;
  return { socket, received, closed };
}

const publish = '[16,1,{},"com.example.topic"]';

describe('violations over WebSocket', () => {
  test.each([
    [
      'BP-TRN-03: a binary frame on a text subprotocol',
      jsonSerializer,
      Buffer.from(publish),
      'binary frame received; subprotocol wamp.2.json takes text frames',
    ],
    [
      'BP-TRN-03: a text frame on a binary subprotocol',
      msgpackSerializer,
      publish,
      'text frame received; subprotocol wamp.2.msgpack takes binary frames',
    ],
    ['BP-PERR-05: what is no list', jsonSerializer, '{}', ''],
    ['BP-PERR-05: an unknown message type', jsonSerializer, '[999]', 'unknown message type 999'],
    ['BP-PERR-05: an empty frame', jsonSerializer, '', ''],
  ])('%s is a violation, told once, and nothing is delivered after it', async (_, serializer, data, text) => {
    const { listener, log, ends } = await openListener({ serializers: [serializer] });
    const { ws, closed } = await openWebSocket(listener.address, serializer);
    ws.send(data);
    ws.send(data);
    ws.send(publish, { binary: serializer.binary });
    expect(await closed).toEqual({ code: 1002, reason: 'wamp.error.protocol_violation' });
    expect(log).toHaveLength(1);
    expect(log[0]).toContain(`violation: ${text}`);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]).toEqual({ clean: true, message: 'closed here: wamp.error.protocol_violation' });
  });

  test('BP-TRN-03: text that is no UTF-8 is a violation, closed with 1007', async () => {
    const { listener, log } = await openListener();
    const { ws, closed } = await openWebSocket(listener.address);
    ws.send(Buffer.concat([Buffer.from('[16,1,{},"com.'), Buffer.from([0xff]), Buffer.from('"]')]), {
      binary: false,
    });
    expect((await closed).code).toBe(1007);
    expect(log).toEqual([expect.stringContaining('violation')]);
  });

  test('BP-PERR-05: messages before a violation are delivered, also when delivery was paused', async () => {
    const log: string[] = [];
    let peer: Peer | undefined;
    const { listener } = await openListener({
      onPeer: (made) => {
        peer = made;
        made.onMessage = ({ code }) => {
          log.push(`message ${code}`);
          made.pause();
        };
        made.onViolation = () => log.push('violation');
      },
    });
    const { ws } = await openWebSocket(listener.address);
    ws.send(publish);
    ws.send(publish);
    ws.send(Buffer.from(publish));
    ws.send(publish);
    await vi.waitFor(() => expect(log).toHaveLength(1));
    peer?.resume();
    await vi.waitFor(() => expect(log).toHaveLength(2));
    peer?.resume();
    await vi.waitFor(() => expect(log).toEqual(['message 16', 'message 16', 'violation']));
  });

  test('BP-PERR-05: without onViolation the transport closes itself', async () => {
    const { listener } = await openListener({ onPeer: () => {} });
    const { ws, closed } = await openWebSocket(listener.address);
    ws.send('{}');
    expect((await closed).code).toBe(1002);
  });

  test('BP-RPC-09: a message over maxMessageSize closes with 1009', async () => {
    const { listener, log, ends } = await openListener({ maxMessageSize: 1000 });
    const { ws, closed } = await openWebSocket(listener.address);
    ws.send(publish.padEnd(1000));
    ws.send(publish.padEnd(1001));
    expect((await closed).code).toBe(1009);
    expect(log).toEqual(['message 16']);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]).toMatchObject({
      clean: false,
      message: 'connection failed: received a message larger than 1000 bytes',
    });
  });

  test('BP-TRN-02: one message may come in many fragments', async () => {
    const { listener, log } = await openListener();
    const { ws } = await openWebSocket(listener.address);
    for (const letter of publish) ws.send(letter, { fin: false });
    ws.send('', { fin: true });
    await vi.waitFor(() => expect(log).toEqual(['message 16']));
  });

  test('BP-TRN-01: a connection that breaks is told as lost', async () => {
    const { listener, ends } = await openListener();
    const { ws } = await openWebSocket(listener.address);
    ws.terminate();
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]).toMatchObject({
      clean: false,
      message: expect.stringMatching(/^connection (lost|failed)/),
    });
  });

  test('BP-TRN-01: the code and text of the other end are told', async () => {
    const { listener, ends } = await openListener();
    const { ws } = await openWebSocket(listener.address);
    ws.close(4321, 'gone fishing');
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]).toEqual({ clean: true, message: 'closed by the other end with code 4321: gone fishing' });
  });
});

describe('violations over RawSocket', () => {
  const wamp = (text: string) => [0, 0, 0, text.length, ...Buffer.from(text)];

  test.each([
    ['a reserved frame type', [3, 0, 0, 0], 'reserved frame type 3'],
    ['reserved bits', [0x40, 0, 0, 0], 'reserved bits set in frame header 0x40'],
    [
      'a frame over the announced limit',
      [0, 1, 0, 1],
      'frame of 65537 bytes, above the 65536 announced here',
    ],
  ])('RS-05 RS-06: %s fails this connection only', async (_, octets, text) => {
    const { listener, log, ends } = await openListener({ maxMessageSize: 65_536 });
    const other = await openRawSocket(listener.address);
    const { socket, closed } = await openRawSocket(listener.address);
    socket.write(Buffer.from([...wamp(publish), ...octets, ...wamp(publish)]));
    await closed;
    expect(log).toEqual(['message 16']);
    expect(ends).toEqual([expect.objectContaining({ clean: false, message: `RawSocket: ${text}` })]);
    other.socket.write(Buffer.from(wamp(publish)));
    await vi.waitFor(() => expect(log).toHaveLength(2));
  });

  test('BP-PERR-05: what is no message is a violation, told once', async () => {
    const { listener, log } = await openListener();
    const { socket, closed } = await openRawSocket(listener.address);
    socket.write(Buffer.from([...wamp(publish), ...wamp('[]'), ...wamp('[]'), ...wamp(publish)]));
    await closed;
    expect(log).toEqual(['message 16', expect.stringContaining('violation')]);
  });

  test('RS-07: each PING gets one PONG with the same payload, also while delivery is paused', async () => {
    const { listener } = await openListener({
      onPeer: (peer) => {
        peer.onMessage = () => peer.pause();
      },
    });
    const { socket, received } = await openRawSocket(listener.address);
    const frames = [...wamp(publish), 1, 0, 0, 2, 7, 8, ...wamp(publish), 1, 0, 0, 0, 2, 0, 0, 1, 9];
    socket.write(Buffer.from(frames));
    await vi.waitFor(() => expect(received).toEqual([2, 0, 0, 2, 7, 8, 2, 0, 0, 0]));
  });

  test('BP-TRN-01: what was asked before the end of the stream is answered', async () => {
    const ends: CloseReason[] = [];
    const { listener } = await openListener({
      onPeer: (peer) => {
        peer.onMessage = (message) => peer.send(message);
        peer.onClose = (reason) => ends.push(reason);
      },
    });
    const { socket, received, closed } = await openRawSocket(listener.address);
    socket.end(Buffer.from(wamp(publish)));
    await closed;
    expect(Buffer.from(received.slice(4)).toString()).toBe(publish);
    await vi.waitFor(() => expect(ends).toEqual([{ clean: true, message: 'closed by the other end' }]));
  });
});
