import {
  type Call,
  ErrorUri,
  type Event,
  emptyDict,
  Payload,
  ProtocolError,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { Packr, Unpackr } from 'msgpackr';
import { describe, expect, test } from 'vitest';
import { jsonSerializer } from '../json/json-serializer.js';
import { MAX_DEPTH, MAX_INTEGER_BYTES } from '../limits.js';
import { MsgpackExtension } from '../msgpack-extension.js';
import { msgpackSerializer } from './msgpack-serializer.js';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const decode = (text: string) => msgpackSerializer.decode(hex(text), 0, hex(text).length);
const decodeArgs = (text: string) => (decode(`94 46 01 80 ${text}`) as Yield).payload.args();
const encodeArgs = (...args: unknown[]) =>
  Buffer.from(msgpackSerializer.encodePayload(args, {}, 1)).toString('hex');

describe('headers', () => {
  test.each([
    ['93 46 01 80', 1],
    ['93 46 cc01 80', 1],
    ['93 46 cd0001 80', 1],
    ['93 46 ce00000001 80', 1],
    ['93 46 cf0000000000000001 80', 1],
    ['93 46 d30000000000000001 80', 1],
    ['dc0003 46 01 80', 1],
    ['dd00000003 cc46 01 de0000', 1],
    ['93 46 cf0020000000000000 80', 2 ** 53],
    // What JavaScript libraries make of integers beyond 2^32.
    ['93 46 cb4202a05f20000000 80', 1e10],
  ])('BP-SER-02: %s is YIELD of request %d', (text, request) => {
    expect(decode(text)).toMatchObject({ code: 70, request, options: {} });
    expect((decode(text) as Yield).options).toBe(emptyDict);
  });

  test.each([
    ['93 46 00 80', 'YIELD: element 1 must be an id'],
    ['93 46 cf0020000000000001 80', 'YIELD: element 1 must be an id in [1, 2^53], not 9007199254740993'],
    ['93 46 cfffffffffffffffff 80', 'YIELD: element 1 must be an id'],
    ['93 46 cb3ff8000000000000 80', 'YIELD: element 1 must be an id'],
    ['93 46 ff 80', 'YIELD: element 1 must be an id'],
    ['93 46 a131 80', 'YIELD: element 1 must be an id'],
    ['93 46 01 90', 'YIELD: element 2 must be a dict'],
    ['93 46 01 81 01 02', 'a key that is no string'],
    ['92 46 01', 'YIELD: wrong number of elements'],
    ['96 46 01 80 90 80 c0', 'YIELD: wrong number of elements'],
    ['95 46 01 80 90 90', 'YIELD: ArgumentsKw must be a dict'],
    ['94 46 01 80 80', 'YIELD: Arguments must be a list'],
    ['93 46 01 80 00', 'bytes after the message'],
    ['90', 'a message must not be an empty list'],
    ['80', 'a message must be a list'],
    ['', 'a message must be a list'],
    ['dcff', 'the bytes end within a value'],
    ['ddffffffff 46 01 80', 'the bytes end within a value'],
    ['92 7f 01', 'unknown message type 127'],
  ])('BP-PERR-05, BP-ID-01: %s is refused: %s', (text, fault) => {
    expect(() => decode(text)).toThrow(ProtocolError);
    expect(() => decode(text)).toThrow(fault);
  });

  test('equal options give the identical frozen dict', () => {
    const first = (decode('94 46 01 81a870726f6772657373c3 90') as Yield).options;
    expect((decode('93 46 02 81a870726f6772657373c3') as Yield).options).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(first).toEqual({ progress: true });
  });

  test('BP-URI-01: URIs of any length and script', () => {
    for (const uri of ['a', 'x'.repeat(31), 'x'.repeat(200), 'x'.repeat(70_000), 'ключ.é😀']) {
      const message = { code: 48, request: 7, options: {}, procedure: uri };
      const list = new Packr({ useRecords: false, variableMapSize: true }).pack([48, 7, {}, uri]);
      expect(msgpackSerializer.decode(list, 0, list.length)).toMatchObject(message);
      const target = new Uint8Array(80_000);
      const end = msgpackSerializer.encodeInto(target, 0, msgpackSerializer.decode(list, 0, list.length));
      expect(Buffer.from(target.subarray(0, end))).toEqual(list);
    }
  });
});

describe('payload', () => {
  test.each([
    ['93 46 01 80', 0],
    ['94 46 01 80 90', 0],
    ['95 46 01 80 90 80', 0],
    ['95 46 01 80 dc0000 df00000000', 0],
    ['95 46 01 80 91c0 80', 1],
    ['95 46 01 80 90 81a16101', 2],
  ])('BP-MSG-02: %s has %d payload elements', (text, count) => {
    expect((decode(text) as Yield).payload.count).toBe(count);
  });

  test.each([
    ['91 c1', 'byte 0xc1, which MessagePack never uses'],
    ['91 a2 c328', 'a string that is not UTF-8'],
    ['91 d902 c328', 'a string that is not UTF-8'],
    ['91 a1', 'the bytes end within a value'],
    ['91 c6ffffffff', 'the bytes end within a value'],
    ['91 ddffffffff', 'more items than bytes are left'],
    ['91 df80000000', 'more items than bytes are left'],
    ['92 01', 'more items than bytes are left'],
    ['91 81 c0 c0', 'a key that is no string'],
    ['91 82 a161 01 c40161 02', 'a key that is no string'],
    ['91 81 90 01', 'a key that is no string'],
    ['91 c70042', 'or of none'],
    [`91 c80202 42 ${'01'.repeat(514)}`, `an integer of more than ${MAX_INTEGER_BYTES} bytes`],
  ])('BP-SER-05: Arguments %s are refused: %s', (text, fault) => {
    expect(() => decodeArgs(text)).toThrow(ProtocolError);
    expect(() => decodeArgs(text)).toThrow(fault);
  });

  test('nesting beyond the limit is refused, however deep, without recursion', () => {
    expect(decodeArgs(`${'91'.repeat(MAX_DEPTH)}c0`)).toHaveLength(1);
    expect(() => decodeArgs(`${'91'.repeat(MAX_DEPTH + 1)}c0`)).toThrow('nested deeper than');
    expect(() => decodeArgs('91'.repeat(1_000_000))).toThrow('nested deeper than');
    expect(() => decodeArgs('81a161'.repeat(1_000_000))).toThrow(ProtocolError);
  });

  test('A18: one bare binary stands for Arguments where the dict says that the payload is opaque', () => {
    const event = decode('95 24 01 02 81 a8656e635f616c676f a178 c4020102') as Event;
    expect([event.payload.isBinary, event.payload.args()]).toEqual([true, [new Uint8Array([1, 2])]]);
    const json = event.payload.encodedIn(jsonSerializer);
    expect(Buffer.from(json.bytes as Uint8Array).toString()).toBe('"\\u0000AQI="');
    expect(() => decode('95 24 01 02 80 c4020102')).toThrow('EVENT: Arguments must be a list');
  });
});

describe('values', () => {
  test.each([
    [0, '00'],
    [127, '7f'],
    [128, 'cc80'],
    [256, 'cd0100'],
    [65_536, 'ce00010000'],
    [2 ** 32, 'cf0000000100000000'],
    [2 ** 53, 'cf0020000000000000'],
    [2n ** 64n - 1n, 'cfffffffffffffffff'],
    [-1, 'ff'],
    [-32, 'e0'],
    [-33, 'd0df'],
    [-128, 'd080'],
    [-129, 'd1ff7f'],
    [-32_769, 'd2ffff7fff'],
    [-(2 ** 31), 'd280000000'],
    [-(2 ** 31) - 1, 'd3ffffffff7fffffff'],
    [-(2 ** 53), 'd3ffe0000000000000'],
    [-(2n ** 63n), 'd38000000000000000'],
    [2n ** 64n, 'c70942010000000000000000'],
    [-(2n ** 63n) - 1n, 'c70942ff7fffffffffffffff'],
    [0.5, 'cb3fe0000000000000'],
    [-0, 'cb8000000000000000'],
    [2 ** 60, 'cb43b0000000000000'],
    [Number.POSITIVE_INFINITY, 'cb7ff0000000000000'],
    [null, 'c0'],
    [false, 'c2'],
    [true, 'c3'],
    ['é', 'a2c3a9'],
    [new Uint8Array([1]), 'c40101'],
    [new MsgpackExtension(-1, hex('00000000')), 'd6ff00000000'],
    [new MsgpackExtension(5, hex('010203')), 'c70305010203'],
    [new MsgpackExtension(5, hex('')), 'c70005'],
    [{ a: [1] }, '81a1619101'],
  ])('BP-SER-02, BP-SER-04: %o is %s', (value, text) => {
    expect(encodeArgs(value)).toBe(`91${text}`);
    expect(decodeArgs(`91${text}`)).toEqual([value]);
  });

  test.each([
    ['ca3fc00000', 1.5],
    ['d000', 0],
    ['d20000000a', 10],
    ['c70142ff', -1],
    ['db0000000161', 'a'],
    ['de0001d90161c0', { a: null }],
  ])('BP-SER-04: %s is read as %o', (text, value) => {
    expect(decodeArgs(`91${text}`)).toEqual([value]);
  });

  test('BP-SER-04: strings, binaries, lists and dicts of every size of head, as msgpackr has them', () => {
    const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });
    for (const size of [0, 1, 15, 16, 31, 32, 47, 48, 49, 255, 256, 65_535, 65_536]) {
      const dict = Object.fromEntries(Array.from({ length: Math.min(size, 5000) }, (_, n) => [`key${n}`, n]));
      const args = ['x'.repeat(size), 'é'.repeat(size), Array(size).fill(1), dict];
      const bytes = msgpackSerializer.encodePayload(args, {}, 1);
      expect(unpackr.unpack(Buffer.from(bytes))).toEqual(args);
      expect(msgpackSerializer.decodePayload(bytes, 0, bytes.length, 1).args).toEqual(args);
      const binary = new Uint8Array(size).fill(3);
      const packed = msgpackSerializer.encodePayload([binary], {}, 1);
      expect(msgpackSerializer.decodePayload(packed, 0, packed.length, 1).args).toEqual([binary]);
    }
  });

  test('values own their bytes: the buffer may be used again', () => {
    const bytes = Buffer.from(hex('91c403010203'));
    const { args } = msgpackSerializer.decodePayload(bytes, 0, bytes.length, 1);
    bytes.fill(0);
    expect(args).toEqual([new Uint8Array([1, 2, 3])]);
    expect((args[0] as Uint8Array).constructor).toBe(Uint8Array);
  });

  test('BP-SER-04: __proto__ is a key like any other', () => {
    const [dict] = decodeArgs('91 81 a95f5f70726f746f5f5f 81 a8706f6c6c75746564 c3') as [object];
    expect(Object.keys(dict)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(dict)).toBe(Object.prototype);
    const json = Payload.of([dict]).encodedIn(jsonSerializer);
    expect(Buffer.from(json.bytes as Uint8Array).toString()).toBe('[{"__proto__":{"polluted":true}}]');
  });

  const cyclic: unknown[] = [];
  cyclic.push({ again: cyclic });
  test.each([
    [[{ x: () => 1 }], 'args[0].x: a function has no form in WAMP'],
    [[['\ud800']], 'args[0][0]: a string with half a surrogate pair'],
    [[{ '\udc00': 1 }], 'a string with half a surrogate pair'],
    [[new Set()], 'args[0]: a Set has no form in WAMP'],
    [[1n << 4200n], 'args[0]: an integer of more than 512 bytes'],
    [[-(1n << 4200n)], 'args[0]: an integer of more than 512 bytes'],
    [cyclic, 'nested deeper than 256 levels, or in a cycle'],
  ])('BP-SER-05: %o is refused, naming its place', (args, message) => {
    const target = new Uint8Array(5000);
    const encodeThem = () => msgpackSerializer.encodeInto(target, 0, new Yield(1, {}, Payload.of(args)));
    expect(encodeThem).toThrow(WampError);
    expect(encodeThem).toThrow(message);
    expect(encodeThem).toThrow(expect.objectContaining({ uri: ErrorUri.InvalidArgument }));
    // Nothing of the failure is left.
    expect(encodeArgs(undefined, new Date(0), { a: undefined })).toBe(
      `93c0b8${Buffer.from('1970-01-01T00:00:00.000Z').toString('hex')}80`,
    );
  });

  test('the largest integers pass, of either sign', () => {
    for (const value of [
      (1n << 4096n) - 1n,
      -(1n << 4096n),
      1n << 4095n,
      (1n << 4095n) - 1n,
      -(1n << 4095n),
    ]) {
      const bytes = msgpackSerializer.encodePayload([value], {}, 1);
      const call = Buffer.from([0x95, 0x30, 1, 0x80, 0xa1, 0x61, ...bytes]);
      expect((msgpackSerializer.decode(call, 0, call.length) as Call).payload.args()).toEqual([value]);
    }
  });

  test('BP-SER-04: an extension has no form in other serializers', () => {
    const payload = (decode('94 46 01 80 91 d50500ff') as Yield).payload;
    expect(payload.args()).toEqual([new MsgpackExtension(5, hex('00ff'))]);
    expect(() => payload.encodedIn(jsonSerializer)).toThrow('args[0]: a MessagePack extension has no form');
  });

  test('toJSON may encode in turn', () => {
    const inner = { toJSON: () => encodeArgs(['x'.repeat(100)]).length };
    expect(encodeArgs('a', inner, 'b')).toBe(
      '93a161ccd0a162'.replace('d0', encodeArgs(['x'.repeat(100)]).length.toString(16)),
    );
  });
});
