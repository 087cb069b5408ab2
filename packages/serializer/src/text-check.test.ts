import { expect, test } from 'vitest';
import { cborSerializer } from './cbor/cbor-serializer.js';
import { msgpackSerializer } from './msgpack/msgpack-serializer.js';
import { isAscii } from './text-check.js';

const sizes = Array.from({ length: 31 }, (_, n) => n + 1);

test.each(sizes)(
  'BP-SER-05: of %i bytes read by words each that is not ASCII is seen, and none beside them',
  (size) => {
    const bytes = new Uint8Array(48).fill(0xff);
    const view = new DataView(bytes.buffer);
    bytes.fill(0x7f, 5, 5 + size);
    expect(isAscii(view, 5, size)).toBe(true);
    for (let at = 5; at < 5 + size; at++) {
      bytes[at] = 0x80;
      expect(isAscii(view, 5, size)).toBe(false);
      bytes[at] = 0x7f;
    }
  },
);

const filler = Array.from({ length: 64 }, () => 1);

test.each([
  // CALL, its arguments a list of 65 items; the last is the text
  ['cbor', cborSerializer, [0x85, 0x18, 48, 1, 0xa0, 0x63, 97, 46, 98, 0x98, 65], 0x60, 23],
  ['msgpack', msgpackSerializer, [0x95, 48, 1, 0x80, 0xa3, 97, 46, 98, 0xdc, 0, 65], 0xa0, 31],
] as const)(
  'BP-SER-05: %s refuses a text that is not UTF-8, or ends beyond the message, at any distance from the end of what was read',
  (_name, serializer, head, text, longest) => {
    for (let size = 0; size <= longest; size++)
      for (const beyond of [0, 1, 3, 40]) {
        const message = [...head, ...filler, text + size, ...new Array<number>(size).fill(0x61)];
        const bytes = Uint8Array.from([...message, ...new Array<number>(beyond).fill(0x61)]);
        const end = message.length;
        expect(serializer.decode(bytes, 0, end).code).toBe(48);
        if (size === 0) continue;
        expect(() => serializer.decode(bytes, 0, end - 1)).toThrow('the bytes end within a value');
        bytes[end - 1] = 0x80;
        expect(() => serializer.decode(bytes, 0, end)).toThrow('not UTF-8');
      }
  },
);
