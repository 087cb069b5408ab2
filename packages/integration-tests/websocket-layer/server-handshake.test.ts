import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { createListener, type Listener } from '@wampkit/transport';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeFrame, text } from './frame.js';
import { RawEnd } from './raw-end.js';
import { connectTo, httpHead, readHead, upgradeRequest } from './world.js';

const hello = '[16,1,{},"com.example.topic"]';
const JSON_OFFER = 'Sec-WebSocket-Protocol: wamp.2.json';

let listener: Listener;
let beside: RawEnd;
let peers = 0;

beforeAll(async () => {
  const onPeer = (peer: Peer): void => {
    peers++;
    peer.onMessage = (message) => peer.send(message);
  };
  listener = createListener({
    bind: '127.0.0.1:0',
    serializers: [jsonSerializer, cborSerializer],
    websocket: { origins: ['https://*.example.com'] },
    onPeer,
  });
  await listener.listen();
  const socket = await connectTo(listener);
  socket.write(upgradeRequest([JSON_OFFER]));
  const { rest } = await readHead(socket);
  beside = new RawEnd(socket, 'client', rest);
});

afterAll(() => listener.close());

/** Sends a request's head and gives the response; a peer must have come exactly when it is 101. */
async function request(
  head: string,
  write = writeAtOnce,
): Promise<{ head: string; socket: Socket; rest: Buffer }> {
  const before = peers;
  const socket = await connectTo(listener);
  await write(socket, Buffer.from(head, 'latin1'));
  const response = await readHead(socket);
  expect(peers - before).toBe(statusOf(response.head) === 101 ? 1 : 0);
  beside.frames.length = 0;
  const other = await beside.outcome(text(hello));
  expect(other.close, 'the connection beside').toBeUndefined();
  return { ...response, socket };
}

function writeAtOnce(socket: Socket, bytes: Buffer): Promise<void> {
  socket.write(bytes);
  return Promise.resolve();
}

async function writeByBytes(socket: Socket, bytes: Buffer): Promise<void> {
  socket.setNoDelay(true);
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]));
    await nextTurn();
  }
}

function statusOf(head: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
}

function headerOf(head: string, name: string): string | undefined {
  return new RegExp(`^${name}: *(.*?) *\r$`, 'im').exec(head)?.[1];
}

/** A good request with one line replaced, or left out. */
function changed(line: string, by: string | null): string {
  const lines = upgradeRequest([JSON_OFFER]).trimEnd().split('\r\n');
  const at = lines.findIndex((each) => each.startsWith(line));
  expect(at, line).toBeGreaterThanOrEqual(0);
  return httpHead(lines.flatMap((each, i) => (i !== at ? [each] : by === null ? [] : [by])));
}

