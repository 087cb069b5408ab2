import type { Clock, Serializer } from '@wampkit/protocol';
import type { PeerOptions } from '../peer/peer-host.js';

/** TLS as a client: PEM. */
export interface ConnectTls {
  /** Authorities to trust instead of the system's. */
  ca?: string | Buffer | undefined;
  /** The client's certificate and key, where the router asks for one. */
  cert?: string | Buffer | undefined;
  key?: string | Buffer | undefined;
  /** Whether the router's certificate must be valid (BP-TRN-05); on by default. */
  rejectUnauthorized?: boolean | undefined;
}

/** What `connectPeer` takes. */
export interface ConnectPeerOptions extends PeerOptions {
  /** What to offer, in the order of preference. */
  serializers: readonly Serializer[];
  tls?: ConnectTls | undefined;
  /** HTTP headers of the WebSocket handshake. */
  headers?: Readonly<Record<string, string>> | undefined;
  /** Whether to offer permessage-deflate; off by default. */
  compression?: boolean | undefined;
  /**
   * Whether to offer the batched subprotocol of each serializer before the other (BAT-01); by default on over HTTP, off
   * over WebSocket.
   */
  batched?: boolean | undefined;
  /** Gives up the attempt; an open peer does not heed it. */
  signal?: AbortSignal | undefined;
  /** From the call to the peer: ms, 10 s by default, 0: no bound. */
  connectTimeout?: number | undefined;
  clock?: Clock | undefined;
}
