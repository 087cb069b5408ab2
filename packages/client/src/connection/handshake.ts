import type { ClientAuthenticator } from '@wampkit/auth';
import {
  Abort,
  Authenticate,
  type Challenge,
  type Clock,
  type CloseReason,
  ConfigError,
  type Dict,
  ErrorUri,
  Hello,
  JoinError,
  type Message,
  MessageCode,
  messageName,
  ProtocolError,
  TimeoutError,
  type Timer,
  type Welcome,
} from '@wampkit/protocol';
import { canceledBy, onAbort } from '../abort-signal.js';
import { createDeferred } from '../deferred.js';
import { messageText } from '../messages.js';
import { clientRoles } from './client-features.js';
import type { Receiver, Wire } from './wire.js';

/** What a handshake needs to know. */
export interface HandshakeOptions {
  readonly realm: string;
  readonly auth?: ClientAuthenticator | readonly ClientAuthenticator[] | undefined;
  readonly agent: string;
  readonly joinTimeout: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/* ABORT reasons after which the same HELLO may be accepted later. */
const retryableReasons: readonly string[] = [
  'wamp.close.system_shutdown',
  ErrorUri.AuthenticationFailed,
  ErrorUri.NetworkFailure,
  ErrorUri.Unavailable,
];

/**
 * HELLO to WELCOME on a wire (BP-SESS-01, AUTH-02).
 *
 * @param welcomed called with WELCOME before anything behind it is delivered
 * @returns what `welcomed` made; rejects with JoinError, CanceledError or ConfigError, the transport then closing
 */
export function handshake<T>(
  wire: Wire,
  options: HandshakeOptions,
  welcomed: (welcome: Welcome) => T,
): Promise<T> {
  return new Handshake(wire, options, welcomed).run();
}

class Handshake<T> implements Receiver {
  readonly silent = false;
  readonly #wire: Wire;
  readonly #options: HandshakeOptions;
  readonly #welcomed: (welcome: Welcome) => T;
  readonly #hello: Hello;
  readonly #outcome = createDeferred<T>();
  #timer: Timer | null = null;
  #stopListening: () => void = () => {};
  #answering = false;
  #done = false;

  constructor(wire: Wire, options: HandshakeOptions, welcomed: (welcome: Welcome) => T) {
    this.#wire = wire;
    this.#options = options;
    this.#welcomed = welcomed;
    this.#hello = new Hello(options.realm, helloDetails(options));
  }

  run(): Promise<T> {
    const { clock, joinTimeout, signal } = this.#options;
    this.#wire.receiver = this;
    if (signal?.aborted) this.#fail(canceledBy(signal, 'joining'));
    else {
      this.#timer = clock.setTimer(joinTimeout, () => this.#expire());
      this.#stopListening = onAbort(signal, () =>
        this.#abort(ErrorUri.Canceled, canceledBy(signal as AbortSignal, 'joining')),
      );
      this.#begin();
    }
    return this.#outcome.promise;
  }

  #begin(): void {
    const refused = this.#wire.send(this.#hello);
    if (refused !== null) this.#fail(this.#error(refused.message, { cause: refused }));
  }

  receive(message: Message): void {
    switch (message.code) {
      case MessageCode.Welcome:
        this.#welcome(message);
        break;
      case MessageCode.Challenge:
        this.#challenge(message);
        break;
      case MessageCode.Abort:
        this.#refuse(message);
        break;
      default: // BP-PERR-01
        throw new ProtocolError(`${messageName(message.code)} before WELCOME`);
    }
  }

  violated(error: ProtocolError): void {
    this.#fail(this.#error(error.message, { uri: ErrorUri.ProtocolViolation, cause: error }));
  }

  closed(reason: CloseReason): void {
    const message = `the transport ended before WELCOME: ${reason.message}`;
    this.#fail(this.#error(message, { cause: reason.error, retryable: true }));
  }

  #welcome(message: Welcome): void {
    if (this.#answering) throw new ProtocolError('WELCOME before AUTHENTICATE');
    this.#finish();
    this.#outcome.resolve(this.#welcomed(message));
  }

  #challenge(message: Challenge): void {
    if (this.#answering) throw new ProtocolError('CHALLENGE before AUTHENTICATE');
    const { authmethod, extra } = message;
    const authenticator = authenticatorsOf(this.#options).find(({ method }) => method === authmethod);
    if (authenticator !== undefined) void this.#answer(authenticator, extra);
    else {
      const text = `the router asks for authmethod "${authmethod}", which was not offered`;
      this.#abort(ErrorUri.NoMatchingAuthMethod, this.#error(text, { uri: ErrorUri.NoMatchingAuthMethod }));
    }
  }

  async #answer(authenticator: ClientAuthenticator, extra: Dict): Promise<void> {
    this.#answering = true;
    try {
      const answer = await authenticator.answer(extra);
      if (this.#done) return;
      const refused = this.#wire.send(new Authenticate(answer.signature, answer.extra ?? {}));
      if (refused !== null) throw refused;
      this.#answering = false;
    } catch (cause) {
      const text = `authmethod "${authenticator.method}" has no answer: ${(cause as Error)?.message ?? cause}`;
      this.#abort(
        ErrorUri.AuthenticationFailed,
        this.#error(text, { uri: ErrorUri.AuthenticationFailed, cause }),
      );
    }
  }

  #refuse({ reason, details, payload }: Abort): void {
    const retryable = retryableReasons.includes(reason);
    const [args, kwargs] = [payload.args(), payload.kwargs()];
    this.#fail(
      this.#error(reason + messageText(details, payload), { uri: reason, retryable, details, args, kwargs }),
    );
  }

  #expire(): void {
    const cause = new TimeoutError(`no WELCOME within ${this.#options.joinTimeout} ms`);
    this.#abort(
      ErrorUri.Timeout,
      this.#error(cause.message, { uri: ErrorUri.Timeout, cause, retryable: true }),
    );
  }

  #error(text: string, options: ConstructorParameters<typeof JoinError>[1]): JoinError {
    return new JoinError(`cannot join realm "${this.#options.realm}": ${text}`, options);
  }

  /** Gives up from this side: the router is told, and learns no more than the reason. */
  #abort(reason: string, error: Error): void {
    if (this.#done) return;
    this.#wire.send(new Abort({}, reason));
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#finish();
    this.#wire.close();
    this.#outcome.reject(error);
  }

  #finish(): void {
    this.#done = true;
    this.#wire.receiver = null;
    this.#timer?.cancel();
    this.#stopListening();
  }
}

function authenticatorsOf({ auth = [] }: HandshakeOptions): readonly ClientAuthenticator[] {
  return 'method' in auth ? [auth] : auth;
}

function helloDetails(options: HandshakeOptions): Dict {
  const authenticators = authenticatorsOf(options);
  const details: Record<string, unknown> = { roles: clientRoles, agent: options.agent };
  if (authenticators.length === 0) return details;
  details.authmethods = authenticators.map(({ method }) => method);
  const authids = new Set(authenticators.flatMap(({ authid }) => authid ?? []));
  if (authids.size > 1)
    throw new ConfigError(`HELLO names one authid, the authenticators name ${[...authids].join(', ')}`);
  for (const authid of authids) details.authid = authid;
  const authextra = Object.assign({}, ...authenticators.map((one) => one.authextra));
  if (Object.keys(authextra).length > 0) details.authextra = authextra;
  return details;
}
