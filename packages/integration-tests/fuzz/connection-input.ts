import { SequentialIds, type Serializer } from '@wampkit/protocol';
import { serializers } from '../src/start-router.js';
import { InputSource } from './input-source.js';
import { encodeList, type KnownIds } from './invent-message.js';
import { joinBatch } from './join-batch.js';
import { mutate } from './mutate.js';
import type { Random } from './random.js';
import { inventHandshake, inventRawFrame } from './rawsocket-input.js';
import { inventFrame, inventUpgrade } from './websocket-input.js';

/** What a connection may speak. */
export type Protocol = 'websocket' | 'rawsocket';

const kinds = Object.values(serializers);
const hello = [1, 'realm1', { roles: { caller: {}, callee: {}, publisher: {}, subscriber: {} } }];

/** Makes all that a connection sends: a handshake, HELLO more often than not, and some messages. */
export class ConnectionInputs {
  readonly #random: Random;
  readonly #inputs: ReadonlyMap<Serializer, InputSource>;

  constructor(random: Random) {
    this.#random = random;
    this.#inputs = new Map(kinds.map((kind) => [kind, new InputSource(kind, random)]));
  }

  next(protocol: Protocol): Uint8Array {
    const random = this.#random;
    if (random.once(16)) return random.bytes(1 + random.below(200));
    const serializer = random.pick(kinds);
    const { name } = serializer;
    const batched = protocol === 'websocket' && random.once(3);
    const start =
      protocol === 'websocket'
        ? inventUpgrade(random, batched ? `${name}.batched` : name)
        : inventHandshake(random, name);
    const messages = this.#messages(serializer);
    const frames = (batched ? this.#batches(serializer, messages) : messages).map((message) =>
      protocol === 'websocket'
        ? inventFrame(random, message, serializer.binary)
        : inventRawFrame(random, message),
    );
    const all = Buffer.concat([start, ...frames]);
    return random.once(6) ? mutate(all, name, random) : all;
  }

  /** The messages in one batch, or in one each; now and then a batch that is none. */
  #batches(serializer: Serializer, messages: readonly Uint8Array[]): Uint8Array[] {
    const groups = this.#random.once(2) ? [messages] : messages.map((each) => [each]);
    const batches = groups.map((each) => joinBatch(serializer, each));
    return this.#random.once(4)
      ? batches.map((each) => (each.length > 0 ? mutate(each, serializer.name, this.#random) : each))
      : batches;
  }

  #messages(serializer: Serializer): Uint8Array[] {
    const source = this.#inputs.get(serializer) as InputSource;
    const requests = new SequentialIds();
    const known: KnownIds = { ids: [1, 2, 3], next: () => requests.next() };
    const messages = Array.from({ length: this.#random.below(5) }, () => source.next(known));
    return this.#random.once(4) ? messages : [encodeList(serializer, hello), ...messages];
  }
}
