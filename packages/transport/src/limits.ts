const KIB = 1024;
const MIB = 1024 * KIB;

/** Every bound of this package with its default; sizes in bytes, times in milliseconds. */
export const limits = {
  /** Largest message taken or sent (`maxMessageSize`). RawSocket announces the largest power of two within it. */
  messageSize: 16 * MIB,
  /** Send queue of a peer above which it counts as congested (`highWaterMark`). */
  highWaterMark: 4 * MIB,
  /** Send queue of a peer above which it is closed (`hardLimit`). */
  hardLimit: 64 * MIB,
  /** From the accepted connection to its Peer (`handshakeTimeout`). */
  handshakeTimeout: 10_000,
  /** From the start of `connectPeer` to its Peer (`connectTimeout`). */
  connectTimeout: 10_000,
  /** What Node reads from a socket at once. */
  readSize: 64 * KIB,
  /**
   * Bytes that a peer is read for in one turn of the event loop before it waits for the next, so that others are served
   * between. A flood comes in reads of `readSize`: each of them is a turn's share.
   */
  readHold: 16 * KIB,
  /** Silence of the other end after which it is pinged (`pingInterval`). */
  pingInterval: 30_000,
  /** Silence after a ping after which the peer is closed (`pingTimeout`). */
  pingTimeout: 10_000,
  /** From the start of closing until the transport is cut, when the other end does not answer. */
  closeTimeout: 5_000,
  /** Accepted connections of a listener that are no peer: in a handshake, or plain HTTP. More are dropped at once. */
  pendingConnections: 16_384,
  /** Buffer that the frames of one turn are built in; a listener has two, one for unicast and one for fan-out. */
  slabSize: 64 * KIB,
  /** The same for a client, which has one peer. */
  clientSlabSize: 16 * KIB,
  /** Frames above this get a buffer of their own. */
  slabFrame: 16 * KIB,
  /** Several ranges of a peer up to this many bytes together leave as one copy, larger ones as a vector. */
  gatherSize: 16 * KIB,
  /** What a peer with a backlog has still to write is kept in blocks of this size, however small its frames are. */
  backlogBlock: 16 * KIB,
  /** Reason text of a WebSocket close frame, bytes of UTF-8 (RFC 6455, 5.5). */
  closeReasonSize: 123,
  /** Body that is read of an HTTP answer which refuses a handshake, to quote it in the error. */
  refusalBodySize: 512,
} as const;
