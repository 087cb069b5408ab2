import type { Serializer } from '@wampkit/protocol';
import { readCorpus } from './corpus.js';
import { encodeList, inventMessage, type KnownIds } from './invent-message.js';
import { mutate } from './mutate.js';
import type { Random } from './random.js';

/** Makes inputs of three kinds: random bytes, right messages that were changed, messages of the right layout. */
export class InputSource {
  readonly #serializer: Serializer;
  readonly #random: Random;
  readonly #corpus: readonly Uint8Array[];

  constructor(serializer: Serializer, random: Random) {
    this.#serializer = serializer;
    this.#random = random;
    this.#corpus = readCorpus(serializer);
  }

  /** The bytes that come instead of a message, or as one. */
  next(known: KnownIds): Uint8Array {
    const random = this.#random;
    const kind = random.below(20);
    if (kind < 2) return random.bytes(random.below(64));
    if (kind < 7) return mutate(random.pick(this.#corpus), this.#serializer.name, random);
    const invented = encodeList(this.#serializer, inventMessage(random, known));
    return kind < 10 ? mutate(invented, this.#serializer.name, random) : invented;
  }
}

/** Ids where there is no session. */
export function anyIds(): KnownIds {
  let last = 0;
  return { ids: [1, 2, 3], next: () => ++last };
}
