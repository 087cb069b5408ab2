import {
  type CloseReason,
  ErrorUri,
  type Message,
  type Payload,
  type Peer,
  type ProtocolError,
  type SharedMessage,
  WampError,
} from '@wampkit/protocol';
import { toWire } from '@wampkit/testkit';
import type { Trace } from './trace.js';

/** A payload with this as its last argument is larger than a peer takes that is `small`. */
export const BIG = 'big';

/** The router's end of a transport, which writes down what passes. */
export class TappedPeer implements Peer {
  readonly encoding = 'memory';
  readonly transport: Peer['transport'];
  readonly queuedBytes = 0;
  onViolation: ((error: ProtocolError) => void) | null = null;
  readonly #peer: Peer;
  readonly #trace: Trace;
  readonly #connection: number;
  #congested = false;
  #small = false;
  #closed = false;

  constructor(peer: Peer, connection: number, trace: Trace) {
    this.#peer = peer;
    this.#connection = connection;
    this.#trace = trace;
    this.transport = peer.transport;
  }

  get congested(): boolean {
    return this.#congested;
  }

  /** Makes the send queue look full, or empty again. */
  congest(on: boolean): void {
    this.#congested = on;
    this.#trace.input({ kind: 'congested', connection: this.#connection, on });
  }

  /** Refuses big payloads from now on, or takes them again. */
  shrink(on: boolean): void {
    this.#small = on;
    this.#trace.input({ kind: 'small', connection: this.#connection, on });
  }

  set onMessage(handler: ((message: Message) => void) | null) {
    this.#peer.onMessage = (message) => {
      this.#trace.input({ kind: 'message', connection: this.#connection, message });
      handler?.(message);
    };
  }

  get onMessage(): ((message: Message) => void) | null {
    return this.#peer.onMessage;
  }

  set onClose(handler: ((reason: CloseReason) => void) | null) {
    this.#peer.onClose = (reason) => {
      this.#trace.input({ kind: 'end', connection: this.#connection });
      handler?.(reason);
    };
  }

  get onClose(): ((reason: CloseReason) => void) | null {
    return this.#peer.onClose;
  }

  send(message: Message): WampError | null {
    // a closed peer drops what it is given: that is its contract
    if (this.#closed) return null;
    if (this.#small && 'payload' in message && isBig(message.payload))
      return new WampError('too large', { uri: ErrorUri.PayloadSizeExceeded });
    this.#trace.effect('send', this.#connection, ...toWire(message));
    return this.#peer.send(message);
  }

  sendShared(shared: SharedMessage): WampError | null {
    return this.send(shared.message);
  }

  pause(): void {
    this.#peer.pause();
  }

  resume(): void {
    this.#peer.resume();
  }

  close(reason?: string): void {
    if (!this.#closed) this.#trace.effect('close', this.#connection);
    this.#closed = true;
    this.#peer.close(reason);
  }
}

/** Whether a peer that is `small` refuses it. */
export function isBig(payload: Payload): boolean {
  return payload.args().at(-1) === BIG;
}
