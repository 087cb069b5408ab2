import type { ProtocolError, WampError } from './errors.js';
import type { Message } from './messages.js';
import type { SharedMessage } from './shared-message.js';

/** Ways to name a TLS channel so that both ends know it is the same one: RFC 9266, RFC 5929. */
export type ChannelBindingType = 'tls-exporter' | 'tls-unique' | 'tls-server-end-point';

/** The certificate of a TLS client, whose key it has proven to hold. */
export interface ClientCertificate {
  /** SHA-256 of the certificate: 64 lower-case hex digits. */
  readonly fingerprint: string;
  /** Its subject: `CN=device-1,O=example`. */
  readonly subject: string;
  /** Whether an authority that the listener trusts has signed it, and it is valid now. */
  readonly authorized: boolean;
}

/** What is known of the transport under a peer; `wamp.session.get` tells it, logs name it. */
export interface TransportInfo {
  /** `websocket`, `rawsocket`, `longpoll` or `memory`. */
  readonly type: string;
  /** The serializer's name; absent in memory. */
  readonly serializer?: string;
  /** The other end: `127.0.0.1:50312`, a unix socket's path, or absent. */
  readonly peer?: string;
  /** Whether TLS protects it. */
  readonly secure?: boolean;
  /** HTTP request headers that the handshake brought, lower-case names (WebSocket). */
  readonly headers?: Readonly<Record<string, string>>;
  /** The certificate that the client showed, over TLS. */
  readonly clientCertificate?: ClientCertificate;
  /** Which browser it is, by a cookie that the listener itself has signed (WebSocket). */
  readonly cookie?: string;
  /**
   * The channel binding data of the TLS channel, equal at both ends of it; `null` when the channel has none of that type.
   * Absent where the transport cannot tell, as in browsers (CS-04, SCRAM-10).
   */
  channelBinding?(type: ChannelBindingType): Uint8Array | null;
}

/** Why a peer's transport ended. */
export interface CloseReason {
  /** Whether both ends agreed to end: a close handshake, or an orderly end of the stream. */
  readonly clean: boolean;
  /** For people. */
  readonly message: string;
  /** What broke it, if something did. */
  readonly error?: Error;
}

/**
 * One end of a transport that carries WAMP messages, ordered and reliable (BP-TRN-01).
 *
 * Handlers are fields: set them at once after receiving the peer; nothing is delivered before the current turn ends.
 */
export interface Peer {
  /** Serializer and framing, such as `json/websocket`: peers of equal encoding share the bytes of a `SharedMessage`. */
  readonly encoding: string;
  readonly transport: TransportInfo;
  /** Whether the send queue is above its high-water mark; renewed at each flush. */
  readonly congested: boolean;
  /** Bytes accepted by `send` that the transport has not yet passed on. */
  readonly queuedBytes: number;

  /**
   * Queues a message. What is sent in one turn goes out as one write.
   *
   * @returns `null` when it was accepted (also by a closed peer, which drops it); else why not, and nothing of it was
   *   sent: `uri` is `wamp.error.payload_size_exceeded` when the message is larger than the other end takes, or
   *   `wamp.error.invalid_argument` when a value has no form in the peer's serializer.
   */
  send(message: Message): WampError | null;
  /** As `send`, for a message to many peers: encoded and framed once for all of equal encoding. */
  sendShared(shared: SharedMessage): WampError | null;

  /** Stops delivery before the next message; what is already read is kept. */
  pause(): void;
  /** Goes on with delivery, not within the current call. */
  resume(): void;
  /** Flushes, then ends the transport. Further calls do nothing. `onClose` follows. */
  close(reason?: string): void;

  /** Called for each message, in order. The message's payload is borrowed until it returns. */
  onMessage: ((message: Message) => void) | null;
  /** Called once when the other end sent what is no WAMP message; nothing is delivered after it. The owner answers and closes. */
  onViolation: ((error: ProtocolError) => void) | null;
  /** Called exactly once, when the transport has ended, whoever ended it; nothing is delivered after it. */
  onClose: ((reason: CloseReason) => void) | null;
}
