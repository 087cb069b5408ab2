import { limits } from '../limits.js';

const MAX_INT32 = 0x7fff_ffff;

/** The largest frame: `ws` takes an int32 here, and what is no positive one for no bound. */
export function largestFrame(maxMessageSize: number): number {
  return Math.min(MAX_INT32, maxMessageSize);
}

/**
 * What the `ws` package is told about receiving, at both ends. Besides the message, each fragment and each piece that
 * was read costs memory, some 100 to 200 bytes: no more may come of that than of the largest message.
 */
export function receiveOptions(maxMessageSize: number) {
  const atMost = (least: number, size: number): number =>
    Math.min(MAX_INT32, Math.max(least, Math.ceil(maxMessageSize / size)));
  return {
    maxPayload: largestFrame(maxMessageSize),
    maxFragments: atMost(limits.fragments, limits.fragmentSize),
    maxBufferedChunks: atMost(limits.pieces, limits.pieceSize),
    maxPendingAutoPongs: limits.pendingPongs,
    // Serializers check the UTF-8 of what they take: once is enough.
    skipUTF8Validation: true,
    closeTimeout: limits.closeTimeout,
  };
}
