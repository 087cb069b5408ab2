import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { Peer, Serializer } from '@wampkit/protocol';
import { answerText } from '../listener/http-refusal.js';
import { type CookieOptions, CookieSigner } from '../listener/signed-cookie.js';
import { PeerHost, type PeerOptions } from '../peer/peer-host.js';
import { LongPollGate, type LongPollOptions } from './longpoll-gate.js';

/** What `attachLongPoll` takes. */
export interface AttachLongPollOptions
  extends Omit<PeerOptions, 'pingInterval' | 'pingTimeout'>,
    LongPollOptions {
  serializers: readonly Serializer[];
  /** Gives browsers a cookie by which they are known again; off by default. */
  cookie?: CookieOptions | undefined;
  /** How many peers there may be; 0, the default: no bound. */
  maxConnections?: number | undefined;
}

/**
 * Serves WAMP over HTTP long-poll in an HTTP server of one's own. Requests under other paths stay with the `request`
 * handlers that the server has by now: add yours before.
 *
 * @example
 * const server = http.createServer(app);
 * const attached = attachLongPoll(server, router, { serializers: [jsonSerializer], path: '/lp' });
 * server.listen(3000);
 *
 * @param host takes each new peer, as a router does
 * @returns `close()` stops serving, closes the peers and resolves when all have ended
 */
export function attachLongPoll(
  server: Server | SecureServer,
  host: { attach(peer: Peer): void },
  options: AttachLongPollOptions,
): { close(): Promise<void> } {
  const peers = new PeerHost({ ...options, pingInterval: 0 }); // a receive that is not renewed tells who is gone
  const gate = new LongPollGate({
    host: peers,
    serializers: options.serializers,
    options,
    maxConnections: options.maxConnections ?? 0,
    cookies: options.cookie === undefined ? null : new CookieSigner(options.cookie, peers.clock),
    onPeer: (peer) => host.attach(peer),
  });
  const others = server.listeners('request') as ((this: Server, ...request: unknown[]) => void)[];
  let isClosed = false;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isClosed && gate.serves(request.url ?? '/')) gate.answer(request, response);
    else if (others.length > 0) for (const other of others) other.call(server, request, response);
    else if (server.listenerCount('request') === 1) answerText(response, 404, nothing);
  };
  for (const other of others) server.off('request', other);
  server.on('request', onRequest);
  return {
    close() {
      isClosed = true; // and the handler stays: others may have been put before it since
      gate.closeAll('the server closes');
      return peers.peers.closeAll('the server closes');
    },
  };
}

const nothing = { text: 'There is nothing under this path.' };
