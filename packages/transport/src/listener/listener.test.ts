import { once } from 'node:events';
import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import type { Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { FakeClock, testTls } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { connectPeer, createListener, type Listener, type ListenerOptions } from '../index.js';

const tls = testTls();
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Port {
  readonly listener: Listener;
  readonly peers: Peer[];
  readonly number: number;
}

const upgradeRequest = [
  'GET /ws HTTP/1.1',
  'Host: localhost',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Protocol: wamp.2.json',
  '\r\n',
].join('\r\n');

async function openPort(options: Partial<ListenerOptions> = {}): Promise<Port> {
  const peers: Peer[] = [];
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer],
    onPeer: (peer) => peers.push(peer),
    ...options,
  });
  await listener.listen();
  closers.push(() => listener.close());
  return { listener, peers, number: Number(listener.address.split(':').at(-1)) };
}

function open(port: Port): Socket {
  const socket = connect(port.number, '127.0.0.1');
  socket.on('error', () => {});
  closers.push(() => socket.destroy());
  return socket;
}

/** Everything that comes until the other end ends, as latin1. */
async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

async function get(port: Port, path: string, options: { method?: string; secure?: boolean } = {}) {
  const { method = 'GET', secure = false } = options;
  const send = secure ? secureRequest : request;
  const sent = send({ host: '127.0.0.1', port: port.number, path, method, ca: tls.cert, agent: false }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode as number, headers: response.headers, body };
}

/** Asks for an upgrade; tells the status and the body, or 101 and the subprotocol. */
async function upgrade(port: Port, path: string, options: { protocols?: string[]; origin?: string } = {}) {
  const { protocols = ['wamp.2.json'], origin } = options;
  const url = `ws://127.0.0.1:${port.number}${path}`;
  const ws = new WebSocket(url, protocols, origin === undefined ? {} : { origin });
  ws.on('error', () => {});
  closers.push(() => ws.terminate());
  return new Promise<{ status: number; text: string }>((resolve) => {
    ws.once('open', () => resolve({ status: 101, text: ws.protocol }));
    ws.once('unexpected-response', async (_, response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode as number, text });
    });
  });
}

const hello = Buffer.from([0x7f, 0xf1, 0, 0]);

