import type { Template, Wire } from './wire.js';

const encode = (message: readonly unknown[]): Uint8Array => Buffer.from(JSON.stringify(message));

/** JSON text as every client writes it: no space, minimal digits. */
export const jsonWire: Wire = {
  name: 'json',
  subprotocol: 'wamp.2.json',
  opcode: 1,
  rawSocketId: 1,
  encode,
  decode: (bytes) => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()),

  template(code, rest): Template {
    const text = JSON.stringify([code, 0, ...rest]);
    const cut = `[${code},`.length;
    return { head: Buffer.from(text.slice(0, cut)), tail: Buffer.from(text.slice(cut + 1)) };
  },

  writeId(target, position, id) {
    let digits = 1;
    for (let limit = 10; id >= limit; limit *= 10) digits += 1;
    const end = position + digits;
    for (let at = end - 1; at >= position; at -= 1) {
      const rest = Math.floor(id / 10);
      target[at] = 48 + id - rest * 10;
      id = rest;
    }
    return end;
  },

  readCode: (bytes, start) => readNumber(bytes, start + 1),

  readId(bytes, start) {
    let at = start + 1;
    while (bytes[at] !== 44) at += 1;
    return readNumber(bytes, at + 1);
  },
};

function readNumber(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let byte = bytes[at]; byte >= 48 && byte <= 57; byte = bytes[++at]) value = value * 10 + byte - 48;
  return value;
}
