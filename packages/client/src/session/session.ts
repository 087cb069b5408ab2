import {
  type Abort,
  type Clock,
  type CloseReason,
  CloseUri,
  ConnectionLostError,
  type Dict,
  type ErrorMessage,
  ErrorUri,
  type Event,
  Goodbye,
  type Interrupt,
  type Invocation,
  isId,
  type Message,
  MessageCode,
  messageName,
  ProtocolError,
  RequestError,
  type RequestType,
  type Timer,
  type WampError,
} from '@wampkit/protocol';
import type { Receiver, Wire } from '../connection/wire.js';
import { createDeferred } from '../deferred.js';
import type { Hooks } from '../hooks.js';
import { limits } from '../limits.js';
import { messageText } from '../messages.js';
import { type Answer, type PendingRequest, PendingRequests } from './pending-requests.js';
import type { SessionDetails } from './session-details.js';

/** How a session ended. */
export interface SessionEnd {
  /** Whether `leave()` ended it. */
  readonly left: boolean;
  /** The reason of the router's GOODBYE or ABORT. */
  readonly uri?: string;
  readonly error: ConnectionLostError;
}

/** Who takes what is no answer to a request. */
export interface SessionHandlers {
  event(message: Event): void;
  invocation(message: Invocation): void;
  interrupt(message: Interrupt): void;
  /** The router took a subscription away (SREV-02). */
  subscriptionRevoked(subscription: number, details: Dict): void;
  /** The router took a registration away (RREV-03). */
  registrationRevoked(registration: number, details: Dict): void;
  /** Called once, when everything that waited has been told. */
  ended(end: SessionEnd): void;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly wire: Wire;
  readonly details: SessionDetails;
  readonly clock: Clock;
  readonly hooks: Hooks;
  readonly handlers: SessionHandlers;
}

/** One established WAMP session: from WELCOME to its end. */
export class Session implements Receiver {
  readonly details: SessionDetails;
  readonly clock: Clock;
  readonly #wire: Wire;
  readonly #hooks: Hooks;
  readonly #handlers: SessionHandlers;
  readonly #pending = new PendingRequests();
  readonly #ended = createDeferred<void>();
  #state: 'established' | 'leaving' | 'ended' = 'established';
  #leaveTimer: Timer | null = null;

  constructor({ wire, details, clock, hooks, handlers }: SessionOptions) {
    this.details = details;
    this.clock = clock;
    this.#wire = wire;
    this.#hooks = hooks;
    this.#handlers = handlers;
    wire.receiver = this;
  }

  get silent(): boolean {
    return !this.established;
  }

  get established(): boolean {
    return this.#state === 'established';
  }

  /**
   * Sends a request under the next id.
   *
   * @param make makes the message of its id
   * @param pending who takes the answer; `null` when none is expected
   * @returns the id
   * @throws {ConnectionLostError} when the session is over; nothing was sent
   * @throws {RequestError} when the transport cannot take the message; nothing was sent
   */
  start(make: (id: number) => Message, pending: PendingRequest | null): number {
    if (!this.established || !this.#wire.open) throw notSent();
    const id = this.#pending.next;
    const refused = this.#wire.send(make(id));
    if (refused !== null) throw toRequestError(refused);
    this.#pending.took(id, pending);
    return id;
  }

  /** Sends what is no request; dropped when the session is over. @returns why it could not be sent */
  send(message: Message): WampError | null {
    return this.established ? this.#wire.send(message) : null;
  }

  /** Resolves when the session is over. */
  get over(): Promise<void> {
    return this.#ended.promise;
  }

  /** Gives up waiting: a late answer will be dropped. */
  forget(request: number): void {
    this.#pending.forget(request);
  }

  /** Resolves when the transport's send queue is short enough for more, or the session over. */
  async drained(): Promise<void> {
    while (this.established && this.#wire.congested)
      await new Promise<void>((resolve) => {
        this.clock.setTimer(limits.drainInterval, resolve);
      });
  }

  /** Ends the session by the GOODBYE handshake (BP-SESS-06). Resolves when it is over, however. */
  leave(reason: string = CloseUri.CloseRealm, message?: string): Promise<void> {
    if (this.established) {
      this.#wire.send(new Goodbye(message === undefined ? {} : { message }, reason));
      this.#state = 'leaving';
      this.#pending.lose(lost('the session was left'));
      this.#leaveTimer = this.clock.setTimer(limits.leaveTimeout, () => {
        this.#wire.close();
        this.#end({ left: true, error: lost('the router did not answer GOODBYE') });
      });
    }
    return this.#ended.promise;
  }

