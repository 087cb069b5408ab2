import { Packr } from 'msgpackr';
import { readBigEndian, writeBigEndian } from './big-endian.js';
import type { Template, Wire } from './wire.js';

const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: 'number' });
const encode = (message: readonly unknown[]): Uint8Array => packr.pack(message);

/** MessagePack with minimal integers. Codes are below 128: one byte behind the one byte of a short list. */
export const msgpackWire: Wire = {
  name: 'msgpack',
  subprotocol: 'wamp.2.msgpack',
  opcode: 2,
  rawSocketId: 2,
  encode,
  decode: (bytes) => packr.unpack(bytes),

  template(code, rest): Template {
    const bytes = encode([code, 0, ...rest]);
    return { head: bytes.slice(0, 2), tail: bytes.slice(3) };
  },

  writeId(target, position, id) {
    if (id < 0x80) {
      target[position] = id;
      return position + 1;
    }
    const width = id < 0x100 ? 1 : id < 0x10000 ? 2 : id < 0x1_0000_0000 ? 4 : 8;
    target[position] = { 1: 0xcc, 2: 0xcd, 4: 0xce, 8: 0xcf }[width] as number;
    return writeBigEndian(target, position + 1, id, width);
  },

  readCode: (bytes, start) => readInteger(bytes, start + 1),

  readId: (bytes, start) => readInteger(bytes, start + 1 + integerLength(bytes[start + 1])),
};

// Not every router writes the shortest form: 0xcc to 0xcf is unsigned, 0xd0 to 0xd3 signed, of 1, 2, 4 and 8 bytes.
const integerLength = (first: number): number => (first < 0x80 ? 1 : 1 + (1 << (first & 3)));

function readInteger(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  return first < 0x80 ? first : readBigEndian(bytes, at + 1, 1 << (first & 3));
}
