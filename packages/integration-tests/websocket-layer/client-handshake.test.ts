import { createServer, type Server, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ConnectError, type Message } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { connectPeer } from '@wampkit/transport';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeFrame, text } from './frame.js';
import { acceptOf, httpHead, listenOnLoopback, readHead, upgradeResponse } from './world.js';

let server: Server;
let url: string;
/** Makes the response to a request's head. */
let respond: (request: string) => string | Buffer;
let requests: string[];
let byBytes: boolean;
/** Connections that have not ended. */
let open: Set<Socket>;

beforeEach(async () => {
  requests = [];
  byBytes = false;
  open = new Set();
  server = createServer(async (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.setNoDelay(true);
    const { head } = await readHead(socket);
    requests.push(head);
    const response = Buffer.from(respond(head) as string, 'latin1');
    if (!byBytes) socket.write(response);
    for (const byte of byBytes ? response : []) {
      socket.write(Buffer.from([byte]));
      await nextTurn();
    }
    socket.resume();
    // Whoever is refused has to end the connection: only what is no response ends here.
    if (response.length === 0) socket.end();
  });
  url = await listenOnLoopback(server);
});

afterEach(() => {
  for (const socket of open) socket.destroy();
  return new Promise<void>((resolve) => server.close(() => resolve()));
});

const serializers = [jsonSerializer, cborSerializer];
const JSON_CHOSEN = 'Sec-WebSocket-Protocol: wamp.2.json';

/** A good response with one line replaced, or left out. */
function changed(line: string, by: string | null): (request: string) => string {
  return (request) => {
    const lines = upgradeResponse(request, [JSON_CHOSEN]).trimEnd().split('\r\n');
    const at = lines.findIndex((each) => each.startsWith(line));
    expect(at, line).toBeGreaterThanOrEqual(0);
    return httpHead(lines.flatMap((each, i) => (i !== at ? [each] : by === null ? [] : [by])));
  };
}

describe('the handshake of a WebSocket, client', () => {
  test('BP-TRN-02: the request names the subprotocols in order, the version and a key of 16 bytes, and nothing else to agree on', async () => {
    respond = (request) => upgradeResponse(request, [JSON_CHOSEN]);
    const peers = [await connectPeer(url, { serializers }), await connectPeer(url, { serializers })];
    const [first, second] = requests.map((head) => head.split('\r\n'));
    expect(first?.[0]).toBe('GET /ws HTTP/1.1');
    expect(first).toContain('Sec-WebSocket-Protocol: wamp.2.json,wamp.2.cbor');
    expect(first).toContain('Sec-WebSocket-Version: 13');
    expect(requests[0]).not.toMatch(/^sec-websocket-extensions/im);
    const keys = [first, second].map((head) => head?.find((line) => line.startsWith('Sec-WebSocket-Key: ')));
    expect(keys[0]).toMatch(/: [A-Za-z0-9+/]{21}[AQgw]==$/);
    expect(keys[0]).not.toBe(keys[1]);
    for (const peer of peers) peer.close();
  });

  test.each<[string, (request: string) => string]>([
    ['as it should be', (request) => upgradeResponse(request, [JSON_CHOSEN])],
    ['with Upgrade in capitals', changed('Upgrade', 'UPGRADE: WEBSOCKET')],
    ['with further headers', (request) => upgradeResponse(request, [JSON_CHOSEN, 'Server: x', 'X-A: b'])],
    ['without a reason', changed('HTTP', 'HTTP/1.1 101 ')],
  ])('BP-TRN-02: a response %s is accepted, at once and byte by byte', async (_, response) => {
    respond = response;
    for (byBytes of [false, true]) {
      const peer = await connectPeer(url, { serializers });
      expect(peer.encoding).toBe('json/websocket');
      peer.close();
    }
  });

  test.each<[string, (request: string) => string]>([
    ['without Upgrade', changed('Upgrade', null)],
    ['with an Upgrade to something else', changed('Upgrade', 'Upgrade: h2c')],
    ['without Sec-WebSocket-Accept', changed('Sec-WebSocket-Accept', null)],
    [
      'with a Sec-WebSocket-Accept of another key',
      changed('Sec-WebSocket-Accept', `Sec-WebSocket-Accept: ${acceptOf('')}`),
    ],
    ['without a subprotocol', changed('Sec-WebSocket-Protocol', null)],
    [
      'with a subprotocol that was not offered',
      changed('Sec-WebSocket-Protocol', 'Sec-WebSocket-Protocol: wamp.2.msgpack'),
    ],
    [
      'with a subprotocol in another case',
      changed('Sec-WebSocket-Protocol', 'Sec-WebSocket-Protocol: WAMP.2.JSON'),
    ],
    [
      'with two subprotocols',
      changed('Sec-WebSocket-Protocol', 'Sec-WebSocket-Protocol: wamp.2.json, wamp.2.cbor'),
    ],
    [
      'with an extension that was not offered',
      (request) => upgradeResponse(request, [JSON_CHOSEN, 'Sec-WebSocket-Extensions: permessage-deflate']),
    ],
    [
      'with a header that has no end',
      () => `HTTP/1.1 101 Switching Protocols\r\nX-Large: ${'x'.repeat(100_000)}`,
    ],
    ['that is no HTTP', () => 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['that is empty', () => ''],
    ['that is RawSocket', () => '\x7f\xf1\0\0'],
    ['of status 200', () => httpHead(['HTTP/1.1 200 OK', 'Content-Length: 0'])],
    ['of status 400', () => httpHead(['HTTP/1.1 400 Bad Request', 'Content-Length: 0'])],
    ['of status 503', () => httpHead(['HTTP/1.1 503 Service Unavailable', 'Content-Length: 0'])],
    [
      'that leads elsewhere',
      () => httpHead(['HTTP/1.1 302 Found', 'Location: ws://127.0.0.1:1/', 'Content-Length: 0']),
    ],
  ])('BP-TRN-02: a response %s is a ConnectError that names the URL', async (_, response) => {
    respond = response;
    const error = await connectPeer(url, { serializers, connectTimeout: 2_000 }).catch(
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(ConnectError);
    expect((error as Error).message).toContain(url);
    await expect.poll(() => open.size, { interval: 2 }).toBe(0);
  });

  test('BP-TRN-02: a message in the same chunk as the response is delivered', async () => {
    respond = (request) => {
      const frame = encodeFrame(text('[16,1,{},"com.example.topic"]'), false);
      return upgradeResponse(request, [JSON_CHOSEN]) + frame.toString('latin1');
    };
    const peer = await connectPeer(url, { serializers });
    const messages: Message[] = [];
    peer.onMessage = (message) => messages.push(message);
    await expect.poll(() => messages.map(({ code }) => code)).toEqual([16]);
    peer.close();
  });
});
