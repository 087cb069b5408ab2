import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import {
  CanceledError,
  type CloseReason,
  ConnectError,
  ErrorUri,
  emptyDict,
  Payload,
  type Peer,
  Publish,
} from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { FakeClock } from '@wampkit/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createListener } from './index.js';
import { connectPeer, type WebSocketLike } from './web.js';

const serializers = [jsonSerializer];
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function openListener() {
  const peers: Peer[] = [];
  const onPeer = (peer: Peer) => peers.push(peer);
  const listener = createListener({ bind: '127.0.0.1:0', serializers, onPeer });
  await listener.listen();
  closers.push(() => listener.close());
  return { url: `ws://${listener.address}/`, peers };
}

/** A WebSocket that the test plays by hand. */
class ScriptedWebSocket implements WebSocketLike {
  static last: ScriptedWebSocket;
  binaryType = 'blob';
  protocol = '';
  bufferedAmount = 0;
  sent: (string | Uint8Array)[] = [];
  closes: unknown[][] = [];
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;

  constructor(_url: string, protocols: string[]) {
    this.protocol = protocols[0] as string;
    ScriptedWebSocket.last = this;
  }

  send(data: string | Uint8Array): void {
    this.sent.push(data);
  }

  close(...args: unknown[]): void {
    this.closes.push(args);
  }

  emit(name: 'open' | 'message' | 'error' | 'close', event: unknown = {}): void {
    this[`on${name}`]?.(event as never);
  }
}

async function openScripted(options: Partial<Parameters<typeof connectPeer>[1]> = {}) {
  const clock = new FakeClock();
  const opening = connectPeer('wss://router.example/ws', {
    serializers,
    clock,
    WebSocket: ScriptedWebSocket,
    ...options,
  });
  const socket = ScriptedWebSocket.last;
  socket.emit('open');
  const peer = await opening;
  const log: string[] = [];
  const ends: CloseReason[] = [];
  peer.onMessage = ({ code }) => log.push(`message ${code}`);
  peer.onViolation = ({ message }) => log.push(message);
  peer.onClose = (reason) => ends.push(reason);
  return { clock, socket, peer, log, ends };
}

const publish = '[16,1,{},"com.example.topic"]';

