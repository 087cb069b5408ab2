import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type CloseReason, Goodbye, type Message, type Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { afterEach, expect, test, vi } from 'vitest';
import { attachLongPoll, attachWebSocket, connectPeer } from '../index.js';

const serializers = [jsonSerializer];
const path = '/lp';
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

class Host {
  readonly peers: Peer[] = [];

  attach(peer: Peer): void {
    this.peers.push(peer);
  }
}

const app = () => createServer((_, response) => response.end('app'));

test('LP-01: a router is embedded in an HTTP server of somebody else, beside WebSocket', async () => {
  const server = app();
  const base = await listen(server);
  const host = new Host();
  const attached = attachLongPoll(server, host, { serializers, path });
  const beside = attachWebSocket(server, host, { serializers, pingInterval: 0 });
  const client = await connectPeer(`http://${base}/lp`, { serializers });
  const other = await connectPeer(`ws://${base}/ws`, { serializers });
  expect(host.peers.map(({ transport }) => transport.type)).toEqual(['longpoll', 'websocket']);
  const received: Message[] = [];
  const ends: CloseReason[] = [];
  client.onMessage = (message) => received.push(message);
  client.onClose = (reason) => ends.push(reason);
  host.peers[0]?.send(new Goodbye({}, 'a.b'));
  await vi.waitFor(() => expect(received).toEqual([new Goodbye({}, 'a.b')]));
  for (const url of ['/', '/lpx']) expect(await (await fetch(`http://${base}${url}`)).text()).toBe('app');
  await attached.close();
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  expect(await (await fetch(`http://${base}/lp/open`, { method: 'POST' })).text()).toBe('app');
  other.close();
  await beside.close();
});

test('LP-01: a server without handlers of its own answers 404 elsewhere', async () => {
  const server = createServer();
  const base = await listen(server);
  const attached = attachLongPoll(server, new Host(), { serializers, path });
  closers.push(() => attached.close());
  expect((await fetch(`http://${base}/other`)).status).toBe(404);
});

test('LP-01: two are attached under two paths, with bounds of their own; one closes, the other stays', async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked++;
    response.end('app');
  });
  const base = await listen(server);
  const [one, two] = [new Host(), new Host()];
  const both: { close(): Promise<void> }[] = [];
  for (const [host, path] of [[one, '/one'] as const, [two, '/two'] as const]) {
    const attached = attachLongPoll(server, host, { serializers, path, maxConnections: 1 });
    closers.push(() => attached.close());
    both.push(attached);
  }
  for (const each of ['one', 'two']) {
    const client = await connectPeer(`http://${base}/${each}`, { serializers });
    closers.push(() => client.close());
    await expect(connectPeer(`http://${base}/${each}`, { serializers })).rejects.toThrow('503');
  }
  expect([one.peers.length, two.peers.length]).toEqual([1, 1]);
  await both[0]?.close();
  for (const each of ['', 'one/open'])
    expect(await (await fetch(`http://${base}/${each}`, { method: 'POST' })).text()).toBe('app');
  expect(asked).toBe(2);
  await expect(connectPeer(`http://${base}/two`, { serializers })).rejects.toThrow('503');
  expect(asked).toBe(2);
});

test('LP-04: what is being opened when it closes is refused', async () => {
  const server = app();
  const base = await listen(server);
  const host = new Host();
  const attached = attachLongPoll(server, host, { serializers, path });
  const body = JSON.stringify({ protocols: ['wamp.2.json'] });
  const headers = { 'content-length': body.length };
  const open = request(`http://${base}/lp/open`, { method: 'POST', headers });
  const asked = once(server, 'request');
  open.write(body.slice(0, 5));
  await asked;
  await attached.close();
  open.end(body.slice(5));
  const [answer] = await once(open, 'response');
  expect([answer.statusCode, await text(answer)]).toEqual([503, 'This end closes.\n']);
  expect(host.peers).toEqual([]);
});
