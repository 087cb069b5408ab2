import { type Peer, type Serializer, systemClock } from '@wampkit/protocol';
import { type Attempt, runAttempt } from './connect/connect-attempt.js';
import { connectRefused } from './connect/connect-failure.js';
import { subprotocolOf } from './subprotocol.js';
import { webLimits } from './web-limits.js';
import type { ConnectWebOptions, WebPeerBounds, WebSocketConstructor, WebSocketLike } from './web-options.js';
import { WebPeer } from './web-peer.js';

/**
 * Opens a WebSocket to a router through the platform: `ws://` and `wss://` only. Platforms tell little about why a
 * connection failed, and so do the errors.
 *
 * @example
 * const peer = await connectPeer('wss://example.com/ws', { serializers: [jsonSerializer] });
 *
 * @returns the open peer; set its handlers at once
 * @throws {ConnectError} naming the URL and what is known of the cause
 * @throws {CanceledError} when `signal` gave it up
 */
export async function connectPeer(url: string, options: ConnectWebOptions): Promise<Peer> {
  const bounds = webBounds(options);
  const { signal, connectTimeout = webLimits.connectTimeout } = options;
  const create = options.WebSocket ?? (globalThis.WebSocket as unknown as WebSocketConstructor | undefined);
  if (create === undefined) throw connectRefused(url, 'this platform has no WebSocket', { retryable: false });
  return runAttempt(url, { clock: bounds.clock, connectTimeout, signal }, () =>
    openWebSocket(url, create, { serializers: options.serializers, bounds }),
  );
}

/** The bounds of a peer that these options ask for. */
export function webBounds(options: ConnectWebOptions): WebPeerBounds {
  return {
    maxMessageSize: options.maxMessageSize ?? webLimits.messageSize,
    highWaterMark: options.highWaterMark ?? webLimits.highWaterMark,
    hardLimit: options.hardLimit ?? webLimits.hardLimit,
    clock: options.clock ?? systemClock,
    poisonReads: options.poisonReads ?? false,
  };
}

function openWebSocket(
  url: string,
  WebSocket: WebSocketConstructor,
  { serializers, bounds }: { serializers: readonly Serializer[]; bounds: WebPeerBounds },
): Attempt {
  const socket = create(url, WebSocket, serializers);
  socket.binaryType = 'arraybuffer';
  const peer = new Promise<Peer>((resolve, reject) => {
    let detail = '';
    const fail = (why: string, retryable: boolean): void => reject(connectRefused(url, why, { retryable }));
    socket.onerror = (event: { message?: string }) => {
      detail = event.message ?? '';
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
      fail(detail || reason || `the connection failed (code ${code})`, true);
    socket.onopen = () => {
      const serializer = serializers.find((each) => subprotocolOf(each) === socket.protocol);
      if (serializer !== undefined) {
        resolve(new WebPeer(socket, url, { serializer, bounds }));
      } else {
        fail('the other end speaks none of the offered WAMP subprotocols', false);
        socket.close();
      }
    };
  });
  return { peer, abandon: () => socket.close() };
}

function create(
  url: string,
  WebSocket: WebSocketConstructor,
  serializers: readonly Serializer[],
): WebSocketLike {
  if (!/^wss?:\/\//i.test(url))
    throw connectRefused(url, 'its scheme is neither ws nor wss', { retryable: false });
  try {
    return new WebSocket(url, serializers.map(subprotocolOf));
  } catch (error) {
    throw connectRefused(url, (error as Error).message, { retryable: false, cause: error });
  }
}
