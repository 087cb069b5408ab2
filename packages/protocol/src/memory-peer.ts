import type { ProtocolError, WampError } from './errors.js';
import type { Message } from './messages.js';
import type { CloseReason, Peer, TransportInfo } from './peer.js';
import type { SharedMessage } from './shared-message.js';

/**
 * Two ends of a transport in memory: what one sends the other receives, in order, in a later microtask. Payloads
 * cross as they are; encoded ones are retained.
 */
export function createPeerPair(): [Peer, Peer] {
  const left = new MemoryPeer();
  const right = new MemoryPeer();
  left.connect(right);
  right.connect(left);
  return [left, right];
}

const transport: TransportInfo = { type: 'memory' };
type Delivery = { readonly message: Message } | { readonly closed: CloseReason };

class MemoryPeer implements Peer {
  readonly encoding = 'memory';
  readonly transport = transport;
  readonly congested = false;
  readonly queuedBytes = 0;
  onMessage: ((message: Message) => void) | null = null;
  onViolation: ((error: ProtocolError) => void) | null = null;
  onClose: ((reason: CloseReason) => void) | null = null;

  #other!: MemoryPeer;
  #inbox: Delivery[] = [];
  #scheduled = false;
  #paused = false;
  #closing = false;
  #closed = false;

  connect(other: MemoryPeer): void {
    this.#other = other;
  }

  send(message: Message): WampError | null {
    if (!this.#closing) this.#other.#deliver({ message: retainMessage(message) });
    return null;
  }

  sendShared(shared: SharedMessage): WampError | null {
    return this.send(shared.message);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  close(reason = 'closed'): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#other.#deliver({ closed: { clean: true, message: reason } });
    this.#inbox = [];
    this.#paused = false;
    this.#deliver({ closed: { clean: true, message: reason } });
  }

  #deliver(delivery: Delivery): void {
    if (this.#closed) return;
    this.#inbox.push(delivery);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused || this.#inbox.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    while (!this.#paused && !this.#closed) {
      const delivery = this.#inbox.shift();
      if (delivery === undefined) return;
      if ('message' in delivery) this.#dispatch(delivery.message);
      else this.#end(delivery.closed);
    }
  }

  #dispatch(message: Message): void {
    try {
      this.onMessage?.(message);
    } finally {
      this.#schedule();
    }
  }

  #end(reason: CloseReason): void {
    this.#closing = true;
    this.#closed = true;
    this.#inbox = [];
    this.onClose?.(reason);
  }
}

function retainMessage(message: Message): Message {
  if (!('payload' in message) || message.payload.bytes === null) return message;
  return Object.assign(Object.create(Object.getPrototypeOf(message)), message, {
    payload: message.payload.retain(),
  });
}
