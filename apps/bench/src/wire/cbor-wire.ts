import { Encoder } from 'cbor-x';
import { readBigEndian, writeBigEndian } from './big-endian.js';
import type { Template, Wire } from './wire.js';

const options = {
  useRecords: false,
  tagUint8Array: false,
  mapsAsObjects: true,
  variableMapSize: true,
  int64AsNumber: true, // missing in its types
};
const encoder = new Encoder(options);
const encode = (message: readonly unknown[]): Uint8Array => encoder.encode(message);

/** CBOR with minimal integers. Codes from 24 to 255 take two bytes behind the one byte of a short list. */
export const cborWire: Wire = {
  name: 'cbor',
  subprotocol: 'wamp.2.cbor',
  opcode: 2,
  rawSocketId: 3,
  encode,
  decode: (bytes) => encoder.decode(bytes),

  template(code, rest): Template {
    const bytes = encode([code, 0, ...rest]);
    const cut = code < 24 ? 2 : 3;
    return { head: bytes.slice(0, cut), tail: bytes.slice(cut + 1) };
  },

  writeId(target, position, id) {
    if (id < 24) {
      target[position] = id;
      return position + 1;
    }
    const width = id < 0x100 ? 1 : id < 0x10000 ? 2 : id < 0x1_0000_0000 ? 4 : 8;
    target[position] = { 1: 24, 2: 25, 4: 26, 8: 27 }[width] as number;
    return writeBigEndian(target, position + 1, id, width);
  },

  readCode: (bytes, start) => (bytes[start + 1] === 24 ? bytes[start + 2] : bytes[start + 1]),

  readId(bytes, start) {
    const at = bytes[start + 1] === 24 ? start + 3 : start + 2;
    const first = bytes[at];
    return first < 24 ? first : readBigEndian(bytes, at + 1, 1 << (first - 24));
  },
};
