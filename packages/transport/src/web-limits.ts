const KIB = 1024;
const MIB = 1024 * KIB;

/** The rows of `limits` that hold in browsers too; apart, so that no page downloads the others. */
export const webLimits = {
  /** Largest message taken or sent (`maxMessageSize`). RawSocket announces the largest power of two within it. */
  messageSize: 16 * MIB,
  /** Send queue of a peer above which it counts as congested (`highWaterMark`). */
  highWaterMark: 4 * MIB,
  /** Send queue of a peer above which it is closed (`hardLimit`). */
  hardLimit: 64 * MIB,
  /** From the start of `connectPeer` to its Peer (`connectTimeout`). */
  connectTimeout: 10_000,
  /** From the start of closing until the transport is cut, when the other end does not answer. */
  closeTimeout: 5_000,
  /** The buffer in which a browser's peer encodes; one that grew larger for a message is let go after it. */
  scratchSize: 64 * KIB,
  /** Reason text of a WebSocket close frame, bytes of UTF-8 (RFC 6455, 5.5). */
  closeReasonSize: 123,
} as const;
