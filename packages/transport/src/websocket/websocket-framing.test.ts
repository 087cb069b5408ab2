import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWebSocketFraming } from './websocket-framing.js';

const sizes: readonly (readonly [length: number, header: number])[] = [
  [0, 2],
  [125, 2],
  [126, 4],
  [65_535, 4],
  [65_536, 10],
  [2 ** 24, 10],
];

describe('WebSocket framing', () => {
  test.each(sizes)('BP-TRN-02: a message of %i bytes has a header of %i bytes', (length, header) => {
    expect(createWebSocketFraming(true, false).headerSize(length)).toBe(header);
    expect(createWebSocketFraming(true, true).headerSize(length)).toBe(header + 4);
  });

  test.each([
    [false, 0x81],
    [true, 0x82],
  ])('BP-TRN-03: binary %s gives the first octet %i', (binary, first) => {
    const target = Buffer.alloc(8);
    createWebSocketFraming(binary, false).seal(target, 1, 5);
    expect([...target.subarray(0, 3)]).toEqual([0, first, 5]);
  });

  test.each([
    [126, [0x82, 126, 0, 126]],
    [65_535, [0x82, 126, 255, 255]],
    [65_536, [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ])('BP-TRN-02: the length %i is written in network order', (length, header) => {
    const target = Buffer.alloc(10);
    createWebSocketFraming(true, false).seal(target, 0, length);
    expect([...target.subarray(0, header.length)]).toEqual(header);
  });

  test('BP-TRN-02: masking is undone by the key in the header, at any place and length', () => {
    const framing = createWebSocketFraming(true, true);
    const random = fc.record({
      bytes: fc.uint8Array({ maxLength: 400 }),
      position: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(random, ({ bytes, position }) => {
        const header = framing.headerSize(bytes.length);
        const target = Buffer.alloc(position + header + bytes.length + 3);
        target.set(bytes, position + header);
        framing.seal(target, position, bytes.length);
        const key = target.subarray(position + header - 4, position + header);
        const unmasked = target
          .subarray(position + header, position + header + bytes.length)
          .map((octet, index) => octet ^ (key[index % 4] as number));
        expect([...unmasked]).toEqual([...bytes]);
        expect(target[position + 1] & 0x80).toBe(0x80);
        expect([...target.subarray(-3)]).toEqual([0, 0, 0]);
      }),
    );
  });

  test('BP-TRN-02: each masked frame has a key of its own', () => {
    const framing = createWebSocketFraming(true, true);
    const keys = new Set<string>();
    const target = Buffer.alloc(6);
    for (let i = 0; i < 3000; i++) {
      framing.seal(target, 0, 0);
      keys.add(target.subarray(2).toString('hex'));
    }
    expect(keys.size).toBeGreaterThan(2990);
  });
});
