/** The exit codes of wamp-cli; stable. */
export const ExitCode = {
  Ok: 0,
  /** What was typed cannot be used; nothing was sent. */
  Usage: 1,
  /** No transport: refused, unresolved, TLS, no common subprotocol. */
  Connect: 2,
  /** The router refused the session: realm, authentication. */
  Join: 3,
  /** The request was answered with ERROR. */
  WampError: 4,
  /** Not answered in time. */
  Timeout: 5,
  /** Given up on request (`--cancel-after`). */
  Canceled: 6,
  /** The connection went, or the router closed the session. */
  ConnectionLost: 7,
  /** What was expected is not so (`conformance`), or nothing is found (`lookup`, `match`). */
  Unmet: 8,
  /** A defect of wamp-cli itself (EX_SOFTWARE). */
  Defect: 70,
  /** stdout could not be written, such as a full disk (EX_IOERR). */
  Output: 74,
  /** Ended by SIGHUP: the terminal was closed. */
  HungUp: 129,
  /** Ended by SIGINT (Ctrl-C). */
  Interrupted: 130,
  /** Ended by SIGTERM. */
  Terminated: 143,
} as const;
