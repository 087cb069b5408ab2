import { createHash } from 'node:crypto';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { CloseReason, Peer, ProtocolError, Serializer } from '@wampkit/protocol';
import { connectPeer, createListener, type Listener } from '@wampkit/transport';
import { connectPeer as connectWebPeer } from '@wampkit/transport/web';
import { WebSocket } from 'ws';
import { createEchoSerializer } from './echo-serializer.js';
import { RawEnd } from './raw-end.js';

/** The end of the transport that is tested. */
export type End = 'server' | 'client' | 'web client';

/** How the tested end is set up. */
export interface WorldOptions {
  /** Echoes text and binary by default. */
  readonly serializers?: readonly Serializer[];
  readonly maxMessageSize?: number;
  readonly compression?: boolean;
  /** The `Sec-WebSocket-Extensions` of the other end: what a client offers, or a server accepts. */
  readonly extensions?: string;
}

/** One connection: the tested peer, which echoes each message, and its other end. */
export interface Connection {
  readonly raw: RawEnd;
  readonly peer: Peer;
  readonly violations: readonly ProtocolError[];
  readonly ends: readonly CloseReason[];
  /** The head of the handshake's request or response that the tested end sent. */
  readonly head: string;
}

/** Connections with the tested end. */
export interface World extends AsyncDisposable {
  open(subprotocol?: string): Promise<Connection>;
}

/** Serializers that echo text under `wamp.2.json` and binary under `wamp.2.msgpack`. */
const echoSerializers: readonly Serializer[] = [createEchoSerializer('text'), createEchoSerializer('binary')];

export function openWorld(end: End, options: WorldOptions = {}): Promise<World> {
  return end === 'server' ? openListenerWorld(options) : openConnectWorld(end, options);
}

/** A listener, and clients by hand. */
async function openListenerWorld(options: WorldOptions): Promise<World> {
  const { serializers = echoSerializers, maxMessageSize, compression, extensions } = options;
  const peers: Watched[] = [];
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers,
    maxMessageSize,
    websocket: { compression },
    onPeer: (peer) => peers.push(watch(peer)),
  });
  await listener.listen();
  return {
    async open(subprotocol = 'wamp.2.json') {
      const socket = await connectTo(listener);
      const lines = extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`];
      socket.write(upgradeRequest([`Sec-WebSocket-Protocol: ${subprotocol}`, ...lines]));
      const { head, rest } = await readHead(socket);
      return { raw: new RawEnd(socket, 'client', rest), head, ...(peers.at(-1) as Watched) };
    },
    [Symbol.asyncDispose]: () => listener.close(),
  };
}

/** A server by hand, and clients that connect to it. */
async function openConnectWorld(end: End, options: WorldOptions): Promise<World> {
  const { serializers = echoSerializers, maxMessageSize, compression, extensions } = options;
  const raws: { raw: RawEnd; head: string }[] = [];
  const server = createServer();
  let accepted = 'wamp.2.json';
  server.on('connection', async (socket) => {
    const { head } = await readHead(socket);
    const lines = extensions === undefined ? [] : [`Sec-WebSocket-Extensions: ${extensions}`];
    socket.write(upgradeResponse(head, [`Sec-WebSocket-Protocol: ${accepted}`, ...lines]));
    raws.push({ raw: new RawEnd(socket, 'server'), head });
  });
  const url = await listenOnLoopback(server);
  const connectOptions = { serializers, maxMessageSize, compression };
  return {
    async open(subprotocol = 'wamp.2.json') {
      accepted = subprotocol;
      const peer =
        end === 'client'
          ? await connectPeer(url, connectOptions)
          : await connectWebPeer(url, { ...connectOptions, WebSocket: WebSocket as never });
      return { ...watch(peer), ...(raws.at(-1) as { raw: RawEnd; head: string }) };
    },
    async [Symbol.asyncDispose]() {
      for (const { raw } of raws) raw.socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Watched = Pick<Connection, 'peer' | 'violations' | 'ends'>;

function watch(peer: Peer): Watched {
  const violations: ProtocolError[] = [];
  const ends: CloseReason[] = [];
  peer.onMessage = (message) => peer.send(message);
  peer.onViolation = (error) => {
    violations.push(error);
    peer.close('wamp.error.protocol_violation');
  };
  peer.onClose = (reason) => ends.push(reason);
  return { peer, violations, ends };
}

/** Connects without a handshake. */
export async function connectTo(listener: Listener): Promise<Socket> {
  const socket = connect(Number(listener.address.split(':')[1]), '127.0.0.1');
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** @returns the URL */
export async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
}

const KEY = 'AAAAAAAAAAAAAAAAAAAAAA==';

/** The request of a handshake with further header lines. */
export function upgradeRequest(lines: readonly string[], path = '/ws'): string {
  return httpHead([
    `GET ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...lines,
  ]);
}

/** The response to a handshake's request with further header lines. */
export function upgradeResponse(request: string, lines: readonly string[]): string {
  return httpHead([
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${acceptOf(request)}`,
    ...lines,
  ]);
}

/** The accept value for a request's key. */
export function acceptOf(request: string): string {
  const key = /^sec-websocket-key: *(\S+)/im.exec(request)?.[1] ?? '';
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

export function httpHead(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** Reads to the end of the head, or of the connection, and leaves the socket paused. */
export function readHead(socket: Socket): Promise<{ head: string; rest: Buffer }> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const finish = (end: number): void => {
      socket.off('data', take).off('close', give).pause();
      resolve({ head: bytes.subarray(0, end).toString('latin1'), rest: bytes.subarray(end) });
    };
    const take = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const end = bytes.indexOf('\r\n\r\n');
      if (end >= 0) finish(end + 4);
    };
    const give = (): void => finish(bytes.length);
    socket.on('data', take).on('close', give);
  });
}
