import { ErrorUri } from './error-uris.js';

/** What every wampkit error can be told besides its message. */
export interface WampErrorOptions {
  /** The WAMP error URI, where one applies. */
  uri?: string;
  /** What led to this error. */
  cause?: unknown;
  /** Whether the same attempt may succeed later without any change. */
  retryable?: boolean;
}

/** What an ERROR or ABORT message carried. */
export interface RequestErrorOptions extends WampErrorOptions {
  args?: readonly unknown[];
  kwargs?: Readonly<Record<string, unknown>>;
  details?: Readonly<Record<string, unknown>>;
}

/** The root of all errors that wampkit throws or rejects with. */
export class WampError extends Error {
  override name = 'WampError';
  readonly uri: string | undefined;
  readonly retryable: boolean;

  constructor(message: string, options: WampErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.uri = options.uri;
    this.retryable = options.retryable ?? false;
  }
}

/** No transport to the router could be made: refused, unresolved, TLS, no common subprotocol. CLI exit code 2. */
export class ConnectError extends WampError {
  override name = 'ConnectError';

  constructor(message: string, options: WampErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** The router refused the session with ABORT, or the handshake failed. CLI exit code 3. */
export class JoinError extends WampError {
  override name = 'JoinError';
  /** ABORT.Arguments. */
  readonly args: readonly unknown[];
  /** ABORT.ArgumentsKw. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** ABORT.Details. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: RequestErrorOptions = {}) {
    super(message, options);
    this.args = options.args ?? [];
    this.kwargs = options.kwargs ?? {};
    this.details = options.details ?? {};
  }
}

/** A request was answered with ERROR; `uri`, `args`, `kwargs` and `details` are as received. CLI exit code 4. */
export class RequestError extends WampError {
  override name = 'RequestError';
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: RequestErrorOptions = {}) {
    super(message, options);
    this.args = options.args ?? [];
    this.kwargs = options.kwargs ?? {};
    this.details = options.details ?? {};
  }
}

/** A call was answered with ERROR, by the callee or by the router. CLI exit code 4. */
export class CallError extends RequestError {
  override name = 'CallError';
}

/** An operation did not finish within its time. CLI exit code 5. */
export class TimeoutError extends WampError {
  override name = 'TimeoutError';

  constructor(message: string, options: WampErrorOptions = {}) {
    super(message, { uri: ErrorUri.Timeout, retryable: true, ...options });
  }
}

/** An operation was given up through its AbortSignal; `cause` is the signal's reason. CLI exit code 6. */
export class CanceledError extends WampError {
  override name = 'CanceledError';

  constructor(message: string, options: WampErrorOptions = {}) {
    super(message, { uri: ErrorUri.Canceled, ...options });
  }
}

/** The connection went while a request was open. CLI exit code 7. */
export class ConnectionLostError extends WampError {
  override name = 'ConnectionLostError';
  /** Whether the request had been handed to the transport: `false` means the router never saw it. */
  readonly sent: boolean;

  constructor(message: string, options: WampErrorOptions & { sent: boolean }) {
    super(message, { retryable: !options.sent, ...options });
    this.sent = options.sent;
  }
}

/** A peer broke the protocol (spec: Protocol Violations). CLI exit code 7. */
export class ProtocolError extends WampError {
  override name = 'ProtocolError';

  constructor(message: string, options: WampErrorOptions = {}) {
    super(message, { uri: ErrorUri.ProtocolViolation, ...options });
  }
}

/** A configuration cannot be used; the message names the path and what is wrong. */
export class ConfigError extends WampError {
  override name = 'ConfigError';
}
