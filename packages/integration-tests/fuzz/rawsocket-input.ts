import type { SerializerName } from '@wampkit/protocol';
import type { Random } from './random.js';

const numbers: Readonly<Record<SerializerName, number>> = { json: 1, msgpack: 2, cbor: 3 };

/** The client's half of the handshake, right or with something odd about it. */
export function inventHandshake(random: Random, serializer: SerializerName): Uint8Array {
  const bytes = Uint8Array.of(0x7f, (random.below(16) << 4) | numbers[serializer], 0, 0);
  if (random.once(8)) bytes[1 + random.below(3)] = random.below(256);
  return random.once(20) ? bytes.subarray(0, random.below(4)) : bytes;
}

/** A frame around a message, right or with something odd about it. */
export function inventRawFrame(random: Random, message: Uint8Array): Uint8Array {
  const length = random.once(20)
    ? random.pick([0, 1, 2 ** 24 - 1, 65_537, message.length + 1])
    : message.length;
  const header = Buffer.alloc(4);
  header.writeUInt32BE(length);
  header[0] = random.once(6) ? random.below(random.once(4) ? 256 : 4) : 0;
  return Buffer.concat([header, message]);
}
