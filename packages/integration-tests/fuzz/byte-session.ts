import {
  createMessage,
  type Message,
  type MessageCode,
  messageValues,
  type Peer,
  type Serializer,
} from '@wampkit/protocol';
import { BytePeer } from './byte-peer.js';
import { encodeList, type KnownIds } from './invent-message.js';

const routerCodes: ReadonlySet<MessageCode> = new Set<MessageCode>([
  2, 3, 4, 6, 8, 17, 33, 35, 36, 50, 65, 67, 68, 69,
]);

/** A client made of bytes: it sends lists or bytes, and knows the ids that it was told. */
export class ByteSession implements KnownIds {
  readonly peer: BytePeer;
  /** Called with each message after it was looked at. */
  onMessage: (message: Message) => void = () => {};
  readonly #serializer: Serializer;
  readonly #subscriptions: Set<number>;
  #ids: number[] = [];
  #lastRequest = 0;
  #isOver = false;

  /** @param options.subscriptions where the ids go that it was given with SUBSCRIBED */
  constructor(
    serializer: Serializer,
    options: { attach(peer: Peer): void; subscriptions?: Set<number>; limit?: number },
  ) {
    this.#serializer = serializer;
    this.#subscriptions = options.subscriptions ?? new Set();
    const onReceive = (message: Message): void => this.#receive(message);
    this.peer = new BytePeer(serializer, { onReceive, ...(options.limit ? { limit: options.limit } : {}) });
    options.attach(this.peer);
  }

  get ids(): readonly number[] {
    return this.#ids;
  }

  next(): number {
    return ++this.#lastRequest;
  }

  /** Sends a message, right or wrong. */
  send(...list: unknown[]): void {
    this.peer.feed(encodeList(this.#serializer, list));
  }

  hello(realm: string, details: Readonly<Record<string, unknown>> = {}): void {
    const callee = { features: { call_canceling: true, progressive_call_results: true } };
    this.send(1, realm, { roles: { caller: {}, publisher: {}, subscriber: {}, callee }, ...details });
  }

  /** The transport is gone. */
  drop(): void {
    this.peer.close('dropped');
  }

  #receive(message: Message): void {
    if (this.#isOver) throw new Error(`message type ${message.code} after ABORT`);
    if (!routerCodes.has(message.code)) throw new Error(`a router sent message type ${message.code}`);
    if ('payload' in message) createMessage(message.code, messageValues(message), message.payload);
    if (message.code === 3) this.#isOver = true;
    if (message.code === 33) this.#subscriptions.add(message.subscription);
    const id = messageValues(message).findLast((value) => typeof value === 'number');
    if (id !== undefined) this.#ids = [...this.#ids.slice(-9), id as number];
    this.onMessage(message);
  }
}
