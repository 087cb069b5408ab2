import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cborWire } from './cbor-wire.js';
import { jsonWire } from './json-wire.js';
import { msgpackWire } from './msgpack-wire.js';

describe.each([jsonWire, msgpackWire, cborWire])('$name', (wire) => {
  const code = fc.constantFrom(2, 16, 17, 33, 36, 48, 50, 65, 68, 70);
  const id = fc.oneof(
    fc.integer({ min: 1, max: 300 }),
    fc.integer({ min: 1, max: 2 ** 32 - 1 }),
    fc.constantFrom(23, 24, 127, 128, 255, 256, 65535, 65536),
  );

  test('BP-SER-02: a template with an id in its place is the message that the library writes', () => {
    fc.assert(
      fc.property(code, id, (c, i) => {
        const rest = [{}, 'com.example', ['hello'], { a: 1 }];
        const { head, tail } = wire.template(c, rest);
        const written = new Uint8Array(16);
        const end = wire.writeId(written, 0, i);
        const message = Buffer.concat([head, written.subarray(0, end), tail]);
        expect(message.toString('hex')).toBe(Buffer.from(wire.encode([c, i, ...rest])).toString('hex'));
      }),
    );
  });

  test('code and first id are read where they stand', () => {
    fc.assert(
      fc.property(code, id, (c, i) => {
        const message = Buffer.concat([Buffer.from('..'), wire.encode([c, i, {}, ['x']])]);
        expect([wire.readCode(message, 2), wire.readId(message, 2)]).toEqual([c, i]);
      }),
    );
  });
});
