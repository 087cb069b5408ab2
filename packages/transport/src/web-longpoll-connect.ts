import type { Peer } from '@wampkit/protocol';
import { BatchedWebSocket } from './batch/batched-websocket.js';
import { runAttempt } from './connect/connect-attempt.js';
import { connectRefused } from './connect/connect-failure.js';
import { fetchPost } from './longpoll/fetch-post.js';
import { openLongPoll } from './longpoll/open-longpoll.js';
import { connectPeer as connectWebSocket, webBounds } from './web-connect.js';
import { webLimits } from './web-limits.js';
import type { ConnectWebOptions, WebSocketConstructor } from './web-options.js';

/** What `connectPeer` of the `./web-longpoll` entry takes. */
export interface ConnectLongPollOptions extends ConnectWebOptions {
  /**
   * Whether to offer the batched subprotocol of each serializer before the other (BAT-01); by default on over HTTP, off
   * over WebSocket.
   */
  batched?: boolean | undefined;
}

/**
 * Opens a transport to a router through the platform: `ws://` and `wss://` over its WebSocket, `http://` and `https://`
 * as long-poll over its `fetch`, each with batches where they are wanted.
 *
 * @example
 * const peer = await connectPeer('https://example.com/lp', { serializers: [jsonSerializer] });
 *
 * @returns the open peer; set its handlers at once
 * @throws {ConnectError} naming the URL and what is known of the cause
 * @throws {CanceledError} when `signal` gave it up
 */
export async function connectPeer(url: string, options: ConnectLongPollOptions): Promise<Peer> {
  if (!/^https?:\/\//i.test(url))
    return options.batched === true ? connectBatched(url, options) : connectWebSocket(url, options);
  const { signal, connectTimeout = webLimits.connectTimeout, serializers, batched = true } = options;
  const bounds = webBounds(options);
  return runAttempt(url, { clock: bounds.clock, connectTimeout, signal }, () =>
    openLongPoll(url, {
      post: fetchPost,
      serializers,
      batched,
      bounds,
      describe: (_, cause) => connectRefused(url, (cause as Error).message, { retryable: true, cause }),
    }),
  );
}

async function connectBatched(url: string, options: ConnectLongPollOptions): Promise<Peer> {
  const { serializers } = options;
  const platform = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor);
  let socket: BatchedWebSocket | undefined;
  const WebSocket = class extends BatchedWebSocket {
    constructor(address: string, protocols: string[]) {
      super(platform, address, { protocols, serializers });
      socket = this;
    }
  };
  const peer = await connectWebSocket(url, { ...options, ...(platform === undefined ? {} : { WebSocket }) });
  if (!socket?.batched) return peer;
  return Object.assign(peer, { encoding: peer.encoding.replace('websocket', 'batched') });
}
