import type { Message } from './messages.js';

/**
 * A message for many receivers. Transports keep the frames they make of it here, for the current flush; everything
 * in it is valid until the dispatch that made it returns.
 */
export class SharedMessage<M extends Message = Message> {
  readonly message: M;
  /** Frames by what made them, one for all peers of equal encoding; owned by the transport. */
  readonly frames: Map<unknown, unknown> = new Map();

  constructor(message: M) {
    this.message = message;
  }
}
