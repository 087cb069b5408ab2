import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer, Serializer } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { testPeerContract, testTls } from '@wampkit/testkit';
import { WebSocket } from 'ws';
import { connectPeer, createListener, type ListenerOptions } from './index.js';
import { connectPeer as connectWebPeer } from './web.js';

const { cert, key } = testTls();

interface Case {
  readonly name: string;
  readonly scheme: 'ws' | 'wss' | 'tcp' | 'tcps' | 'unix';
  readonly serializer?: Serializer;
  readonly compression?: boolean;
  /** Whether the client's end is that of browsers, over the platform's WebSocket or that of `ws`. */
  readonly web?: boolean;
}

const cases: readonly Case[] = [
  { name: 'WebSocket', scheme: 'ws' },
  { name: 'WebSocket, msgpack', scheme: 'ws', serializer: msgpackSerializer },
  { name: 'WebSocket, cbor', scheme: 'ws', serializer: cborSerializer },
  { name: 'WebSocket over TLS', scheme: 'wss' },
  { name: 'WebSocket, compressed', scheme: 'ws', compression: true },
  { name: 'the web entry', scheme: 'ws', web: true },
  { name: 'the web entry, cbor', scheme: 'ws', web: true, serializer: cborSerializer },
  { name: 'RawSocket', scheme: 'tcp' },
  { name: 'RawSocket, cbor', scheme: 'tcp', serializer: cborSerializer },
  { name: 'RawSocket over TLS', scheme: 'tcps' },
  { name: 'RawSocket over a unix socket', scheme: 'unix' },
];

for (const each of cases) {
  const closers: (() => unknown)[] = [];
  testPeerContract(each.name, {
    async setup() {
      const { serializer = jsonSerializer, scheme, compression = false } = each;
      const directory = await mkdtemp(join(tmpdir(), 'wampkit-'));
      const bind = scheme === 'unix' ? `unix:${directory}/socket` : '127.0.0.1:0';
      const secure = scheme.endsWith('s') && scheme !== 'ws';
      const accepted: Peer[] = [];
      const options: ListenerOptions = {
        bind,
        serializers: [serializer],
        onPeer: (peer) => accepted.push(peer),
        poisonReads: true,
        websocket: { compression },
        ...(secure ? { tls: { cert, key } } : {}),
      };
      const listener = createListener(options);
      await listener.listen();
      closers.push(
        () => listener.close(),
        () => rm(directory, { recursive: true }),
      );
      const url = scheme === 'unix' ? listener.address : `${scheme}://${listener.address}`;
      if (each.web === true) {
        // Node has a WebSocket of its own from version 22 on.
        const platform = globalThis.WebSocket === undefined ? { WebSocket } : {};
        const left = await connectWebPeer(url, {
          serializers: [serializer],
          poisonReads: true,
          ...platform,
        });
        return { left, right: accepted[0] as Peer };
      }
      const client = { serializers: [serializer], poisonReads: true, compression, tls: { ca: cert } };
      const left = await connectPeer(url, client);
      return { left, right: accepted[0] as Peer };
    },
    async teardown({ left }) {
      left.close();
      for (const close of closers.splice(0)) await close();
    },
  });
}
