/** How messages travel: one connection to the router, framing included. */
export interface Wire {
  readonly kind: 'websocket' | 'rawsocket' | 'longpoll';
  /** Sends one message's bytes in the frame that its serializer asks for. */
  send(bytes: Uint8Array): void;
  /** Ends the connection in good order. */
  close(): void;
  /** Ends it at once. */
  destroy(): void;
}

/** Where a wire hands what it receives. */
export interface WireHandler {
  /** One whole message; `text` tells a WebSocket text message. */
  onMessage(bytes: Uint8Array, text: boolean): void;
  /** Once, for whatever reason. */
  onClose(reason: string): void;
}

/** TLS settings for `wss`, `https` and `tcps`. */
export interface TlsSettings {
  /** Certificate authorities to trust, PEM. */
  ca?: string | Buffer;
  /** Whether an untrusted certificate ends the connection; true when absent. */
  rejectUnauthorized?: boolean;
}

/** Whether a URL names a WebSocket, a long-poll or a RawSocket. */
export function wireKind(url: string): Wire['kind'] {
  if (/^wss?:/.test(url)) return 'websocket';
  if (/^https?:/.test(url)) return 'longpoll';
  if (/^(tcps?:\/\/|unix:)/.test(url)) return 'rawsocket';
  throw new TypeError(
    `the router's URL must begin with ws:, wss:, http:, https:, tcp:, tcps: or unix:, not ${url}`,
  );
}
