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
import { connectPeer as connectWebLongPoll } from './web-longpoll.js';

const { cert, key } = testTls();

interface Case {
  readonly name: string;
  readonly scheme: 'ws' | 'wss' | 'http' | 'https' | 'tcp' | 'tcps' | 'unix';
  readonly serializer?: Serializer;
  readonly compression?: boolean;
  readonly batched?: boolean;
  /** Whether the client's end is that of browsers, over the platform's WebSocket or that of `ws`. */
  readonly web?: boolean;
}

const cases: readonly Case[] = [
  { name: 'WebSocket', scheme: 'ws' },
  { name: 'WebSocket, msgpack', scheme: 'ws', serializer: msgpackSerializer },
  { name: 'WebSocket, cbor', scheme: 'ws', serializer: cborSerializer },
  { name: 'WebSocket over TLS', scheme: 'wss' },
  { name: 'WebSocket, compressed', scheme: 'ws', compression: true },
  { name: 'WebSocket, batched', scheme: 'ws', batched: true },
  { name: 'WebSocket, batched, msgpack', scheme: 'ws', batched: true, serializer: msgpackSerializer },
  { name: 'WebSocket, batched, cbor', scheme: 'ws', batched: true, serializer: cborSerializer },
  { name: 'WebSocket over TLS, batched', scheme: 'wss', batched: true },
  { name: 'WebSocket, batched, compressed', scheme: 'ws', batched: true, compression: true },
  { name: 'the web entry', scheme: 'ws', web: true },
  { name: 'the web entry, cbor', scheme: 'ws', web: true, serializer: cborSerializer },
  { name: 'long-poll', scheme: 'http', batched: true },
  { name: 'long-poll, msgpack', scheme: 'http', batched: true, serializer: msgpackSerializer },
  { name: 'long-poll, cbor', scheme: 'http', batched: true, serializer: cborSerializer },
  { name: 'long-poll, message by message', scheme: 'http', batched: false },
  { name: 'long-poll, message by message, cbor', scheme: 'http', batched: false, serializer: cborSerializer },
  { name: 'long-poll over TLS', scheme: 'https', batched: true },
  { name: 'the web entry, batched', scheme: 'ws', web: true, batched: true },
  {
    name: 'the web entry, batched, msgpack',
    scheme: 'ws',
    web: true,
    batched: true,
    serializer: msgpackSerializer,
  },
  { name: 'the web entry, long-poll', scheme: 'http', web: true, batched: true },
  {
    name: 'the web entry, long-poll, cbor',
    scheme: 'http',
    web: true,
    batched: true,
    serializer: cborSerializer,
  },
  { name: 'the web entry, long-poll, message by message', scheme: 'http', web: true, batched: false },
  { name: 'RawSocket', scheme: 'tcp' },
  { name: 'RawSocket, cbor', scheme: 'tcp', serializer: cborSerializer },
  { name: 'RawSocket over TLS', scheme: 'tcps' },
  { name: 'RawSocket over a unix socket', scheme: 'unix' },
];

for (const each of cases) {
  const closers: (() => unknown)[] = [];
  testPeerContract(each.name, {
    async setup() {
      const { serializer = jsonSerializer, scheme, compression = false, batched = false } = each;
      const directory = await mkdtemp(join(tmpdir(), 'wampkit-'));
      const bind = scheme === 'unix' ? `unix:${directory}/socket` : '127.0.0.1:0';
      const secure = /.+s$/.test(scheme) && scheme !== 'ws';
      const accepted: Peer[] = [];
      const options: ListenerOptions = {
        bind,
        serializers: [serializer],
        onPeer: (peer) => accepted.push(peer),
        poisonReads: true,
        websocket: { compression },
        longpoll: { path: '/lp' },
        ...(secure ? { tls: { cert, key } } : {}),
      };
      const listener = createListener(options);
      await listener.listen();
      closers.push(
        () => listener.close(),
        () => rm(directory, { recursive: true }),
      );
      const path = scheme.startsWith('http') ? '/lp' : '';
      const url = scheme === 'unix' ? listener.address : `${scheme}://${listener.address}${path}`;
      if (each.web === true) {
        // Node has a WebSocket of its own from version 22 on.
        const platform = globalThis.WebSocket === undefined ? { WebSocket } : {};
        const common = { serializers: [serializer], poisonReads: true, ...platform };
        const left =
          each.batched === undefined
            ? await connectWebPeer(url, common)
            : await connectWebLongPoll(url, { ...common, batched });
        return { left, right: accepted[0] as Peer };
      }
      const client = {
        serializers: [serializer],
        poisonReads: true,
        compression,
        batched,
        tls: { ca: cert },
      };
      const left = await connectPeer(url, client);
      return { left, right: accepted[0] as Peer };
    },
    async teardown({ left }) {
      left.close();
      for (const close of closers.splice(0)) await close();
    },
  });
}
