import { describe, expect, test } from 'vitest';
import { Payload } from './payload.js';
import type { Serializer } from './serializer.js';

/** Values as the characters of a text: enough to see what is decoded, encoded and copied. */
function fakeSerializer(name: 'json' | 'cbor') {
  const counts = { decoded: 0, encoded: 0 };
  const serializer: Serializer = {
    name,
    binary: false,
    decode: () => {
      throw new Error('not needed');
    },
    encodeInto: () => 0,
    decodePayload(bytes, start, end) {
      counts.decoded += 1;
      return { args: [new TextDecoder().decode(bytes.subarray(start, end))] };
    },
    encodePayload(args) {
      counts.encoded += 1;
      return new TextEncoder().encode(`${name}:${String(args[0])}`);
    },
    encodeBinary: (bytes) => bytes,
  };
  return { serializer, counts };
}

test('A18: a bare binary stays one, whatever it is encoded in', () => {
  const { serializer } = fakeSerializer('json');
  const payload = Payload.ofBinary(new Uint8Array([1, 2]));
  const encoded = payload.encodedIn(serializer);
  expect(payload.args()).toEqual([new Uint8Array([1, 2])]);
  expect([encoded.isBinary, encoded.retain().isBinary, encoded.count, encoded.bytes]).toEqual([
    true,
    true,
    1,
    new Uint8Array([1, 2]),
  ]);
});

test('retain copies the bytes of a Buffer too', () => {
  const { serializer } = fakeSerializer('json');
  const bytes = Buffer.from('read');
  const kept = Payload.borrow(serializer, bytes, 1, 4, 1).retain();
  bytes.fill(0);
  expect(kept.bytes).toEqual(new TextEncoder().encode('ead'));
});

describe('Payload.of', () => {
  test.each([
    [[], {}, 0],
    [[1], {}, 1],
    [[], { a: 1 }, 2],
    [[1], { a: 1 }, 2],
    [[undefined], {}, 1],
    [[], { a: undefined }, 0],
    [[1], { a: undefined }, 1],
    [[], { a: undefined, b: null }, 2],
  ])('BP-MSG-02: args %j and kwargs %j fill %d elements', (args, kwargs, count) => {
    const payload = Payload.of(args, kwargs as Record<string, unknown>);
    expect(payload.count).toBe(count);
    expect(payload.args()).toEqual(args);
    expect(payload.kwargs()).toEqual(kwargs);
  });

  test('values need no copy to be kept', () => {
    const payload = Payload.of([1]);
    expect(payload.retain()).toBe(payload);
    payload.revoke();
    expect(payload.args()).toEqual([1]);
  });
});

describe('Payload.borrow', () => {
  const bytes = new TextEncoder().encode('[[hello]]');

  test('decodes once, and only when asked', () => {
    const { serializer, counts } = fakeSerializer('json');
    const payload = Payload.borrow(serializer, bytes, 2, 7, 1);
    expect(counts.decoded).toBe(0);
    expect(payload.args()).toEqual(['hello']);
    expect(payload.kwargs()).toEqual({});
    expect(counts.decoded).toBe(1);
  });

  test('BP-SER-04: is handed on as it is in its own encoding, and transcoded once for each other', () => {
    const json = fakeSerializer('json');
    const cbor = fakeSerializer('cbor');
    const payload = Payload.borrow(json.serializer, bytes, 2, 7, 1);
    expect(payload.encodedIn(json.serializer)).toBe(payload);
    expect(json.counts.decoded).toBe(0);
    const first = payload.encodedIn(cbor.serializer);
    expect(payload.encodedIn(cbor.serializer)).toBe(first);
    expect(cbor.counts.encoded).toBe(1);
    expect(new TextDecoder().decode(first.bytes as Uint8Array)).toBe('cbor:hello');
  });

  test('a retained copy outlives the buffer and the loan', () => {
    const { serializer } = fakeSerializer('json');
    const buffer = bytes.slice();
    const payload = Payload.borrow(serializer, buffer, 2, 7, 1);
    const kept = payload.retain();
    payload.revoke();
    buffer.fill(0);
    expect(kept.args()).toEqual(['hello']);
  });

  test('use after the loan has ended throws', () => {
    const { serializer } = fakeSerializer('json');
    const payload = Payload.borrow(serializer, bytes, 2, 7, 1);
    payload.revoke();
    expect(() => payload.args()).toThrow('retain()');
    expect(() => payload.retain()).toThrow('retain()');
    expect(() => payload.encodedIn(fakeSerializer('cbor').serializer)).toThrow('retain()');
    expect(() => payload.encodedIn(serializer)).toThrow('retain()');
  });
});