describe('the web entry', () => {
  test('BP-TRN-03: JSON goes as text, CBOR as binary', async () => {
    const json = await openScripted();
    json.peer.send(new Publish(1, emptyDict, 'com.example.topic'));
    expect(json.socket.sent).toEqual([publish]);
    const cbor = await openScripted({ serializers: [cborSerializer] });
    cbor.peer.send(new Publish(1, emptyDict, 'com.example.topic'));
    expect(cbor.socket.sent).toEqual([expect.any(Uint8Array)]);
    expect(cbor.socket.binaryType).toBe('arraybuffer');
    expect(cbor.peer.transport).toEqual({
      type: 'websocket',
      serializer: 'cbor',
      peer: 'router.example',
      secure: true,
    });
  });

  test.each([
    ['BP-TRN-03: a binary frame', new TextEncoder().encode(publish).buffer, 'binary frame received'],
    ['BP-PERR-05: what is no message', '[]', ''],
  ])('%s is a violation, told once, after what came before', async (_, data, text) => {
    const { socket, log, peer } = await openScripted();
    for (const each of [publish, data, data, publish]) socket.emit('message', { data: each });
    await vi.waitFor(() => expect(log).toHaveLength(2));
    expect(log).toEqual(['message 16', expect.stringContaining(text)]);
    peer.close('wamp.error.protocol_violation');
    expect(socket.closes).toEqual([[4002, 'wamp.error.protocol_violation']]);
  });

  test('BP-RPC-09: a message over maxMessageSize is not sent', async () => {
    const { peer, socket } = await openScripted({ maxMessageSize: 1000 });
    const publishOf = (size: number) => new Publish(1, emptyDict, 'a', Payload.of(['x'.repeat(size)]));
    expect(peer.send(publishOf(1000))?.uri).toBe(ErrorUri.PayloadSizeExceeded);
    expect(peer.send(publishOf(100_000))?.uri).toBe(ErrorUri.PayloadSizeExceeded);
    expect(peer.send(publishOf(900))).toBeNull();
    expect(socket.sent).toHaveLength(1);
  });

  test('BP-TRN-01: a received message over maxMessageSize ends it', async () => {
    const { socket, ends } = await openScripted({ maxMessageSize: 1000 });
    socket.emit('message', { data: publish.padEnd(1001) });
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]?.message).toBe('received a message of 1001 bytes, above the 1000 taken here');
  });

  test('BP-TRN-01: queue bounds are those of the platform: congested, then closed', async () => {
    const { peer, socket, ends } = await openScripted({ highWaterMark: 100, hardLimit: 1000 });
    socket.bufferedAmount = 101;
    expect([peer.congested, peer.queuedBytes]).toEqual([true, 101]);
    socket.bufferedAmount = 1001;
    expect(peer.send(new Publish(1, emptyDict, 'a'))).toBeNull();
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]?.error?.message).toContain('send queue over its hard limit of 1000 bytes');
    expect(peer.send(new Publish(1, emptyDict, 'a'))).toBeNull();
    expect(socket.sent).toHaveLength(1);
  });

  test('BP-TRN-01: what a pause holds back is bounded', async () => {
    const { peer, socket, ends, log } = await openScripted({ hardLimit: 1000 });
    peer.pause();
    for (let i = 0; i < 60; i++) socket.emit('message', { data: publish });
    peer.resume();
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]?.message).toContain('held back by a pause');
    expect(log).toEqual([]);
  });

  test('BP-TRN-01: a close that the other end does not answer ends after closeTimeout', async () => {
    const { peer, clock, ends } = await openScripted();
    peer.close('bye');
    await Promise.resolve();
    expect(ends).toEqual([]);
    clock.advance(5000);
    await vi.waitFor(() => expect(ends).toHaveLength(1));
    expect(ends[0]).toEqual({ clean: false, message: 'closed here: bye; the other end did not answer' });
    expect(clock.timers).toBe(0);
  });

  test('BP-TRN-01: the reason of a close is cut between characters', async () => {
    const { peer, socket } = await openScripted();
    peer.close(`${'x'.repeat(122)}é`);
    expect(socket.closes).toEqual([[1000, 'x'.repeat(122)]]);
  });

  test('BP-TRN-01: what the platform tells of a failure is told', async () => {
    const opening = connectPeer('ws://router.example/', { serializers, WebSocket: ScriptedWebSocket });
    ScriptedWebSocket.last.emit('error');
    ScriptedWebSocket.last.emit('close', { code: 1006, reason: '' });
    await expect(opening).rejects.toThrow(
      new ConnectError('cannot connect to ws://router.example/: the connection failed (code 1006)'),
    );
    const { url } = await openListener();
    await expect(connectPeer(`${url}nothing`, { serializers, WebSocket })).rejects.toThrow('404');
  });

  test('BP-TRN-02: a server that chooses no subprotocol is refused', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => false });
    await once(server, 'listening');
    closers.push(() => server.close());
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(connectPeer(url, { serializers, WebSocket })).rejects.toThrow(ConnectError);
    const opening = connectPeer(url, { serializers, WebSocket: ScriptedWebSocket });
    ScriptedWebSocket.last.protocol = '';
    ScriptedWebSocket.last.emit('open');
    await expect(opening).rejects.toThrow('none of the offered WAMP subprotocols');
  });

  test.each(['tcp://localhost:1', 'nonsense', 'ws://'])('BP-TRN-01: %s is refused', async (url) => {
    await expect(connectPeer(url, { serializers, WebSocket })).rejects.toThrow(`cannot connect to ${url}: `);
  });

  test('BP-TRN-01: connectTimeout and AbortSignal are heeded', async () => {
    const clock = new FakeClock();
    const options = { serializers, clock, connectTimeout: 1000, WebSocket: ScriptedWebSocket };
    const slow = connectPeer('ws://router.example/', options);
    clock.advance(1000);
    await expect(slow).rejects.toThrow('no connection within 1000 ms');
    expect(ScriptedWebSocket.last.closes).toHaveLength(1);
    const controller = new AbortController();
    const given = connectPeer('ws://router.example/', { ...options, signal: controller.signal });
    controller.abort();
    await expect(given).rejects.toThrow(CanceledError);
  });

  test('BP-TRN-01: nothing that the web entry imports needs Node', () => {
    const seen = new Set<string>();
    const visit = (file: URL): void => {
      if (seen.has(file.href)) return;
      seen.add(file.href);
      const source = readFileSync(file, 'utf8');
      expect(source).not.toMatch(/from '(node:|ws')|\bBuffer[.(]/);
      for (const [, path] of source.matchAll(/from '(\.[^']+)\.js'/g)) visit(new URL(`${path}.ts`, file));
    };
    visit(new URL('./web.ts', import.meta.url));
    expect(seen.size).toBeGreaterThan(5);
  });
});
