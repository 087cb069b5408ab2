import type { SerializerName } from '@wampkit/protocol';
import type { Random } from './random.js';

/** Bytes that mean something in each format. */
const telling: Readonly<Record<SerializerName, Uint8Array>> = {
  json: Buffer.from('[]{}",:\\u0019-.eE+trufalsn \n\t/'),
  msgpack: Uint8Array.from([
    ...Array.from({ length: 64 }, (_, n) => 0xc0 + n),
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
  ]),
  cbor: Uint8Array.from([
    0x18, 0x19, 0x1a, 0x1b, 0x38, 0x3b, 0x58, 0x5b, 0x5f, 0x78, 0x7b, 0x7f, 0x80, 0x98, 0x9b, 0x9f, 0xa0,
    0xb8, 0xbb, 0xbf, 0xc2, 0xc3, 0xd8, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa, 0xfb, 0xff,
  ]),
};

/** Changes a few places: bits flipped, bytes replaced, put in, taken out, stretches copied, the end cut off. */
export function mutate(bytes: Uint8Array, serializer: SerializerName, random: Random): Uint8Array {
  const list = [...bytes];
  for (let n = random.below(4); n >= 0; n--) change(list, serializer, random);
  return Uint8Array.from(list);
}

function change(list: number[], serializer: SerializerName, random: Random): void {
  const at = random.below(list.length + 1);
  const byte = random.once(2) ? random.below(256) : random.pick([...telling[serializer]]);
  switch (random.below(8)) {
    case 0:
      list[at] = byte;
      return;
    case 1:
      list[at] = (list[at] ?? 0) ^ (1 << random.below(8));
      return;
    case 2:
      list.splice(at, 0, byte);
      return;
    case 3:
      list.splice(at, 1 + random.below(3));
      return;
    case 4:
      list.splice(at, 0, ...list.slice(at, at + random.below(16)));
      return;
    case 5:
      list.splice(at, 0, ...new Array<number>(random.below(400)).fill(byte));
      return;
    case 6:
      list.length = at;
      return;
    default: {
      const [from, to] = [random.below(list.length + 1), random.below(list.length + 1)];
      list.splice(to, 0, ...list.splice(from, random.below(12)));
    }
  }
}
