import type { ClientAuthenticator, ClientHandshake } from '@wampkit/auth';
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
  readonly #halves: readonly ClientHandshake[];
  readonly #answered = new Set<ClientHandshake>();
  readonly #outcome = createDeferred<T>();
  #timer: Timer | null = null;
  #stopListening: () => void = () => {};
  #answering = false;
  #done = false;

  constructor(wire: Wire, options: HandshakeOptions, welcomed: (welcome: Welcome) => T) {
    this.#wire = wire;
    this.#options = options;
    this.#welcomed = welcomed;
    this.#halves = [options.auth ?? []].flat().map((one) => ('begin' in one ? one.begin(wire) : one));
    this.#hello = new Hello(options.realm, helloDetails(options.agent, this.#halves));
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
    // A router that sends no CHALLENGE, or names a method of its own, does not escape who judges WELCOME.
    const judges = this.#halves.filter(
      (half) => this.#answered.has(half) || half.method === message.details.authmethod,
    );
    for (const half of judges.length > 0 ? judges : this.#halves) {
      try {
        half.welcomed?.(message.details);
      } catch (cause) {
        this.#renounce(half, cause);
        return;
      }
    }
    this.#finish();
    this.#outcome.resolve(this.#welcomed(message));
  }

  #challenge(message: Challenge): void {
    if (this.#answering) throw new ProtocolError('CHALLENGE before AUTHENTICATE');
    const { authmethod, extra } = message;
    const half = this.#halves.find(({ method }) => method === authmethod);
    if (half !== undefined) void this.#answer(half, extra);
    else {
      const text = `the router asks for authmethod "${authmethod}", which was not offered`;
      this.#abort(ErrorUri.NoMatchingAuthMethod, this.#error(text, { uri: ErrorUri.NoMatchingAuthMethod }));
    }
  }

  async #answer(half: ClientHandshake, extra: Dict): Promise<void> {
    this.#answering = true;
    this.#answered.add(half);
    try {
      const answer = await half.answer(extra);
      if (this.#done) return;
      const refused = this.#wire.send(new Authenticate(answer.signature, answer.extra ?? {}));
      if (refused !== null) throw refused;
      this.#answering = false;
    } catch (cause) {
      this.#renounce(half, cause);
    }
  }

  #renounce({ method }: ClientHandshake, cause: unknown): void {
    const text = `authmethod "${method}" failed: ${(cause as Error)?.message ?? cause}`;
    this.#abort(
      ErrorUri.AuthenticationFailed,
      this.#error(text, { uri: ErrorUri.AuthenticationFailed, cause }),
    );
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

function helloDetails(agent: string, halves: readonly ClientHandshake[]): Dict {
  const details: Record<string, unknown> = { roles: clientRoles, agent };
  if (halves.length === 0) return details;
  details.authmethods = halves.map(({ method }) => method);
  const authids = new Set(halves.flatMap(({ authid }) => authid ?? []));
  if (authids.size > 1)
    throw new ConfigError(`HELLO names one authid, the authenticators name ${[...authids].join(', ')}`);
  for (const authid of authids) details.authid = authid;
  const authextra = Object.assign({}, ...halves.map((half) => half.authextra));
  if (Object.keys(authextra).length > 0) details.authextra = authextra;
  return details;
}
