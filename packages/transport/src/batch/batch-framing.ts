import type { Serializer } from '@wampkit/protocol';
import type { Framing } from '../peer/framing.js';
import { PREFIX, SEPARATOR, writePrefix } from './batch-format.js';

/**
 * How one message is framed within a batch, whatever carries the batch (BAT-01): MessagePack and CBOR by a length
 * before it. What follows a JSON message is the work of `separate`.
 */
export function createBatchFraming(binary: boolean): Framing {
  return binary ? prefixFraming : bareFraming;
}

const prefixFraming: Framing = { name: 'batched', headerSize: () => PREFIX, seal: writePrefix };

const bareFraming: Framing = { name: 'batched', headerSize: () => 0, seal: () => {} };

/** A serializer that writes the separator behind each message: a frame's header stands before it only. */
export function separate(serializer: Serializer): Serializer {
  return serializer.binary ? serializer : new SeparatingSerializer(serializer);
}

class SeparatingSerializer implements Serializer {
  readonly name: Serializer['name'];
  readonly binary = false;
  readonly #serializer: Serializer;
  readonly decode: Serializer['decode'];
  readonly decodePayload: Serializer['decodePayload'];
  readonly encodePayload: Serializer['encodePayload'];
  readonly encodeBinary: Serializer['encodeBinary'];

  constructor(serializer: Serializer) {
    this.#serializer = serializer;
    this.name = serializer.name;
    this.decode = serializer.decode.bind(serializer);
    this.decodePayload = serializer.decodePayload.bind(serializer);
    this.encodePayload = serializer.encodePayload.bind(serializer);
    this.encodeBinary = serializer.encodeBinary.bind(serializer);
  }

  encodeInto(...[target, position, message]: Parameters<Serializer['encodeInto']>): number {
    const end = this.#serializer.encodeInto(target, position, message);
    if (end < target.length) target[end] = SEPARATOR;
    return end + 1;
  }
}
