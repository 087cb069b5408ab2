/** Every bound of the client, with its default. Times are milliseconds. */
export const limits = {
  /** Making a transport to one URL, `ConnectOptions.connectTimeout`. */
  connectTimeout: 10_000,
  /** HELLO to WELCOME, `ConnectOptions.joinTimeout`. */
  joinTimeout: 10_000,
  /** How long `leave()` waits for the router's GOODBYE, and `close()` for the transport's end. */
  leaveTimeout: 5_000,
  /** Events that a subscription holds for its iterator, `SubscribeOptions.buffer`. */
  events: 1_024,
  /** Progressive results that a stream holds for its iterator, `StreamOptions.buffer`. */
  progressiveResults: 10_000,
  /** Chunks of a progressive invocation that wait for its procedure. */
  chunks: 10_000,
  /** Invocations that ended before their last chunk and whose late ones are discarded; beyond, the oldest is forgotten. */
  lateInvocations: 1_000,
  /** Status events that one `statuses()` iterator holds. */
  statuses: 64,
  /** The first wait of a reconnect, `ReconnectOptions.initialDelay`. */
  initialDelay: 200,
  /** The longest wait of a reconnect, `ReconnectOptions.maxDelay`. */
  maxDelay: 30_000,
  /** What each wait is multiplied by, `ReconnectOptions.factor`. */
  backoffFactor: 2,
  /** How often a refused registration is tried again after a reconnect, while a dead session may still hold it. */
  registrationRetries: 8,
  /** Bytes in the transport's send queue above which publications and progressive results wait. */
  sendQueue: 1_048_576,
  /** How often they look whether it has drained. */
  drainInterval: 1,
} as const;
