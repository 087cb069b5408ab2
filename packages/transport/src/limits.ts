import { batchLimits } from './batch/batch-limits.js';
import { longPollClientLimits } from './longpoll/longpoll-client-limits.js';
import { webLimits } from './web-limits.js';

const KIB = 1024;

/** Every bound of this package with its default; sizes in bytes, times in milliseconds. */
export const limits = {
  ...webLimits,
  ...batchLimits,
  ...longPollClientLimits,
  /** From the accepted connection to its Peer (`handshakeTimeout`). */
  handshakeTimeout: 10_000,
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
  /** Accepted connections of a listener that are no peer: in a handshake, or plain HTTP. More are dropped at once. */
  pendingConnections: 16_384,
  /**
   * Buffer that the frames of one turn are built in; a listener has two, one for unicast and one for fan-out. A turn of
   * a busy router fits, so that the same one is used again.
   */
  slabSize: 256 * KIB,
  /** `slabSize` of a client, which has one peer. */
  clientSlabSize: 16 * KIB,
  /** Frames above this get a buffer of their own. */
  slabFrame: 16 * KIB,
  /** Buffers of large frames that are kept to be used again, of a listener, bytes together. */
  pooledBytes: 4096 * KIB,
  /** Several ranges of a peer up to this many bytes together leave as one copy, larger ones as a vector. */
  gatherSize: 16 * KIB,
  /** Fragments of one WebSocket message, at least; `fragmentSize` allows larger messages more. */
  fragments: 128 * KIB,
  /** Bytes that the fragments of a WebSocket message must have on average, when there are more than `fragments`. */
  fragmentSize: 128,
  /**
   * Pieces as they were read of one WebSocket frame that `ws` reads, a fragment or a compressed one, at least;
   * `pieceSize` allows larger frames more. To put many together takes it time that grows with the square of their
   * number, and nobody else is served meanwhile.
   */
  pieces: 16 * KIB,
  /** Bytes that the pieces of such a frame must have on average, when there are more than `pieces`. */
  pieceSize: 1024,
  /** Answers to WebSocket pings that wait to be written; with more the connection is cut. One read asks for fewer. */
  pendingPongs: 16 * KIB,
  /**
   * What may be read until a WebSocket message in fragments is complete: this many times `messageSize`, or
   * `fragmentedReads`. Each fragment keeps all of the read in which it came, whatever else was in that.
   */
  fragmentedShare: 4,
  /** Bytes; see `fragmentedShare`. */
  fragmentedReads: 1024 * KIB,
  /** What a peer with a backlog has still to write is kept in blocks of this size, however small its frames are. */
  backlogBlock: 16 * KIB,
  /** How long a long-poll receive is held until it is answered without a message (`holdTime`): clients give up later. */
  holdTime: 10_000,
  /** How long no receive of a long-poll may be held until its peer is given up (`idleTimeout`). */
  idleTimeout: 30_000,
  /** Body of the request that opens a long-poll. */
  openBodySize: 4 * KIB,
  /** Requests of one long-poll that wait for those before them: their bodies are not read yet. More are refused. */
  waitingSends: 64,
  /** What each message that waits for a long-poll receive counts for besides its bytes, in the bounds of its queue. */
  waitingMessage: 128,
  /** Characters of a key that cookies are signed by, at least. */
  cookieKeyLength: 32,
  /** Body that is read of an HTTP answer which refuses a handshake, to quote it in the error. */
  refusalBodySize: 512,
} as const;