describe('the handshake of a WebSocket, server', () => {
  test.each([
    ['of version 13', () => changed('Sec-WebSocket-Version', 'Sec-WebSocket-Version: 13')],
    [
      'of version 8, whose frames are the same',
      () => changed('Sec-WebSocket-Version', 'Sec-WebSocket-Version: 8'),
    ],
    ['with Upgrade in capitals', () => changed('Upgrade', 'UPGRADE: WebSocket')],
    ['with more in Connection', () => changed('Connection', 'Connection: keep-alive, Upgrade')],
    ['with a query', () => changed('GET', 'GET /ws?a=b&c=%20 HTTP/1.1')],
    ['of the root', () => changed('GET', 'GET / HTTP/1.1')],
    ['with an origin that is allowed', () => upgradeRequest([JSON_OFFER, 'Origin: https://app.example.com'])],
    [
      'with an extension that nobody knows',
      () => upgradeRequest([JSON_OFFER, 'Sec-WebSocket-Extensions: x-foo; bar=1']),
    ],
    [
      'with compression, which is off',
      () => upgradeRequest([JSON_OFFER, 'Sec-WebSocket-Extensions: permessage-deflate']),
    ],
    ['with a large cookie', () => upgradeRequest([JSON_OFFER, `Cookie: a=${'b'.repeat(8000)}`])],
  ])('BP-TRN-02: a request %s is accepted, and no extension with it', async (_, head) => {
    const { head: response, socket } = await request(head());
    expect(statusOf(response)).toBe(101);
    expect(headerOf(response, 'sec-websocket-accept')).toBe('ICX+Yqv66kxgM0FcWaLWlFLwTAI=');
    expect(headerOf(response, 'sec-websocket-protocol')).toBe('wamp.2.json');
    expect(headerOf(response, 'sec-websocket-extensions')).toBeUndefined();
    socket.destroy();
  });

  test.each<[string, () => string, number]>([
    ['POST', () => changed('GET', 'POST /ws HTTP/1.1'), 405],
    ['HEAD', () => changed('GET', 'HEAD /ws HTTP/1.1'), 405],
    ['an unknown path', () => changed('GET', 'GET /other HTTP/1.1'), 404],
    ['a path that only begins as one', () => changed('GET', 'GET /ws/more HTTP/1.1'), 404],
    ['an escaped path', () => changed('GET', 'GET /%77s HTTP/1.1'), 404],
    ['a path that leads out', () => changed('GET', 'GET /../ws HTTP/1.1'), 404],
    ['no Host', () => changed('Host', null), 400],
    ['no Upgrade', () => changed('Upgrade', null), 426],
    ['no Connection', () => changed('Connection', null), 426],
    ['a Connection without upgrade', () => changed('Connection', 'Connection: keep-alive'), 426],
    ['an Upgrade to something else', () => changed('Upgrade', 'Upgrade: h2c'), 400],
    ['an Upgrade that begins as websocket', () => changed('Upgrade', 'Upgrade: websockets'), 400],
    ['no key', () => changed('Sec-WebSocket-Key', null), 400],
    ['an empty key', () => changed('Sec-WebSocket-Key', 'Sec-WebSocket-Key:'), 400],
    ['a key that is too short', () => changed('Sec-WebSocket-Key', 'Sec-WebSocket-Key: AAAA'), 400],
    [
      'a key that is no base64',
      () => changed('Sec-WebSocket-Key', 'Sec-WebSocket-Key: !!!!!!!!!!!!!!!!!!!!!!=='),
      400,
    ],
    ['two keys', () => upgradeRequest([JSON_OFFER, 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==']), 400],
    ['no version', () => changed('Sec-WebSocket-Version', null), 400],
    ['version 7', () => changed('Sec-WebSocket-Version', 'Sec-WebSocket-Version: 7'), 400],
    ['version 14', () => changed('Sec-WebSocket-Version', 'Sec-WebSocket-Version: 14'), 400],
    [
      'a version that is no number',
      () => changed('Sec-WebSocket-Version', 'Sec-WebSocket-Version: new'),
      400,
    ],
    ['a foreign origin', () => upgradeRequest([JSON_OFFER, 'Origin: https://example.org']), 403],
    [
      'an origin that ends as an allowed one',
      () => upgradeRequest([JSON_OFFER, 'Origin: https://a.example.com.evil.org']),
      403,
    ],
    ['the origin null', () => upgradeRequest([JSON_OFFER, 'Origin: null']), 403],
    ['oversized headers', () => upgradeRequest([JSON_OFFER, `X-Large: ${'x'.repeat(20_000)}`]), 431],
    ['HTTP/2 in the request line', () => changed('GET', 'GET /ws HTTP/2.0'), 400],
    ['no HTTP at all', () => 'GET\r\n\r\n', 400],
  ])('BP-TRN-02: %s is refused', async (_, head, status) => {
    const { head: response, socket } = await request(head());
    expect(statusOf(response)).toBe(status);
    socket.destroy();
  });

  test('BP-TRN-02: a version that is not spoken is answered with those that are', async () => {
    const { head, socket } = await request(changed('Sec-WebSocket-Version', 'Sec-WebSocket-Version: 7'));
    expect(headerOf(head, 'sec-websocket-version')).toContain('13');
    socket.destroy();
  });

  test('BP-TRN-02: HTTP/1.0 is refused', async () => {
    const { head, socket } = await request(changed('GET', 'GET /ws HTTP/1.0'));
    expect(statusOf(head)).toBe(400);
    socket.destroy();
  });

  test.each<[string, string[], string | null]>([
    ['one', ['wamp.2.json'], 'wamp.2.json'],
    ["the client's first", ['wamp.2.cbor, wamp.2.json'], 'wamp.2.cbor'],
    ['the first that is spoken', ['wamp.2.msgpack, x, wamp.2.cbor, wamp.2.json'], 'wamp.2.cbor'],
    ['the first of two headers', ['wamp.2.cbor', 'wamp.2.json'], 'wamp.2.cbor'],
    ['one of the second header', ['chat', 'wamp.2.json'], 'wamp.2.json'],
    ['without spaces', ['chat,wamp.2.cbor'], 'wamp.2.cbor'],
    ['with tabs', ['chat\t,\twamp.2.cbor'], 'wamp.2.cbor'],
    ['none', [], null],
    ['an empty list', [''], null],
    ['unknown names', ['chat, wamp.2.msgpack, wamp.3.json'], null],
    ['another case', ['WAMP.2.JSON'], null],
    ['a part of a name', ['wamp.2'], null],
    ['a name in quotes', ['"wamp.2.json"'], null],
    ['an empty name among others', ['wamp.2.json,,wamp.2.cbor'], null],
    ['a name twice', ['wamp.2.json, wamp.2.json'], null],
  ])('BP-TRN-02: subprotocols: %s', async (_, offers, chosen) => {
    const { head, socket } = await request(
      upgradeRequest(offers.map((offer) => `Sec-WebSocket-Protocol: ${offer}`)),
    );
    expect(statusOf(head)).toBe(chosen === null ? 400 : 101);
    expect(headerOf(head, 'sec-websocket-protocol')).toBe(chosen ?? undefined);
    socket.destroy();
  });

  test('BP-TRN-02: a request byte by byte, with a message behind it', async () => {
    const head = upgradeRequest([JSON_OFFER]);
    const frame = encodeFrame(text(hello), true).toString('latin1');
    const { head: response, socket, rest } = await request(head + frame, writeByBytes);
    expect(statusOf(response)).toBe(101);
    const raw = new RawEnd(socket, 'client', rest);
    await expect.poll(() => raw.messages()).toEqual([hello]);
    socket.destroy();
  });

  test('BP-TRN-02: messages in the same chunk as the request come in order', async () => {
    const frames = [text('[16,1,{},"a"]'), text('[16,2,{},"b"]')].map((each) => encodeFrame(each, true));
    const { socket, rest } = await request(
      upgradeRequest([JSON_OFFER]) + Buffer.concat(frames).toString('latin1'),
    );
    const raw = new RawEnd(socket, 'client', rest);
    await expect.poll(() => raw.messages()).toEqual(['[16,1,{},"a"]', '[16,2,{},"b"]']);
    socket.destroy();
  });

  test('BP-TRN-03: CBOR in the same chunk as the request, with the wrong opcode, is a violation', async () => {
    const frame = encodeFrame(text(hello), true).toString('latin1');
    const { socket, rest } = await request(upgradeRequest(['Sec-WebSocket-Protocol: wamp.2.cbor']) + frame);
    const raw = new RawEnd(socket, 'client', rest);
    await raw.ended;
    expect(raw.closeCode()).toBe(1002);
  });
});
