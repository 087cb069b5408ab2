import {
  Call,
  ErrorUri,
  Event,
  emptyDict,
  type Message,
  messageValues,
  Payload,
  ProtocolError,
  Unsubscribed,
  Welcome,
  Yield,
} from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { webJsonSerializer } from './web-json.js';

/** What keeps integers beyond 2^53 exact; all current browsers have it, Node 20 has not. */
const exact = 'rawJSON' in JSON;

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((value) => exact || (!Object.is(value, -0) && Math.abs(value) <= 2 ** 53)),
  fc.string({ unit: 'grapheme' }).filter((text) => text[0] !== '\0'),
  fc.uint8Array({ maxLength: 40 }),
  ...(exact ? [fc.bigInt().filter((value) => value > 2n ** 53n || value < -(2n ** 53n))] : []),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
  ),
}));
const payload = fc
  .tuple(fc.array(value), fc.dictionary(fc.string(), value, { noNullPrototype: true }))
  .map(([args, kwargs]) => Payload.of(args, kwargs));

function encode(serializer: typeof jsonSerializer, message: Message): Uint8Array {
  const bytes = new Uint8Array(serializer.encodeInto(new Uint8Array(0), 0, message));
  expect(serializer.encodeInto(bytes, 0, message)).toBe(bytes.length);
  return bytes;
}

const decode = (serializer: typeof jsonSerializer, bytes: Uint8Array) =>
  serializer.decode(bytes, 0, bytes.length);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('JSON for browsers against @wampkit/serializer', () => {
  test.each([
    ['written there, read here', jsonSerializer, webJsonSerializer],
    ['written here, read there', webJsonSerializer, jsonSerializer],
    ['written and read here', webJsonSerializer, webJsonSerializer],
  ])('JBIN-01, BP-SER-04: %s, every value is the same', (_name, writer, reader) => {
    fc.assert(
      fc.property(payload, (sent) => {
        const { payload: got } = decode(reader, encode(writer, new Yield(1, emptyDict, sent))) as Yield;
        expect(got.count).toBe(sent.count);
        expect([got.args(), got.kwargs()]).toEqual([sent.args(), sent.kwargs()]);
      }),
    );
  });

  test.each<[string, Message]>([
    ['WELCOME', new Welcome(2 ** 53, { roles: { broker: {} } })],
    ['CALL', new Call(1, { timeout: 5 }, 'com.example.ü', Payload.of([1], { k: 2 }))],
    ['EVENT', new Event(1, 2, {}, Payload.of([], { k: 2 }))],
    ['UNSUBSCRIBED', new Unsubscribed(1)],
    ['UNSUBSCRIBED, a revocation', new Unsubscribed(0, { subscription: 5 })],
  ])('%s is written alike', (_name, message) => {
    const here = encode(webJsonSerializer, message);
    expect(new TextDecoder().decode(here)).toBe(new TextDecoder().decode(encode(jsonSerializer, message)));
    const read = decode(webJsonSerializer, here);
    expect(messageValues(read)).toEqual(messageValues(message));
  });

  test.each([
    '',
    '{}',
    '[]',
    'null',
    '[1',
    '[1,2,3]]',
    '["1"]',
    '[99,1]',
    '[36,1,2]',
    '[36,1,2,{},{}]',
    '[36,1,2,{},[],[]]',
    '[36,1,2,{},[],{},1]',
    '[36,0,2,{}]',
    '[36,1.5,2,{}]',
    '[36,1,2,{"topic":1}]',
    '[35,1,{},1]',
    '[36,1,2,{},["\\u0000!"]]',
    '[17,1,2,[]]',
  ])('BP-PERR-05, BP-PERR-06: %s is a protocol error for both', (text) => {
    for (const serializer of [jsonSerializer, webJsonSerializer])
      expect(() => (decode(serializer, utf8(text)) as Event).payload.args()).toThrow(ProtocolError);
  });

  test('BP-SER-05: what is not UTF-8', () => {
    expect(() => decode(webJsonSerializer, Uint8Array.of(0x5b, 0xff, 0x5d))).toThrow(ProtocolError);
  });

  test.each<[string, unknown]>([
    ['NaN', Number.NaN],
    ['an infinity', Number.POSITIVE_INFINITY],
    ['a function', () => {}],
    ['a symbol', Symbol('x')],
    ['a Map', new Map()],
    ['a Set', new Set()],
    ['a typed array', new Float64Array(1)],
    ['JBIN-02: a string that starts with U+0000', '\0x'],
    ['a cycle', cycle()],
  ])('%s has no form for both', (_name, value) => {
    for (const serializer of [jsonSerializer, webJsonSerializer])
      expect(() => serializer.encodePayload([{ value }], {}, 1)).toThrow(
        expect.objectContaining({ name: 'WampError', uri: ErrorUri.InvalidArgument }),
      );
  });

  test.each<[string, unknown, unknown]>([
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['undefined in a dict', { a: undefined }, {}],
    ['undefined in a list', [undefined], [null]],
    ['an ArrayBuffer', Uint8Array.of(1, 2).buffer, Uint8Array.of(1, 2)],
    ['a small BigInt', 5n, 5],
    ['the key __proto__', JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
  ])('%s is written alike', (_name, value, read) => {
    for (const serializer of [jsonSerializer, webJsonSerializer]) {
      const bytes = serializer.encodePayload([value], { k: value }, 2);
      const { args } = webJsonSerializer.decodePayload(bytes, 0, bytes.length, 2);
      expect(args).toEqual([read]);
    }
  });

  test('a BigInt beyond 2^53 is exact or refused, never bent', () => {
    const write = () => new TextDecoder().decode(webJsonSerializer.encodePayload([2n ** 64n + 1n], {}, 1));
    if (exact) expect(write()).toBe('[18446744073709551617]');
    else expect(write).toThrow('has no form');
  });
});

function cycle(): object {
  const value: Record<string, unknown> = {};
  value.self = value;
  return value;
}
