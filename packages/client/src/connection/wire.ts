import {
  Abort,
  type CloseReason,
  ErrorUri,
  type Message,
  type Peer,
  ProtocolError,
  type TransportInfo,
  type WampError,
} from '@wampkit/protocol';
import { createDeferred } from '../deferred.js';
import type { Hooks } from '../hooks.js';
import { limits } from '../limits.js';

/** Who takes what a wire brings: a handshake, then a session. */
export interface Receiver {
  /** Whether nothing may be sent any more, not even ABORT: GOODBYE is out. */
  readonly silent: boolean;
  /** @throws {ProtocolError} for a message that must not come now */
  receive(message: Message): void;
  /** The router broke the protocol: it was told by ABORT, and the transport is closing. */
  violated(error: ProtocolError): void;
  closed(reason: CloseReason): void;
}

/** The client's end of a transport: one peer, used by one session after another (BP-TRN-04). */
export class Wire {
  /** `null` between sessions: what comes then is ignored. */
  receiver: Receiver | null = null;
  /** Resolves when the transport has ended. */
  readonly closed: Promise<CloseReason>;
  readonly transport: TransportInfo;
  readonly #peer: Peer;
  readonly #hooks: Hooks;
  #open = true;

  constructor(peer: Peer, hooks: Hooks) {
    this.#peer = peer;
    this.transport = peer.transport;
    this.#hooks = hooks;
    const closed = createDeferred<CloseReason>();
    this.closed = closed.promise;
    peer.onMessage = (message) => this.#receive(message);
    peer.onViolation = (error) => this.#violate(error);
    peer.onClose = (reason) => {
      this.#open = false;
      closed.resolve(reason);
      this.receiver?.closed(reason);
    };
  }

  get open(): boolean {
    return this.#open;
  }

  /** Whether who can wait should; `congested` alone is renewed only at a flush, which a busy turn puts off. */
  get congested(): boolean {
    return this.#open && (this.#peer.congested || this.#peer.queuedBytes > limits.sendQueue);
  }

  /** @returns why the message could not be sent, `null` when it was */
  send(message: Message): WampError | null {
    const refused = this.#peer.send(message);
    if (refused === null) this.#hooks.tap(message, 'out');
    return refused;
  }

  close(): void {
    this.#open = false;
    this.#peer.close();
  }

  #receive(message: Message): void {
    if (!this.#open) return;
    this.#hooks.tap(message, 'in');
    try {
      this.receiver?.receive(message);
    } catch (error) {
      this.#violate(toProtocolError(error));
    }
  }

  // BP-PERR-07: ABORT, then the end of the transport
  #violate(error: ProtocolError): void {
    if (!this.#open) return;
    if (!this.receiver?.silent) this.send(new Abort({ message: error.message }, ErrorUri.ProtocolViolation));
    this.close();
    this.#hooks.log('error', 'the router broke the protocol', error);
    this.receiver?.violated(error);
  }
}

function toProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  return new ProtocolError(`a message could not be read: ${String(error)}`, { cause: error });
}
