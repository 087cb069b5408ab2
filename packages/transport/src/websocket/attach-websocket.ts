import type { IncomingMessage, Server } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Peer, Serializer } from '@wampkit/protocol';
import { type CookieOptions, CookieSigner } from '../listener/signed-cookie.js';
import { PeerHost, type PeerOptions } from '../peer/peer-host.js';
import { WebSocketGate, type WebSocketOptions } from './websocket-gate.js';

/** What `attachWebSocket` takes. */
export interface AttachOptions extends PeerOptions, WebSocketOptions {
  serializers: readonly Serializer[];
  /** Paths of the URL under which WAMP is served; `/ws` by default. */
  paths?: readonly string[] | undefined;
  /** Gives browsers a cookie by which they are known again; off by default. */
  cookie?: CookieOptions | undefined;
  /** How many peers there may be; 0, the default: no bound. */
  maxConnections?: number | undefined;
}

/**
 * Serves WAMP over WebSocket in an HTTP server of one's own. Requests under other paths stay the server's; an upgrade
 * under another path gets 404 when nobody else listens for upgrades.
 *
 * @example
 * const server = http.createServer(app);
 * const attached = attachWebSocket(server, router, { serializers: [jsonSerializer], paths: ['/ws'] });
 * server.listen(3000);
 *
 * @param host takes each new peer, as a router does
 * @returns `close()` stops serving, closes the peers and resolves when all have ended
 */
export function attachWebSocket(
  server: Server | SecureServer,
  host: { attach(peer: Peer): void },
  options: AttachOptions,
): { close(): Promise<void> } {
  const peers = new PeerHost(options);
  const gate = new WebSocketGate({
    host: peers,
    serializers: options.serializers,
    options: { ...options, paths: options.paths ?? ['/ws'] },
    maxConnections: options.maxConnections ?? 0,
    cookies: options.cookie === undefined ? null : new CookieSigner(options.cookie, peers.clock),
    onPeer: (peer) => host.attach(peer),
  });
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (gate.serves(request.url ?? '/') || server.listenerCount('upgrade') === 1)
      gate.upgrade(request, socket as Socket, head);
  };
  server.on('upgrade', onUpgrade);
  return {
    close() {
      server.off('upgrade', onUpgrade);
      return peers.peers.closeAll('the server closes');
    },
  };
}
