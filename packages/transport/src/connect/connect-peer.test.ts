import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { CanceledError, ConnectError, emptyDict, Payload, type Peer, Publish } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { FakeClock, testTls } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectPeer, createListener, type ListenerOptions } from '../index.js';

const tls = testTls();
const serializers = [jsonSerializer];
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openListener(
  options: Partial<ListenerOptions> = {},
): Promise<{ port: number; peers: Peer[] }> {
  const peers: Peer[] = [];
  const onPeer = (peer: Peer) => peers.push(peer);
  const listener = createListener({ bind: '127.0.0.1:0', serializers, onPeer, ...options });
  await listener.listen();
  closers.push(() => listener.close());
  return { port: Number(listener.address.split(':')[1]), peers };
}

async function listenOn(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A TCP server that says one thing to everybody. */
function sayTo(bytes: string | null): Promise<number> {
  return listenOn(
    createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => (bytes === null ? socket.end() : socket.write(bytes, 'latin1')));
    }),
  );
}

async function failure(
  url: string,
  options: Partial<Parameters<typeof connectPeer>[1]> = {},
): Promise<ConnectError> {
  const error = await connectPeer(url, { serializers, ...options }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
}

describe('connectPeer', () => {
  test.each(['ws', 'tcp'])('BP-TRN-01: %s to a port where nobody listens says so', async (scheme) => {
    const server = createServer();
    const port = await listenOn(server);
    await new Promise((resolve) => server.close(resolve));
    closers.length = 0;
    const url = `${scheme}://127.0.0.1:${port}`;
    const { message, retryable } = await failure(url);
    expect(message).toBe(`cannot connect to ${url}: connection refused: nobody listens there (ECONNREFUSED)`);
    expect(retryable).toBe(true);
  });

  test.each([
    ['nonsense', 'it is no URL'],
    ['ftp://localhost:80/', 'its scheme is none of ws, wss, http, https, tcp, tcps, unix'],
    ['tcp://localhost', 'it must name a host and a port'],
    ['unix:/nothing/there', 'there is no such socket file (ENOENT)'],
    ['ws://name.invalid:80/', 'name'],
    ['tcp://name.invalid:80', 'name'],
  ])('BP-TRN-01: %s fails, and the error says why', async (url, why) => {
    expect((await failure(url)).message).toMatch(`cannot connect to ${url}: `);
    expect((await failure(url)).message).toContain(why);
  });

  test('BP-TRN-01: a password in the URL is not told', async () => {
    const { port } = await openListener();
    const { message } = await failure(`ws://joe:secret@127.0.0.1:${port}/nothing`);
    expect(message).toBe(
      `cannot connect to ws://joe:***@127.0.0.1:${port}/nothing: HTTP 404 Not Found: There is nothing under this path.`,
    );
  });

  test('BP-TRN-02: a router without a common subprotocol is told apart', async () => {
    const { port } = await openListener({ serializers: [cborSerializer] });
    const { message, retryable } = await failure(`ws://127.0.0.1:${port}/`);
    expect(message).toContain(
      'HTTP 400 Bad Request: No common subprotocol: this end speaks wamp.2.cbor, each',
    );
    expect(retryable).toBe(false);
  });

  test('BP-TRN-02: a server that chooses no subprotocol is refused', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => false });
    await once(server, 'listening');
    closers.push(() => server.close());
    const { message, retryable } = await failure(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(message).toContain('the other end speaks none of the offered WAMP subprotocols');
    expect(retryable).toBe(false);
  });

  test('BP-TRN-05: an unknown certificate is refused unless it is told not to be', async () => {
    const { port } = await openListener({ tls });
    for (const scheme of ['wss', 'tcps']) {
      const url = `${scheme}://localhost:${port}`;
      const { message, retryable } = await failure(url);
      expect(message).toBe(
        `cannot connect to ${url}: its certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)`,
      );
      expect(retryable).toBe(false);
      const peer = await connectPeer(url, { serializers, tls: { rejectUnauthorized: false } });
      closers.push(() => peer.close());
    }
  });

  test.each(['wss', 'tcps'])('BP-TRN-05: %s to a port without TLS says so', async (scheme) => {
    const port = await sayTo('HTTP/1.1 400 Bad Request\r\n\r\n');
    expect((await failure(`${scheme}://127.0.0.1:${port}`)).message).toContain('TLS');
  });

  test.each([
    ['ws', { tls }, 'Try wss://'],
    ['http', { tls }, 'Try https://'],
    ['wss', {}, 'If not, try ws://'],
    ['https', {}, 'If not, try http://'],
    ['tcps', {}, 'If not, try tcp://'],
  ])(
    'BP-TRN-05: %s to a port of the other kind asks whether it speaks TLS',
    async (scheme, options, hint) => {
      const { port } = await openListener(options);
      const { message, retryable } = await failure(`${scheme}://localhost:${port}/`);
      expect(message).toContain(`; does this port speak TLS? ${hint}`);
      expect(retryable).toBe(true);
    },
  );

  test('RS-02: RawSocket to an HTTP server says what to try', async () => {
    const port = await listenOn(createHttpServer());
    const { message } = await failure(`tcp://127.0.0.1:${port}`);
    expect(message).toContain('it answers in HTTP, not RawSocket: try ws:// or wss://');
  });

  test.each([
    ['\x7f\x40\0\0', 'the router refused: it has as many connections as it takes'],
    ['\x7f\xf2\0\0', 'its reply names serializer 2 instead of 1'],
    [null, 'the other end closed the connection in the handshake'],
  ])('RS-02 RS-03: the reply %j fails the connection', async (reply, why) => {
    const port = await sayTo(reply);
    expect((await failure(`tcp://127.0.0.1:${port}`)).message).toContain(why);
  });

  test("RS-08 BP-TRN-02: a message in the same chunk as the router's handshake waits for the handlers", async () => {
    const welcome = '[2,1,{"roles":{}}]';
    const raw = await sayTo(`\x7f\xf1\0\0\0\0\0${String.fromCharCode(welcome.length)}${welcome}`);
    const web = await listenOn(
      createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', (request) => {
          const key = /Sec-WebSocket-Key: (.*)\r\n/.exec(request.toString())?.[1];
          const accept = createHash('sha1')
            .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
            .digest('base64');
          const lines = [
            'HTTP/1.1 101 Switching Protocols',
            'Upgrade: websocket',
            'Connection: Upgrade',
            `Sec-WebSocket-Accept: ${accept}`,
            'Sec-WebSocket-Protocol: wamp.2.json',
          ];
          const head = `${lines.join('\r\n')}\r\n\r\n`;
          socket.write(`${head}\x81${String.fromCharCode(welcome.length)}${welcome}`, 'latin1');
        });
      }),
    );
    for (const url of [`tcp://127.0.0.1:${raw}`, `ws://127.0.0.1:${web}/`]) {
      const open = async () => connectPeer(url, { serializers, connectTimeout: 0 });
      const peer = await open();
      const codes: number[] = [];
      peer.onMessage = ({ code }) => codes.push(code);
      await vi.waitFor(() => expect(codes).toEqual([2]));
      peer.close();
    }
  });

  test('RS-01 RS-03: RawSocket tries the serializers in turn', async () => {
    const { port, peers } = await openListener({ serializers: [cborSerializer] });
    const url = `tcp://127.0.0.1:${port}`;
    const peer = await connectPeer(url, { serializers: [jsonSerializer, msgpackSerializer, cborSerializer] });
    closers.push(() => peer.close());
    expect([peer.encoding, peers.length]).toEqual(['cbor/rawsocket', 1]);
    expect((await failure(url)).message).toContain('it does not speak this serializer');
  });

  test('RS-05 BP-RPC-09: nothing is sent above the limit that the router announced', async () => {
    const { port, peers } = await openListener({ maxMessageSize: 1000 });
    const peer = await connectPeer(`tcp://127.0.0.1:${port}`, { serializers });
    closers.push(() => peer.close());
    const publish = (size: number) => new Publish(1, emptyDict, 'a.b', Payload.of(['x'.repeat(size)]));
    const codes: number[] = [];
    (peers[0] as Peer).onMessage = ({ code }) => codes.push(code);
    expect(peer.send(publish(500))?.uri).toBe('wamp.error.payload_size_exceeded');
    expect(peer.send(publish(480))).toBeNull();
    await vi.waitFor(() => expect(codes).toEqual([16]));
  });

  test.each(['ws', 'wss', 'tcp', 'tcps'])('BP-TRN-01: %s gives up after connectTimeout', async (scheme) => {
    const clock = new FakeClock();
    const port = await listenOn(createServer((socket) => socket.on('error', () => {}).resume()));
    const url = `${scheme}://127.0.0.1:${port}`;
    const attempt = failure(url, { clock, connectTimeout: 3000 });
    clock.advance(3000);
    expect((await attempt).message).toBe(`cannot connect to ${url}: no connection within 3000 ms`);
    expect(clock.timers).toBe(0);
  });

  test.each(['ws', 'tcp'])(
    'BP-TRN-01: %s heeds its AbortSignal, before and while it connects',
    async (scheme) => {
      const clock = new FakeClock();
      const port = await listenOn(createServer((socket) => socket.on('error', () => {}).resume()));
      const url = `${scheme}://127.0.0.1:${port}`;
      const controller = new AbortController();
      const attempt = connectPeer(url, { serializers, clock, signal: controller.signal });
      controller.abort('enough');
      for (const each of [attempt, connectPeer(url, { serializers, clock, signal: controller.signal })]) {
        const error = await each.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(CanceledError);
        expect(error).toMatchObject({ cause: 'enough', message: `the connection to ${url} was given up` });
      }
      expect(clock.timers).toBe(0);
    },
  );

  test('BP-TRN-02: headers go with the WebSocket handshake', async () => {
    const { port, peers } = await openListener();
    const peer = await connectPeer(`ws://127.0.0.1:${port}/`, {
      serializers,
      headers: { cookie: 'a=b', 'user-agent': 'wampkit' },
    });
    closers.push(() => peer.close());
    expect(peers[0]?.transport.headers).toMatchObject({ cookie: 'a=b', 'user-agent': 'wampkit' });
    expect(peer.transport).toMatchObject({ type: 'websocket', peer: `127.0.0.1:${port}`, secure: false });
  });
});
