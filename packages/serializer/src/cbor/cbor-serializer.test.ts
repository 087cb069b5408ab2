import { ErrorUri, type Event, emptyDict, Payload, ProtocolError, WampError, Yield } from '@wampkit/protocol';
import { Decoder, Encoder } from 'cbor-x';
import { describe, expect, test } from 'vitest';
import { jsonSerializer } from '../json/json-serializer.js';
import { MAX_DEPTH } from '../limits.js';
import { msgpackSerializer } from '../msgpack/msgpack-serializer.js';
import { cborSerializer } from './cbor-serializer.js';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const decode = (text: string) => cborSerializer.decode(hex(text), 0, hex(text).length);
const decodeArgs = (text: string) => (decode(`84 1846 01 a0 ${text}`) as Yield).payload.args();
const encodeArgs = (...args: unknown[]) =>
  Buffer.from(cborSerializer.encodePayload(args, {}, 1)).toString('hex');

describe('headers', () => {
  test.each([
    ['83 1846 01 a0', 1],
    ['83 1846 1801 a0', 1],
    ['83 190046 190001 a0', 1],
    ['83 1846 1b0000000000000001 a0', 1],
    ['83 1846 1b0020000000000000 a0', 2 ** 53],
    ['9f 1846 01 bfff ff', 1],
    ['9803 1846 01 b800', 1],
    // What JavaScript libraries make of integers beyond 2^32, and a bignum of one byte.
    ['83 1846 fb4202a05f20000000 a0', 1e10],
    ['83 1846 c24105 a0', 5],
  ])('BP-SER-02: %s is YIELD of request %d', (text, request) => {
    expect(decode(text)).toMatchObject({ code: 70, request, options: {} });
    expect((decode(text) as Yield).options).toBe(emptyDict);
  });

  test('BP-SER-01: strings of indefinite length are strings', () => {
    expect(decode('84 1830 01 a0 7f 6161 622e62 ff')).toMatchObject({ procedure: 'a.b' });
    expect(decode('83 1846 01 bf 7f 6470726f67 6472657373 ff f5 ff')).toMatchObject({
      options: { progress: true },
    });
  });

  test.each([
    ['83 1846 00 a0', 'YIELD: element 1 must be an id'],
    ['83 1846 1b0020000000000001 a0', 'YIELD: element 1 must be an id in [1, 2^53], not 9007199254740993'],
    ['83 1846 20 a0', 'YIELD: element 1 must be an id'],
    ['83 1846 f93e00 a0', 'YIELD: element 1 must be an id'],
    ['83 1846 01 80', 'YIELD: element 2 must be a dict'],
    ['83 1846 01 a1 01 02', 'a key that is no string'],
    ['82 1846 01', 'YIELD: wrong number of elements'],
    ['9f 1846 01 a0 80 a0 f6 ff', 'YIELD: wrong number of elements'],
    ['85 1846 01 a0 80 80', 'YIELD: ArgumentsKw must be a dict'],
    ['83 1846 01 a0 00', 'bytes after the message'],
    ['9f 1846 01 a0', 'the bytes end within a value'],
    ['80', 'a message must not be an empty list'],
    ['9fff', 'a message must not be an empty list'],
    ['a0', 'a message must be a list'],
    ['9c', 'a message must be a list'],
    ['', 'a message must be a list'],
    ['9bffffffffffffffff 00', 'the bytes end within a value'],
    ['82 18ff 01', 'unknown message type 255'],
    ['d9d9f7 83 1846 01 a0', 'a message must be a list'],
  ])('BP-PERR-05, BP-ID-01: %s is refused: %s', (text, fault) => {
    expect(() => decode(text)).toThrow(ProtocolError);
    expect(() => decode(text)).toThrow(fault);
  });
});

