import type { Clock, Serializer } from '@wampkit/protocol';

/** What is used of the platform's WebSocket; that of the `ws` package has it too. */
export interface WebSocketLike {
  binaryType: string;
  readonly protocol: string;
  readonly bufferedAmount: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
}

/** Makes a WebSocket, which begins to connect. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike;

/** Bounds of a peer over the platform's WebSocket. */
export interface WebPeerBounds {
  readonly maxMessageSize: number;
  readonly highWaterMark: number;
  readonly hardLimit: number;
  readonly clock: Clock;
  readonly poisonReads: boolean;
}

/** What `connectPeer` of the `./web` entry takes. */
export interface ConnectWebOptions {
  /** What to offer, in the order of preference. */
  serializers: readonly Serializer[];
  /** Gives up the attempt; an open peer does not heed it. */
  signal?: AbortSignal | undefined;
  /** From the call to the peer: ms, 10 s by default, 0: no bound. */
  connectTimeout?: number | undefined;
  /** Largest message taken and sent: bytes, 16 MiB by default. */
  maxMessageSize?: number | undefined;
  /** Send queue above which the peer is congested: bytes, 4 MiB by default. */
  highWaterMark?: number | undefined;
  /** Send queue, or messages held back by a pause, above which the peer is closed: bytes, 64 MiB by default. */
  hardLimit?: number | undefined;
  clock?: Clock | undefined;
  /** For tests: as in the package's main entry. */
  poisonReads?: boolean | undefined;
  /** The platform's WebSocket by default. */
  WebSocket?: WebSocketConstructor | undefined;
}
