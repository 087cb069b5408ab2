import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CloseReason, Peer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { attachWebSocket, connectPeer } from '../index.js';

const serializers = [jsonSerializer];

test('BP-TRN-02: a router is embedded in an HTTP server of somebody else', async () => {
  const server = createServer((_, response) => response.end('app')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const peers: Peer[] = [];
  const attached = attachWebSocket(
    server,
    { attach: (peer) => peers.push(peer) },
    { serializers, pingInterval: 0 },
  );
  const client = await connectPeer(`ws://${base}/ws`, { serializers });
  const ends: CloseReason[] = [];
  client.onClose = (reason) => ends.push(reason);
  expect(peers.map(({ encoding }) => encoding)).toEqual(['json/websocket']);
  expect(await (await fetch(`http://${base}/ws`)).text()).toBe('app');
  await expect(connectPeer(`ws://${base}/other`, { serializers })).rejects.toThrow('HTTP 404');
  await attached.close();
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  expect(ends[0]?.message).toBe('closed by the other end with code 1000: the server closes');
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('BP-TRN-02: upgrades under other paths are left to their owner', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const chat = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/chat') chat.handleUpgrade(request, socket, head, (ws) => ws.close(4000));
  });
  const attached = attachWebSocket(server, { attach: () => {} }, { serializers, pingInterval: 0 });
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`;
  const client = await connectPeer(url, { serializers });
  const ends: CloseReason[] = [];
  client.onClose = (reason) => ends.push(reason);
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  expect(ends[0]?.message).toContain('4000');
  await attached.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
