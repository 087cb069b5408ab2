import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Serializer, TransportInfo } from '@wampkit/protocol';
import { formatHostPort } from './bind-address.js';

/** Request headers that a peer's `TransportInfo` tells. `cookie` is a secret of the user: not for other sessions. */
const TOLD_HEADERS = ['host', 'origin', 'user-agent', 'x-forwarded-for', 'cookie'] as const;

/** Describes the transport over a socket; `path` is the unix socket's path where there is one. */
export function describeTransport(
  socket: Socket,
  type: 'websocket' | 'rawsocket',
  about: { serializer: Serializer; path?: string | undefined; headers?: IncomingHttpHeaders },
): TransportInfo {
  const peer =
    socket.remoteAddress === undefined || socket.remotePort === undefined
      ? about.path
      : formatHostPort(socket.remoteAddress, socket.remotePort);
  return {
    type,
    serializer: about.serializer.name,
    secure: isSecure(socket),
    ...(peer === undefined ? {} : { peer }),
    ...(about.headers === undefined ? {} : { headers: toldHeaders(about.headers) }),
  };
}

function isSecure(socket: Socket): boolean {
  return (socket as { encrypted?: boolean }).encrypted === true;
}

function toldHeaders(headers: IncomingHttpHeaders): Readonly<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const name of TOLD_HEADERS) {
    const value = headers[name];
    if (value !== undefined) told[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return told;
}
