import { isDeepStrictEqual } from 'node:util';
import {
  createMessage,
  isDict,
  type Message,
  messageValues,
  ProtocolError,
  type Serializer,
  WampError,
} from '@wampkit/protocol';
import { toWire } from '@wampkit/testkit';
import { serializers } from '../src/start-router.js';
import { FuzzFailure } from './fuzz-failure.js';
import { anyIds, InputSource } from './input-source.js';
import { Random } from './random.js';

/** How many inputs were taken for messages. */
export interface DecoderResult {
  readonly accepted: number;
}

/**
 * Feeds a decoder: it may give a message that is right in every respect, or a ProtocolError, and must not look
 * beyond its range.
 *
 * @throws {FuzzFailure} for the first input that it takes amiss
 */
export function fuzzDecoder(serializer: Serializer, options: { count: number; seed: number }): DecoderResult {
  const { count, seed } = options;
  const random = new Random(seed);
  const inputs = new InputSource(serializer, random);
  const known = anyIds();
  let accepted = 0;
  for (let index = 0; index < count; index++) {
    const input = inputs.next(known);
    try {
      if (isSound(serializer, input, random)) accepted++;
    } catch (error) {
      throw new FuzzFailure({ target: `${serializer.name} decoder`, seed, index, input }, error);
    }
  }
  if (Object.keys(Object.prototype).length > 0) throw new Error('Object.prototype was polluted');
  return { accepted };
}

/** @returns whether the input is a message; throws when something about it is wrong */
function isSound(serializer: Serializer, input: Uint8Array, random: Random): boolean {
  const message = decode(serializer, input, { start: 0, end: input.length });
  const [before, after] = [random.below(3), random.below(3)];
  const within = Buffer.concat([random.bytes(before), input, random.bytes(after)]);
  const again = decode(serializer, within, { start: before, end: before + input.length });
  if (message === null || again === null) {
    if (message !== again) throw new Error('what lies around a message makes a difference');
    return false;
  }
  const wire = checkValues(message);
  if (!isDeepStrictEqual(checkValues(again), wire)) throw new Error('what lies around a message changes it');
  for (const target of Object.values(serializers))
    checkEncoding(message, wire, { target, own: target === serializer });
  return true;
}

function decode(
  serializer: Serializer,
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
): Message | null {
  try {
    return serializer.decode(bytes, start, end);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}

/** Decodes all that is left to be decoded. */
function checkValues(message: Message): readonly unknown[] {
  const payload = 'payload' in message ? message.payload : null;
  if (payload !== null) {
    if (!Array.isArray(payload.args())) throw new Error('Arguments are no list');
    if (!isDict(payload.kwargs())) throw new Error('ArgumentsKw are no dict');
    createMessage(message.code, messageValues(message), payload);
  }
  return toWire(message);
}

/** Encodes a message as received; what goes out must be the same message again. */
function checkEncoding(
  message: Message,
  wire: readonly unknown[],
  { target, own }: { target: Serializer; own: boolean },
): void {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(target.encodeInto(new Uint8Array(0), 0, message));
    const end = target.encodeInto(bytes, 0, message);
    if (end !== bytes.length)
      throw new Error(`${target.name}: ${end} bytes, but ${bytes.length} were announced`);
  } catch (error) {
    // a number of JSON may be too large for JavaScript: nobody forwards the header that it stands in
    if (error instanceof WampError && (!own || error.message.includes('Infinity'))) return;
    throw error;
  }
  const decoded = target.decode(bytes, 0, bytes.length);
  const result = checkValues(decoded);
  // an id that came as -0 is the id 0 of a revocation
  const sent = wire.map((value) => (value === 0 ? 0 : value));
  if (own && !isDeepStrictEqual(result, sent))
    throw new Error(`${target.name}: encoded again, it is another message`);
}
