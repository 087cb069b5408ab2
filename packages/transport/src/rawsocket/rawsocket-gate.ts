import type { Socket } from 'node:net';
import type { Peer, Serializer } from '@wampkit/protocol';
import { endRefused } from '../listener/end-refused.js';
import type { GateParts } from '../listener/gate-parts.js';
import { describeTransport } from '../listener/transport-info.js';
import { rawSocketFraming } from './rawsocket-framing.js';
import {
  announcedLimit,
  encodeHandshake,
  encodeHandshakeError,
  HANDSHAKE_SIZE,
  HandshakeError,
  type HandshakeResult,
  readRequest,
} from './rawsocket-handshake.js';
import { RawSocketPeer } from './rawsocket-peer.js';

/** What it needs from its listener. */
export interface RawSocketGateParts extends GateParts {
  /** Called with the handshake's socket too, which is now the peer's. */
  onPeer(peer: Peer, socket: Socket): void;
}

/** The router's end of the RawSocket handshake (RS-02 to RS-04, RS-08). */
export class RawSocketGate {
  readonly #parts: RawSocketGateParts;
  readonly #limit: number;

  constructor(parts: RawSocketGateParts) {
    this.#parts = parts;
    this.#limit = announcedLimit(parts.host.maxMessageSize);
  }

  /** Goes on with a connection whose first octet is 0x7F; the socket is paused, `bytes` is what came so far. */
  accept(socket: Socket, bytes: Buffer): void {
    if (bytes.length < HANDSHAKE_SIZE) {
      socket.once('data', (more: Buffer) => {
        socket.pause();
        this.accept(socket, Buffer.concat([bytes, more]));
      });
      socket.resume();
      return;
    }
    const result = this.#judge(bytes);
    if ('error' in result) {
      endRefused(socket, encodeHandshakeError(result.error));
      return;
    }
    socket.write(encodeHandshake(result.serializer, this.#limit));
    if (bytes.length > HANDSHAKE_SIZE) socket.unshift(bytes.subarray(HANDSHAKE_SIZE));
    this.#admit(socket, result);
  }

  #judge(bytes: Buffer): HandshakeResult {
    const { host, serializers, maxConnections } = this.#parts;
    const result = readRequest(bytes, serializers);
    if ('error' in result || maxConnections === 0 || host.peers.size < maxConnections) return result;
    return { error: HandshakeError.MaxConnections };
  }

  #admit(socket: Socket, agreed: { serializer: Serializer; limit: number }): void {
    const { host, path } = this.#parts;
    const { serializer } = agreed;
    const parts = {
      host,
      encoder: host.encoder('rawsocket', serializer, () => rawSocketFraming),
      transport: describeTransport(socket, 'rawsocket', { serializer, end: 'server', path }),
      sendLimit: agreed.limit,
    };
    this.#parts.onPeer(new RawSocketPeer(socket, parts, this.#limit), socket);
  }
}
