import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Serializer, TransportInfo } from '@wampkit/protocol';
import { channelBinding } from '../peer/channel-binding.js';
import { formatHostPort } from './bind-address.js';
import { readClientCertificate } from './client-certificate.js';
import type { CookieSigner } from './signed-cookie.js';

/** Request headers that a peer's `TransportInfo` tells. `cookie` and `authorization` are secrets of the user: not for other sessions. */
const TOLD_HEADERS = ['host', 'origin', 'user-agent', 'x-forwarded-for', 'cookie', 'authorization'] as const;

/** What `describeTransport` is told of a connection. */
interface Connection {
  readonly serializer: Serializer;
  /** Which end of it is ours. */
  readonly end: 'client' | 'server';
  /** The unix socket's path where there is one. */
  readonly path?: string | undefined;
  readonly headers?: IncomingHttpHeaders;
  /** Which browser it is, by a cookie of the listener. */
  readonly cookie?: string | undefined;
  /** Who made that cookie, which the headers then are told without. */
  readonly cookies?: CookieSigner | null;
}

/** Describes the transport over a socket. */
export function describeTransport(
  socket: Socket,
  type: 'websocket' | 'rawsocket' | 'longpoll',
  about: Connection,
): TransportInfo {
  const peer =
    socket.remoteAddress === undefined || socket.remotePort === undefined
      ? about.path
      : formatHostPort(socket.remoteAddress, socket.remotePort);
  const secure = isSecure(socket);
  // Each request of a long-poll may come over a connection of its own.
  const isBound = secure && type !== 'longpoll';
  const certificate = isBound && about.end === 'server' ? readClientCertificate(socket) : undefined;
  const { headers, cookies = null } = about;
  return {
    type,
    serializer: about.serializer.name,
    secure,
    ...(isBound ? { channelBinding: (binding) => channelBinding(socket, about.end, binding) } : {}),
    ...(certificate === undefined ? {} : { clientCertificate: certificate }),
    ...(about.cookie === undefined ? {} : { cookie: about.cookie }),
    ...(peer === undefined ? {} : { peer }),
    ...(headers === undefined ? {} : { headers: toldHeaders(headers, cookies) }),
  };
}

/** Whether a socket is one of TLS. */
export function isSecure(socket: Socket): boolean {
  return (socket as { encrypted?: boolean }).encrypted === true;
}

function toldHeaders(
  headers: IncomingHttpHeaders,
  cookies: CookieSigner | null,
): Readonly<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const name of TOLD_HEADERS) {
    const isOwn = name === 'cookie' && cookies !== null;
    const value = isOwn ? cookies.othersOf(headers.cookie) : headers[name];
    if (value !== undefined) told[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return told;
}
