import {
  type Dict,
  Goodbye,
  type Hello,
  type Message,
  MessageCode,
  messageName,
  type Peer,
  Welcome,
} from '@wampkit/protocol';
import { createDeferred, type Deferred } from '../deferred.js';

/** The router's end of a transport, played by a test: it reads what the client sent and sends what it likes. */
export class ScriptedPeer {
  readonly peer: Peer;
  /** Everything that came and has not been taken by `next`. */
  readonly received: Message[] = [];
  /** Resolves when the transport has ended. */
  readonly closed: Promise<void>;
  readonly #waiting: Deferred<Message>[] = [];

  constructor(peer: Peer) {
    this.peer = peer;
    const closed = createDeferred<void>();
    this.closed = closed.promise;
    peer.onMessage = (message) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.received.push(message);
      else waiting.resolve(message);
    };
    peer.onClose = () => {
      for (const waiting of this.#waiting.splice(0))
        waiting.reject(new Error('the client closed the transport'));
      closed.resolve();
    };
  }

  /** The next message from the client. Rejects when the client closes the transport instead. */
  next(): Promise<Message> {
    const message = this.received.shift();
    if (message !== undefined) return Promise.resolve(message);
    const waiting = createDeferred<Message>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** The next message, which must be of a type: `await router.expect(Call)`. */
  async expect<M extends Message>(type: abstract new (...args: never[]) => M): Promise<M> {
    const message = await this.next();
    if (message instanceof type) return message;
    throw new Error(`expected ${type.name}, got ${messageName(message.code)}`);
  }

  /** Sends messages at once: the client reads them in one go. */
  send(...messages: Message[]): void {
    for (const message of messages) this.peer.send(message);
  }

  /** Takes HELLO and lets the client in. */
  async welcome(session = 1234, details: Dict = {}): Promise<Hello> {
    const hello = await this.next();
    if (hello.code !== MessageCode.Hello) throw new Error(`expected HELLO, got ${messageName(hello.code)}`);
    this.send(new Welcome(session, { roles: { broker: {}, dealer: {} }, ...details }));
    return hello;
  }

  /** Takes GOODBYE and answers it. */
  async goodbye(): Promise<Goodbye> {
    const goodbye = await this.next();
    if (goodbye.code !== MessageCode.Goodbye)
      throw new Error(`expected GOODBYE, got ${messageName(goodbye.code)}`);
    this.send(new Goodbye({}, 'wamp.close.goodbye_and_out'));
    return goodbye;
  }

  /** Ends the transport. */
  close(): void {
    this.peer.close();
  }
}
