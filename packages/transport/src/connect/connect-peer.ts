import { type Peer, systemClock } from '@wampkit/protocol';
import { limits } from '../limits.js';
import { PeerHost } from '../peer/peer-host.js';
import type { RawSocketTarget } from '../rawsocket/connect-rawsocket.js';
import { type Attempt, runAttempt } from './connect-attempt.js';
import { connectRefused } from './connect-failure.js';
import type { ConnectPeerOptions } from './connect-options.js';

/**
 * Opens a transport to a router: `ws://`, `wss://` (WebSocket), `http://`, `https://` (long-poll), `tcp://host:port`,
 * `tcps://host:port`, `unix:/path` (RawSocket).
 *
 * @example
 * const peer = await connectPeer('ws://127.0.0.1:8080/ws', { serializers: [jsonSerializer] });
 *
 * @returns the open peer; set its handlers at once
 * @throws {ConnectError} naming the URL and the cause
 * @throws {CanceledError} when `signal` gave it up
 */
export async function connectPeer(url: string, options: ConnectPeerOptions): Promise<Peer> {
  const bounds = {
    clock: options.clock ?? systemClock,
    connectTimeout: options.connectTimeout ?? limits.connectTimeout,
    signal: options.signal,
  };
  const target = parseTarget(url);
  return runAttempt(url, bounds, () => attemptLater(() => loadTransport(url, target, options)));
}

/** Loads what this URL needs and no more: it is a good part of the life of a short process. */
async function loadTransport(
  url: string,
  target: 'websocket' | 'longpoll' | RawSocketTarget,
  options: ConnectPeerOptions,
): Promise<() => Attempt> {
  const host = new PeerHost(options, 'client');
  if (target === 'websocket') {
    const { connectWebSocket } = await import('../websocket/connect-websocket.js');
    return () => connectWebSocket(url, options, host);
  }
  if (target === 'longpoll') {
    const { connectLongPoll } = await import('../longpoll/connect-longpoll.js');
    return () => connectLongPoll(url, options, host);
  }
  const { connectRawSocket } = await import('../rawsocket/connect-rawsocket.js');
  return () => connectRawSocket(url, target, { options, host });
}

/** An attempt that begins once it is loaded; one that was abandoned before ends as soon as it has begun. */
function attemptLater(load: () => Promise<() => Attempt>): Attempt {
  let attempt: Attempt | null = null;
  let abandoned = false;
  const start = async (): Promise<Peer> => {
    const begin = await load();
    attempt = begin();
    if (abandoned) attempt.abandon();
    return attempt.peer;
  };
  return {
    peer: start(),
    abandon: () => {
      abandoned = true;
      attempt?.abandon();
    },
  };
}

function parseTarget(url: string): 'websocket' | 'longpoll' | RawSocketTarget {
  if (url.startsWith('unix:')) return { path: url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '') };
  if (!URL.canParse(url)) throw connectRefused(url, 'it is no URL', { retryable: false });
  const { protocol, hostname, port } = new URL(url);
  if (protocol === 'ws:' || protocol === 'wss:') return 'websocket';
  if (protocol === 'http:' || protocol === 'https:') return 'longpoll';
  if (protocol !== 'tcp:' && protocol !== 'tcps:')
    throw connectRefused(url, 'its scheme is none of ws, wss, http, https, tcp, tcps, unix', {
      retryable: false,
    });
  if (hostname === '' || port === '')
    throw connectRefused(url, 'it must name a host and a port', { retryable: false });
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), secure: protocol === 'tcps:' };
}