describe('the universal port', () => {
  const served = ['websocket', 'rawsocket', 'http'] as const;

  test.each([
    { protocols: served, websocket: 101, rawsocket: '\x7f\xf1\0\0', http: 200 },
    { protocols: ['websocket'] as const, websocket: 101, rawsocket: '', http: 404 },
    { protocols: ['http'] as const, websocket: 200, rawsocket: '', http: 200 },
    { protocols: ['rawsocket'] as const, websocket: 400, rawsocket: '\x7f\xf1\0\0', http: 400 },
  ])('RS-04 BP-TRN-02: a port for $protocols tells protocols apart by their first bytes', async (row) => {
    const port = await openPort({
      protocols: row.protocols,
      onRequest: (_, response) => response.end('app'),
    });
    expect((await upgrade(port, '/ws')).status).toBe(row.websocket);
    expect((await get(port, '/health')).status).toBe(row.http);
    const socket = open(port);
    socket.end(hello);
    expect(await readAll(socket)).toBe(row.rawsocket);
  });

  test.each([
    ['TLS where none is spoken', '\x16\x03\x01\x00\xa5'],
    ['a small letter', 'get / HTTP/1.1\r\n\r\n'],
    ['an octet that nobody speaks', '\x00\x00\x00\x00'],
  ])('RS-04: %s is refused by closing', async (_, bytes) => {
    const port = await openPort();
    const socket = open(port);
    socket.write(bytes, 'latin1');
    expect(await readAll(socket)).toBe('');
  });

  test('RS-08: handshake and first message in one chunk, and a handshake byte by byte', async () => {
    const codes: number[] = [];
    const port = await openPort({
      onPeer: (peer) => {
        port.peers.push(peer);
        peer.onMessage = ({ code }) => codes.push(code);
      },
    });
    const message = '[1,"realm1",{}]';
    const socket = open(port);
    socket.write(Buffer.concat([hello, Buffer.from([0, 0, 0, message.length]), Buffer.from(message)]));
    await vi.waitFor(() => expect(codes).toEqual([1]));
    const slow = open(port).setNoDelay(true);
    for (const octet of hello) {
      slow.write(Buffer.from([octet]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(port.peers).toHaveLength(2));
    expect(port.peers[1]?.encoding).toBe('json/rawsocket');
  });

  test('BP-TRN-05: WebSocket, RawSocket and HTTP over TLS on one port', async () => {
    const port = await openPort({ tls, onRequest: (_, response) => response.end('app') });
    expect((await get(port, '/health', { secure: true })).body).toBe('app');
    const options = { serializers: [jsonSerializer], tls: { ca: tls.cert } };
    const webSocket = await connectPeer(`wss://127.0.0.1:${port.number}/`, options);
    const rawSocket = await connectPeer(`tcps://localhost:${port.number}`, options);
    closers.push(
      () => webSocket.close(),
      () => rawSocket.close(),
    );
    expect(port.peers.map(({ transport }) => [transport.type, transport.secure])).toEqual([
      ['websocket', true],
      ['rawsocket', true],
    ]);
  });

  test('BP-TRN-05: a client certificate can be required', async () => {
    const port = await openPort({ tls: { ...tls, ca: tls.cert, requireClientCertificate: true } });
    const url = `tcps://localhost:${port.number}`;
    const options = { serializers: [jsonSerializer], tls: { ca: tls.cert } };
    await expect(connectPeer(url, options)).rejects.toThrow(url);
    const peer = await connectPeer(url, { ...options, tls: { ...options.tls, ...tls } });
    closers.push(() => peer.close());
    expect(port.peers).toHaveLength(1);
  });
});

describe('the WebSocket handshake', () => {
  test.each([
    { path: '/', status: 101 },
    { path: '/ws', status: 101 },
    { path: '/ws?token=1', status: 101 },
    { path: '/other', status: 404 },
    { path: '/ws/', status: 404 },
  ])('BP-TRN-02: upgrade under $path gives $status', async ({ path, status }) => {
    expect((await upgrade(await openPort(), path)).status).toBe(status);
  });

  test.each([
    { offered: ['wamp.2.json'], chosen: 'wamp.2.json' },
    { offered: ['wamp.2.cbor', 'wamp.2.json'], chosen: 'wamp.2.cbor' },
    { offered: ['wamp.2.msgpack', 'wamp.2.json', 'wamp.2.cbor'], chosen: 'wamp.2.json' },
  ])('BP-TRN-02: of $offered the first that is spoken is chosen', async ({ offered, chosen }) => {
    const port = await openPort({ serializers: [jsonSerializer, cborSerializer] });
    expect(await upgrade(port, '/', { protocols: offered })).toEqual({ status: 101, text: chosen });
  });

  test.each([[['wamp.2.msgpack']], [['chat', 'wamp.1']], [[]]])(
    'BP-TRN-02: without a common subprotocol (%j) the handshake fails with 400 and says what is spoken',
    async (protocols) => {
      const port = await openPort({ serializers: [jsonSerializer, cborSerializer] });
      const { status, text } = await upgrade(port, '/', { protocols });
      expect(status).toBe(400);
      expect(text).toBe(
        'No common subprotocol: this end speaks wamp.2.json, wamp.2.cbor, each also with .batched.\n',
      );
      expect(port.peers).toEqual([]);
    },
  );

  test('BP-TRN-02: a message in the same chunk as the upgrade request is delivered', async () => {
    const codes: number[] = [];
    const onPeer = (peer: Peer) => {
      peer.onMessage = ({ code }) => codes.push(code);
    };
    const port = await openPort({ onPeer });
    const publish = Buffer.from('[16,1,{},"a"]');
    const frame = Buffer.concat([Buffer.from([0x81, 0x80 | publish.length, 0, 0, 0, 0]), publish]);
    const bytes = Buffer.concat([Buffer.from(upgradeRequest), frame, frame]);
    open(port).write(bytes);
    await vi.waitFor(() => expect(codes).toEqual([16, 16]));
    const slow = open(port).setNoDelay(true);
    for (const octet of bytes) {
      slow.write(Buffer.from([octet]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(codes).toEqual([16, 16, 16, 16]));
  });

  test('BP-TRN-02: an origin that no glob matches gets 403', async () => {
    const port = await openPort({ websocket: { origins: ['https://*.example.com'] } });
    expect((await upgrade(port, '/', { origin: 'https://app.example.com' })).status).toBe(101);
    expect((await upgrade(port, '/')).status).toBe(101);
    const refused = await upgrade(port, '/', { origin: 'https://evil.org' });
    expect(refused).toEqual({ status: 403, text: 'Origin https://evil.org is not allowed here.\n' });
  });

  test('BP-TRN-02: GET under a WebSocket path without Upgrade gives 426 and one line', async () => {
    const port = await openPort({ onRequest: (_, response) => response.end('app') });
    const { status, headers, body } = await get(port, '/ws');
    expect([status, headers.upgrade]).toEqual([426, 'websocket']);
    expect(body).toBe(
      'This is a WAMP endpoint: connect with WebSocket, subprotocols wamp.2.json, each also with .batched.\n',
    );
    expect((await get(port, '/ws', { method: 'HEAD' })).status).toBe(426);
    expect((await get(port, '/ws', { method: 'POST' })).body).toBe('app');
  });

  test('BP-TRN-02: without onRequest an unknown path gives 404', async () => {
    expect((await get(await openPort(), '/nothing')).status).toBe(404);
  });

  test('BP-TRN-02: an exception in onRequest ends that request and is reported', async () => {
    const onError = vi.fn();
    const port = await openPort({
      onRequest: () => {
        throw new Error('oops');
      },
      onError,
    });
    await expect(get(port, '/x')).rejects.toThrow();
    expect(onError).toHaveBeenCalledWith(new Error('oops'));
  });

  test('BP-TRN-02: the peer knows its transport, with the useful headers of the request', async () => {
    const port = await openPort();
    await upgrade(port, '/', { origin: 'https://app.example.com' });
    expect(port.peers[0]?.encoding).toBe('json/websocket');
    expect(port.peers[0]?.transport).toEqual({
      type: 'websocket',
      serializer: 'json',
      secure: false,
      peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      headers: { host: `127.0.0.1:${port.number}`, origin: 'https://app.example.com' },
    });
  });
});

describe('bounds of a listener', () => {
  test('RS-03: beyond maxConnections RawSocket gets error 4 and WebSocket 503; a place that is left is given again', async () => {
    const port = await openPort({ maxConnections: 1 });
    const first = open(port);
    first.write(hello);
    await vi.waitFor(() => expect(port.listener.connections).toBe(1));
    const second = open(port);
    second.write(hello);
    expect(await readAll(second)).toBe('\x7f\x40\0\0');
    expect((await upgrade(port, '/')).status).toBe(503);
    first.end();
    await vi.waitFor(() => expect(port.listener.connections).toBe(0));
    expect((await upgrade(port, '/')).status).toBe(101);
  });

  test.each([
    ['RS-03: a serializer that is not spoken', [0x7f, 0xf2, 0, 0], '\x7f\x10\0\0'],
    ['RS-03: reserved octets', [0x7f, 0xf1, 0, 1], '\x7f\x30\0\0'],
  ])('%s gets an error reply and the end', async (_, octets, reply) => {
    const port = await openPort();
    const socket = open(port);
    socket.write(Buffer.from(octets));
    expect(await readAll(socket)).toBe(reply);
    expect(port.peers).toEqual([]);
  });

  test('RS-03: the reply to a refused handshake arrives although more was sent behind it', async () => {
    const port = await openPort({ maxConnections: 1 });
    open(port).write(hello);
    await vi.waitFor(() => expect(port.listener.connections).toBe(1));
    const socket = open(port);
    socket.write(Buffer.concat([hello, Buffer.alloc(1_000_000)]));
    expect(await readAll(socket)).toBe('\x7f\x40\0\0');
  });

  test.each([
    ['silence', ''],
    ['half a RawSocket handshake', '\x7f\xf1'],
    ['half an HTTP request', 'GET /ws HTTP/1.1\r\nHost: x\r\n'],
  ])('BP-SESS-09: after %s the connection is closed at the handshake timeout', async (_, bytes) => {
    const clock = new FakeClock();
    const port = await openPort({ clock, handshakeTimeout: 5000 });
    const socket = open(port);
    await once(socket, 'connect');
    if (bytes !== '') socket.write(bytes, 'latin1');
    const all = readAll(socket);
    await vi.waitFor(() => expect(clock.timers).toBe(1));
    clock.advance(4999);
    await new Promise((resolve) => setImmediate(resolve));
    expect(socket.closed).toBe(false);
    clock.advance(1);
    expect(await all).toBe('');
    expect(clock.timers).toBe(0);
  });

  test.each([
    ['RawSocket', hello],
    ['WebSocket', Buffer.from(upgradeRequest)],
  ])('BP-SESS-09: a peer over %s brings how long it took', async (_, handshake) => {
    const clock = new FakeClock();
    const waited: number[] = [];
    const port = await openPort({ clock, onPeer: (_peer, arrival) => waited.push(arrival.waited) });
    const socket = open(port);
    await vi.waitFor(() => expect(clock.timers).toBe(1));
    clock.advance(3000);
    socket.write(handshake);
    await vi.waitFor(() => expect(waited).toEqual([3000]));
  });

  test.each([
    ['nothing', ''],
    ['half a RawSocket handshake', '\x7f\xf1'],
    ['half an HTTP request', 'GET /ws HTTP/1.1\r\nHost: x\r\n'],
    ['an octet that nobody speaks', '\0'],
  ])('RS-04: a connection that ends after %s is not waited for', async (_, bytes) => {
    const port = await openPort({ handshakeTimeout: 0 });
    const socket = open(port);
    socket.end(bytes, 'latin1');
    await readAll(socket);
    expect(socket.closed).toBe(true);
  });

  test('BP-SESS-09: peers and finished HTTP requests do not run into the handshake timeout', async () => {
    const clock = new FakeClock();
    const port = await openPort({ clock, tls, websocket: { pingInterval: 0 } });
    const options = { serializers: [jsonSerializer], tls: { ca: tls.cert }, pingInterval: 0 };
    const left = await Promise.all([
      connectPeer(`wss://localhost:${port.number}/`, options),
      connectPeer(`tcps://localhost:${port.number}`, options),
    ]);
    closers.push(() => left.map((peer) => peer.close()));
    await get(port, '/nothing', { secure: true });
    await vi.waitFor(() => expect(clock.timers).toBe(0));
    expect(port.listener.connections).toBe(2);
  });

  test('BP-SESS-09: a TLS handshake that stops half way is closed too', async () => {
    const clock = new FakeClock();
    const port = await openPort({ clock, tls });
    const socket = open(port);
    socket.write('\x16\x03\x01', 'latin1');
    await vi.waitFor(() => expect(clock.timers).toBe(1));
    clock.advance(10_000);
    expect(await readAll(socket)).toBe('');
  });
});
