import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Peer, Serializer } from '@wampkit/protocol';
import type { Attempt } from '../connect/connect-attempt.js';
import { connectRefused } from '../connect/connect-failure.js';
import type { ConnectPeerOptions } from '../connect/connect-options.js';
import { socketFailure } from '../connect/socket-failure.js';
import { describeTransport } from '../listener/transport-info.js';
import type { PeerHost } from '../peer/peer-host.js';
import { rawSocketFraming } from './rawsocket-framing.js';
import {
  announcedLimit,
  encodeHandshake,
  HANDSHAKE_SIZE,
  HandshakeError,
  readReply,
} from './rawsocket-handshake.js';
import { RawSocketPeer } from './rawsocket-peer.js';

/** Where a RawSocket connection goes. */
export type RawSocketTarget =
  | { readonly path: string }
  | { readonly host: string; readonly port: number; readonly secure: boolean };

/**
 * Opens a RawSocket as a client. A handshake names one serializer: when the router does not speak it, the next is tried
 * on a new connection (RS-01 to RS-03).
 */
export function connectRawSocket(
  url: string,
  target: RawSocketTarget,
  { options, host }: { options: ConnectPeerOptions; host: PeerHost },
): Attempt {
  let socket: Socket | null = null;
  let abandoned = false;
  const tryEach = async (): Promise<Peer> => {
    for (const [index, serializer] of options.serializers.entries()) {
      socket = open(target, options);
      const reply = await shakeHands(url, socket, { serializer, host });
      if (reply.peer !== undefined) return reply.peer;
      socket.destroy();
      const last = index === options.serializers.length - 1;
      if (last || abandoned || reply.code !== HandshakeError.SerializerUnsupported)
        throw connectRefused(url, reply.fault, { retryable: reply.code === HandshakeError.MaxConnections });
    }
    throw connectRefused(url, 'no serializer was given', { retryable: false });
  };
  return {
    peer: tryEach(),
    abandon: () => {
      abandoned = true;
      socket?.destroy();
    },
  };
}

function open(target: RawSocketTarget, { tls }: ConnectPeerOptions): Socket {
  if ('path' in target) return connectTcp({ path: target.path });
  const { host, port, secure } = target;
  if (!secure) return connectTcp({ host, port, noDelay: true });
  const socket = connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...tls });
  socket.setNoDelay(true);
  return socket;
}

type Reply =
  | { readonly peer: Peer }
  | { readonly peer?: never; readonly fault: string; readonly code?: number };

function shakeHands(
  url: string,
  socket: Socket,
  { serializer, host }: { serializer: Serializer; host: PeerHost },
): Promise<Reply> {
  const limit = announcedLimit(host.maxMessageSize);
  socket.write(encodeHandshake(serializer, limit));
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const onError = (error: Error): void => reject(socketFailure(url, error));
    const onClose = (): void =>
      reject(
        connectRefused(url, 'the other end closed the connection in the handshake', { retryable: true }),
      );
    const onData = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (received.length < HANDSHAKE_SIZE) return;
      socket.pause();
      socket.off('data', onData).off('error', onError).off('close', onClose);
      socket.on('error', ignore);
      const reply = readReply(received, serializer);
      if ('fault' in reply) {
        resolve(reply);
        return;
      }
      if (received.length > HANDSHAKE_SIZE) socket.unshift(received.subarray(HANDSHAKE_SIZE));
      const transport = describeTransport(socket, 'rawsocket', {
        serializer,
        end: 'client',
        path: pathOf(url),
      });
      const parts = {
        host,
        transport,
        encoder: host.encoder('rawsocket', serializer, () => rawSocketFraming),
        sendLimit: reply.limit,
      };
      resolve({ peer: new RawSocketPeer(socket, parts, limit) });
    };
    socket.on('data', onData).on('error', onError).on('close', onClose);
  });
}

function pathOf(url: string): string | undefined {
  return url.startsWith('unix:') ? url.slice('unix:'.length) : undefined;
}

function ignore(): void {}