describe('payload', () => {
  test.each([
    ['83 1846 01 a0', 0],
    ['84 1846 01 a0 80', 0],
    ['85 1846 01 a0 9fff bfff', 0],
    ['85 1846 01 a0 81f6 a0', 1],
    ['85 1846 01 a0 80 a1616101', 2],
  ])('BP-MSG-02: %s has %d payload elements', (text, count) => {
    expect((decode(text) as Yield).payload.count).toBe(count);
  });

  test.each([
    ['81 1c', 'a head that CBOR does not have'],
    ['81 1f', 'a head that CBOR does not have'],
    ['81 df', 'a head that CBOR does not have'],
    ['81 fc', 'a head that CBOR does not have'],
    ['81 e0', 'a simple value that has no meaning'],
    ['81 f8ff', 'a simple value that has no meaning'],
    ['81 f810', 'a simple value that has no meaning'],
    ['81 ff', 'a break where none belongs'],
    ['81 c1ff', 'content that does not fit tag 1'],
    ['9f d84aff', 'a break where none belongs'],
    ['81 bf 6161 ff', 'a break where none belongs'],
    ['81 bf 01 01 ff', 'a key that is no string'],
    ['81 a1 4161 01', 'a key that is no string'],
    ['81 62 c328', 'a string that is not UTF-8'],
    ['81 7f 61c3 61a9 ff', 'a string that is not UTF-8'],
    ['81 7f 4161 ff', 'a chunk of another type'],
    ['81 7f 7fff ff', 'a chunk of another type'],
    ['81 5f 6161 ff', 'a chunk of another type'],
    ['81 5f 41', 'the bytes end within a value'],
    ['81 7bffffffffffffffff', 'the bytes end within a value'],
    ['81 9bffffffffffffffff', 'more items than bytes are left'],
    ['81 ba80000000', 'more items than bytes are left'],
    ['81 c0 01', 'content that does not fit tag 0'],
    ['81 c1 6161', 'content that does not fit tag 1'],
    ['81 c2 01', 'content that does not fit tag 2'],
    ['81 c3 6161', 'content that does not fit tag 3'],
    [`81 c2 590201 ${'01'.repeat(513)}`, 'content that does not fit tag 2'],
    ['81 c2', 'content that does not fit tag 2'],
    ['81 d84a', 'more items than bytes are left'],
  ])('BP-SER-05: Arguments %s are refused: %s', (text, fault) => {
    expect(() => decodeArgs(text)).toThrow(ProtocolError);
    expect(() => decodeArgs(text)).toThrow(fault);
  });

  test.each(['81', '9f', 'a16161', 'bf6161', 'c6'])(
    'nesting in %s beyond the limit is refused, without recursion',
    (open) => {
      expect(() => decodeArgs(`81${open.repeat(1_000_000)}`)).toThrow(ProtocolError);
      expect(() => decodeArgs(`81${open.repeat(MAX_DEPTH)}f6${'ff'.repeat(MAX_DEPTH)}`)).toThrow(
        'nested deeper than',
      );
    },
  );

  test('nesting up to the limit passes', () => {
    expect(decodeArgs(`${'81'.repeat(MAX_DEPTH)}f6`)).toHaveLength(1);
    expect(decodeArgs(`${'9f'.repeat(MAX_DEPTH)}f6${'ff'.repeat(MAX_DEPTH)}`)).toHaveLength(1);
    expect(decodeArgs(`81${'c6'.repeat(MAX_DEPTH - 1)}05`)).toEqual([5]);
  });

  test('A18: one bare binary stands for Arguments where the dict says that the payload is opaque', () => {
    for (const binary of ['420102', '5f 4101 4102 ff']) {
      const event = decode(`85 1824 01 02 a1 6a7070745f736368656d65 6178 ${binary}`) as Event;
      expect([event.payload.isBinary, event.payload.args()]).toEqual([true, [new Uint8Array([1, 2])]]);
      expect(Buffer.from(event.payload.encodedIn(msgpackSerializer).bytes as Uint8Array)).toEqual(
        Buffer.from('c4020102', 'hex'),
      );
    }
    expect(() => decode('85 1824 01 02 a0 420102')).toThrow('EVENT: Arguments must be a list');
  });
});

