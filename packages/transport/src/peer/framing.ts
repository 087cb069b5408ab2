/** How a transport wraps the bytes of one message. Frame headers are written in place, before the message. */
export interface Framing {
  /** Second half of `Peer.encoding`. */
  readonly name: 'websocket' | 'rawsocket' | 'batched' | 'longpoll';
  /** Bytes of the header of a message of `length` bytes. */
  headerSize(length: number): number;
  /**
   * Completes a frame: writes the header at `position` for the `length` bytes that stand behind it, at
   * `position + headerSize(length)`.
   */
  seal(target: Buffer, position: number, length: number): void;
}

/** The largest header of any framing: a masked WebSocket frame with a 64-bit length. */
export const MAX_HEADER = 14;