  receive(message: Message): void {
    if (this.#state === 'established') this.#dispatch(message);
    else if (message.code === MessageCode.Goodbye)
      this.#end({ left: true, uri: message.reason, error: lost('the session was left') });
  }

  violated(error: ProtocolError): void {
    const left = this.#state === 'leaving';
    this.#end({ left, error: lost(`the router broke the protocol: ${error.message}`, error) });
  }

  closed(reason: CloseReason): void {
    const left = this.#state === 'leaving';
    this.#end({ left, error: lost(`the connection ended: ${reason.message}`, reason.error) });
  }

  #dispatch(message: Message): void {
    switch (message.code) {
      case MessageCode.Event:
        this.#handlers.event(message);
        break;
      case MessageCode.Invocation:
        this.#handlers.invocation(message);
        break;
      case MessageCode.Interrupt:
        this.#handlers.interrupt(message);
        break;
      case MessageCode.Result:
        this.#answer(MessageCode.Call, message);
        break;
      case MessageCode.Published:
        this.#answer(MessageCode.Publish, message);
        break;
      case MessageCode.Subscribed:
        this.#answer(MessageCode.Subscribe, message);
        break;
      case MessageCode.Registered:
        this.#answer(MessageCode.Register, message);
        break;
      case MessageCode.Unsubscribed:
        if (message.request !== 0) this.#answer(MessageCode.Unsubscribe, message);
        else this.#handlers.subscriptionRevoked(revokedId(message, 'subscription'), message.details as Dict);
        break;
      case MessageCode.Unregistered:
        if (message.request !== 0) this.#answer(MessageCode.Unregister, message);
        else this.#handlers.registrationRevoked(revokedId(message, 'registration'), message.details as Dict);
        break;
      case MessageCode.Error:
        this.#refused(message);
        break;
      case MessageCode.Goodbye:
        this.#goodbye(message);
        break;
      case MessageCode.Abort:
        this.#aborted(message);
        break;
      default: // BP-PERR-01, BP-PERR-05
        throw new ProtocolError(`${messageName(message.code)} in an established session`);
    }
  }

  #refused(message: ErrorMessage): void {
    if (message.requestType === MessageCode.Invocation)
      throw new ProtocolError('ERROR: a router refuses no INVOCATION to its callee'); // BP-PERR-03
    if (!this.#pending.refuse(message)) this.#late(message);
  }

  #answer(type: RequestType, message: Answer): void {
    if (!this.#pending.answer(type, message)) this.#late(message);
  }

  /** An answer that nobody waits for: its request was given up. No violation. */
  #late(message: Message): void {
    this.#hooks.log('debug', `dropped a late ${messageName(message.code)}`, message);
  }

  #goodbye({ reason, details }: Goodbye): void {
    this.#wire.send(new Goodbye({}, CloseUri.GoodbyeAndOut));
    this.#end({
      left: false,
      uri: reason,
      error: lost(`the router ended the session: ${reason}${messageText(details)}`),
    });
  }

  #aborted({ reason, details, payload }: Abort): void {
    this.#wire.close();
    this.#end({
      left: false,
      uri: reason,
      error: lost(`the router aborted the session: ${reason}${messageText(details, payload)}`),
    });
  }

  #end(end: SessionEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#wire.receiver = null;
    this.#leaveTimer?.cancel();
    this.#pending.lose(end.error);
    this.#handlers.ended(end);
    this.#ended.resolve();
  }
}

function revokedId({ code, details }: { code: number; details: Dict | null }, key: string): number {
  const id = details?.[key];
  if (!isId(id)) throw new ProtocolError(`${messageName(code)}: "${key}" must be an id in [1, 2^53]`);
  return id;
}

function lost(message: string, cause?: unknown): ConnectionLostError {
  return new ConnectionLostError(message, cause === undefined ? { sent: true } : { sent: true, cause });
}

/** The error of a request while there is no session; a client that is `closed` gets none any more. */
export function notSent(closed = false): ConnectionLostError {
  return new ConnectionLostError(closed ? 'the client is closed' : 'there is no session: nothing was sent', {
    sent: false,
    retryable: !closed,
  });
}

/** A message that the transport did not take, told to who wanted to send it. */
export function toRequestError(refused: WampError): RequestError {
  return new RequestError(refused.message, { uri: refused.uri ?? ErrorUri.InvalidArgument, cause: refused });
}
