import type { Socket } from 'node:net';
import type { TransportInfo } from '@wampkit/protocol';
import { createBatchFraming, separate } from '../batch/batch-framing.js';
import type { PeerHost } from '../peer/peer-host.js';
import type { Subprotocol } from '../subprotocol.js';
import { BatchedWebSocketPeer } from './batched-websocket-peer.js';
import { CompressedBatchedWebSocketPeer } from './compressed-batched-websocket-peer.js';
import { CompressedWebSocketPeer } from './compressed-websocket-peer.js';
import { createWebSocketFraming } from './websocket-framing.js';
import { type PeerWebSocket, WebSocketPeer } from './websocket-peer.js';

/** What a WebSocket whose handshake is done becomes a peer with. */
interface WebSocketParts {
  readonly host: PeerHost;
  readonly transport: TransportInfo;
  readonly subprotocol: Subprotocol;
  /** Whether this is the client's end. */
  readonly masked: boolean;
}

/** Makes the peer for what a handshake agreed on: batched or not, compressed or not. */
export function createWebSocketPeer(ws: PeerWebSocket, socket: Socket, parts: WebSocketParts): WebSocketPeer {
  const { host, transport, subprotocol, masked } = parts;
  const { serializer, batched } = subprotocol;
  const plain = ws.extensions === '';
  if (batched) {
    const framing = createBatchFraming(serializer.binary);
    const sendLimit = host.maxMessageSize - framing.headerSize(0);
    const encoder = host.encoder('batched', separate(serializer), () => framing);
    const batch = { host, transport, encoder, sendLimit, masked };
    return plain
      ? new BatchedWebSocketPeer(ws, socket, batch)
      : new CompressedBatchedWebSocketPeer(ws, socket, batch);
  }
  const encoder = host.encoder('websocket', serializer, () =>
    createWebSocketFraming(serializer.binary, masked && plain),
  );
  const single = { host, transport, encoder, sendLimit: host.maxMessageSize, masked };
  return plain ? new WebSocketPeer(ws, socket, single) : new CompressedWebSocketPeer(ws, socket, single);
}
