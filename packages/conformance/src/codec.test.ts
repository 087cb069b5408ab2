import { describe, expect, test } from 'vitest';
import { codecs } from './codec.js';

const bytes = new Uint8Array([0, 1, 255]);

describe.each(Object.values(codecs))('$name', (codec) => {
  test('BP-SER-02: wide integers are written as integers', () => {
    const values = [2 ** 31, 2 ** 32 + 1, 2 ** 53, -(2 ** 40)];
    expect(codec.decode(codec.encode(values))).toEqual(values);
    const text = Buffer.from(codec.encode([2 ** 53])).toString('hex');
    const expected = {
      json: '5b393030373139393235343734303939325d',
      msgpack: '91d30020000000000000',
      cbor: '811b0020000000000000',
    };
    expect(text).toBe(expected[codec.name]);
  });

  test('JBIN-01: binary comes back as binary', () => {
    expect(codec.decode(codec.encode([bytes, { a: [bytes] }]))).toEqual([bytes, { a: [bytes] }]);
  });

  test('malformed bytes throw', () => {
    expect(() => codec.decode(codec.encode([1, 'abc', {}]).subarray(0, 3))).toThrow();
  });
});

test('64-bit integers are bigints in msgpack and cbor', () => {
  for (const codec of [codecs.msgpack, codecs.cbor])
    expect(codec.decode(codec.encode([2n ** 63n, -(2n ** 63n)]))).toEqual([2n ** 63n, -(2n ** 63n)]);
});