describe('values', () => {
  test.each([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [256, '190100'],
    [65_536, '1a00010000'],
    [2 ** 32, '1b0000000100000000'],
    [2 ** 53, '1b0020000000000000'],
    [2n ** 53n + 1n, '1b0020000000000001'],
    [2n ** 64n - 1n, '1bffffffffffffffff'],
    [2n ** 64n, 'c249010000000000000000'],
    [-1, '20'],
    [-24, '37'],
    [-25, '3818'],
    [-(2 ** 32), '3affffffff'],
    [-(2 ** 32) - 1, '3b0000000100000000'],
    [-(2 ** 53), '3b001fffffffffffff'],
    [-(2n ** 53n) - 1n, '3b0020000000000000'],
    [-(2n ** 64n), '3bffffffffffffffff'],
    [-(2n ** 64n) - 1n, 'c349010000000000000000'],
    [0.5, 'fb3fe0000000000000'],
    [-0, 'fb8000000000000000'],
    [2 ** 60, 'fb43b0000000000000'],
    [Number.NEGATIVE_INFINITY, 'fbfff0000000000000'],
    [Number.NaN, 'fb7ff8000000000000'],
    [null, 'f6'],
    [false, 'f4'],
    [true, 'f5'],
    ['é', '62c3a9'],
    [new Uint8Array([1]), '4101'],
    [{ a: [1] }, 'a161618101'],
  ])('BP-SER-02, BP-SER-04: %o is %s', (value, text) => {
    expect(encodeArgs(value)).toBe(`81${text}`);
    expect(decodeArgs(`81${text}`)).toEqual([value]);
  });

  test.each([
    ['f93c00', 1],
    ['f90001', 2 ** -24],
    ['f90400', 0.00006103515625],
    ['f97bff', 65_504],
    ['f98000', -0],
    ['f9c400', -4],
    ['f97c00', Number.POSITIVE_INFINITY],
    ['f97e00', Number.NaN],
    ['fa3fc00000', 1.5],
    ['f7', null],
    ['c240', 0],
    ['c24a00000000000000000001', 1],
    ['c349ffffffffffffffffff', -(2n ** 72n)],
    ['c1fb41d452d9ec200000', 1363896240.5],
    ['c074323031332d30332d32315432303a30343a30305a', '2013-03-21T20:04:00Z'],
    ['d82076687474703a2f2f7777772e6578616d706c652e636f6d', 'http://www.example.com'],
    ['d9d9f701', 1],
    ['5f42010243030405ff', new Uint8Array([1, 2, 3, 4, 5])],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
    ['a26161016161f5', { a: true }],
  ])('BP-SER-04: %s is read as %o', (text, value) => {
    expect(decodeArgs(`81${text}`)).toEqual([value]);
  });

  test('BP-SER-04: strings, lists and dicts of every size of head, as cbor-x has them', () => {
    const options = { useRecords: false, mapsAsObjects: true, variableMapSize: true };
    for (const size of [0, 1, 23, 24, 47, 48, 49, 255, 256, 65_535, 65_536]) {
      const dict = Object.fromEntries(Array.from({ length: Math.min(size, 300) }, (_, n) => [`key${n}`, n]));
      const args = ['x'.repeat(size), 'é'.repeat(size), Array(size).fill(1), dict];
      const bytes = cborSerializer.encodePayload(args, {}, 1);
      expect(new Decoder(options).decode(bytes)).toEqual(args);
      expect(Buffer.from(bytes).equals(new Encoder(options).encode(args))).toBe(true);
      expect(cborSerializer.decodePayload(bytes, 0, bytes.length, 1).args).toEqual(args);
    }
  });

  test('BP-SER-04: __proto__ is a key like any other', () => {
    const [dict] = decodeArgs('81 a1 695f5f70726f746f5f5f a1 68706f6c6c75746564 f5') as [object];
    expect(Object.keys(dict)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(
      Buffer.from(Payload.of([dict]).encodedIn(cborSerializer).bytes as Uint8Array).toString('hex'),
    ).toBe('81a1695f5f70726f746f5f5fa168706f6c6c75746564f5');
  });

  test.each([
    [[{ x: () => 1 }], 'args[0].x: a function has no form in WAMP'],
    [['\ud800'], 'args[0]: a string with half a surrogate pair'],
    [[1n << 4096n], 'args[0]: an integer of more than 512 bytes'],
    [[-(1n << 4096n) - 1n], 'args[0]: an integer of more than 512 bytes'],
  ])('BP-SER-05: %o is refused, naming its place', (args, message) => {
    const encodeThem = () =>
      cborSerializer.encodeInto(new Uint8Array(10), 0, new Yield(1, {}, Payload.of(args)));
    expect(encodeThem).toThrow(WampError);
    expect(encodeThem).toThrow(message);
    expect(encodeThem).toThrow(expect.objectContaining({ uri: ErrorUri.InvalidArgument }));
  });

  test('BP-SER-04: what JSON has no form for is refused there alone', () => {
    const { payload } = decode('84 1846 01 a0 82 01 f97e00') as Yield;
    expect(() => payload.encodedIn(jsonSerializer)).toThrow('args[1]: NaN has no form in json');
    expect(payload.encodedIn(msgpackSerializer).args()).toEqual([1, Number.NaN]);
  });
});
