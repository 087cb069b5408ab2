import type { Message } from './messages.js';

/**
 * A message for many receivers. Transports keep the frames they make of it here, by encoding, for the current flush;
 * everything in it is valid until the dispatch that made it returns.
 */
export class SharedMessage<M extends Message = Message> {
  readonly message: M;
  /** Frames by peer encoding; owned by the transport. */
  readonly frames: Map<string, unknown> = new Map();

  constructor(message: M) {
    this.message = message;
  }
}
