import {
  type Call,
  type Dict,
  ErrorUri,
  type Event,
  emptyDict,
  type Message,
  Payload,
  ProtocolError,
  Publish,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, MAX_INTEGER_DIGITS } from '../limits.js';
import { jsonSerializer } from './json-serializer.js';

function decode<M extends Message>(text: string): M {
  const bytes = Buffer.from(text);
  return jsonSerializer.decode(bytes, 0, bytes.length) as M;
}

function encode(message: Message): string {
  const target = new Uint8Array(200_000);
  return Buffer.from(target.subarray(0, jsonSerializer.encodeInto(target, 0, message))).toString();
}

const encodeArgs = (...args: unknown[]) => Buffer.from(jsonSerializer.encodePayload(args, {}, 1)).toString();
const decodeArgs = (text: string) => decode<Yield>(`[70,1,{},${text}]`).payload.args();

describe('ids', () => {
  test.each([1, 9, 10, 1_000_000_000, 999_999_999_999_999, 1_000_000_000_000_000, 2 ** 53 - 1, 2 ** 53])(
    'BP-ID-01: %d is an id both ways',
    (id) => {
      expect(decode<Yield>(`[70,${id},{}]`).request).toBe(id);
      expect(encode(new Yield(id, {}))).toBe(`[70,${id},{}]`);
    },
  );

  test.each([
    '9007199254740993',
    '9007199254740994',
    '99999999999999999999',
    '0',
    '-1',
    '01',
    '1.5',
    '"1"',
    'null',
    '[1]',
  ])('BP-ID-01: %s is none', (id) => {
    expect(() => decode(`[70,${id},{}]`)).toThrow(ProtocolError);
  });

  test.each(['1.0', '1e3', '1E0', '10e-1', '-0.0'])('BP-SER-02: %s is no integer', (id) => {
    expect(() => decode(`[70,${id},{}]`)).toThrow(`${id} stands where an integer is due`);
    expect(() => decode(`[${id},1,{}]`)).toThrow(ProtocolError);
  });

  test('BP-ID-01: an id beyond 2^53 in options is not rounded into one', () => {
    expect(() => decode('[16,1,{"exclude":[9007199254740993]},"a"]')).toThrow(
      'PUBLISH: "exclude" must be a list of ids',
    );
    expect(decode<Publish>('[16,1,{"exclude":[9007199254740992]},"a"]').options.exclude).toEqual([2 ** 53]);
  });
});

describe('options', () => {
  test('the empty dict is emptyDict itself', () => {
    for (const text of ['[48,1,{},"a"]', '[48, 1, { }, "a"]', '[64,1,{},"a"]'])
      expect(decode<Call>(text).options).toBe(emptyDict);
  });

  test('equal bytes give the identical frozen dict, by message type', () => {
    const text = '{"progress":true,"_own":{"list":[1]}}';
    const first = decode<Yield>(`[70,1,${text},[1]]`).options;
    expect(decode<Yield>(`[70,2,${text}]`).options).toBe(first);
    expect(decode<Yield>(`[70, 3, ${text}]`).options).toBe(first);
    expect(decode<Call>(`[48,1,${text},"a"]`).options).not.toBe(first);
    const own = first._own as { list: unknown[] };
    expect([Object.isFrozen(first), Object.isFrozen(own), Object.isFrozen(own.list)]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('BP-PERR-06: a wrong option is refused each time, kept dicts or not', () => {
    for (let n = 0; n < 3; n++)
      expect(() => decode('[48,1,{"timeout":-1},"a"]')).toThrow(
        'CALL: "timeout" must be a non-negative integer',
      );
    expect(decode<Publish>('[16,1,{"timeout":-1},"a"]').options).toEqual({ timeout: -1 });
  });

  test.each(['[]', '1', 'null', '"x"'])('BP-PERR-05: %s is no dict', (options) => {
    expect(() => decode(`[48,1,${options},"a"]`)).toThrow(/CALL: element 2 must be a dict/);
  });

  test('BP-MSG-03: unknown keys pass, __proto__ too, and pollute nothing', () => {
    const { options } = decode<Call>('[48,1,{"__proto__":{"polluted":true},"_x":1},"a"]');
    expect(Object.keys(options)).toEqual(['__proto__', '_x']);
    expect(({} as Dict).polluted).toBeUndefined();
  });
});

describe('URIs', () => {
  test('equal bytes give the same string; a string of the table is never mistaken for another', () => {
    for (let n = 0; n < 20_000; n++)
      expect(decode<Call>(`[48,1,{},"com.app.topic${n % 9000}"]`).procedure).toBe(`com.app.topic${n % 9000}`);
  });

  test.each([
    ['"a\\u002eb"', 'a.b'],
    ['"\\/"', '/'],
    ['"ключ.é😀"', 'ключ.é😀'],
    ['""', ''],
    [JSON.stringify('x'.repeat(1000)), 'x'.repeat(1000)],
    ['"\\ud800"', '\ud800'],
  ])('BP-URI-01: %s is a string like any other', (text, uri) => {
    expect(decode<Call>(`[48,1,{},${text}]`).procedure).toBe(uri);
    expect(decode<Call>(encode(decode<Call>(`[48,1,{},${text}]`))).procedure).toBe(uri);
  });
});

describe('payload', () => {
  test.each([
    ['[70,1,{}]', 0],
    ['[70,1,{},[]]', 0],
    ['[70,1,{},[],{}]', 0],
    ['[70,1,{},[ ],{\n}]', 0],
    ['[70, 1, {}, [ ] , { } ]', 0],
    ['[70,1,{},[1]]', 1],
    ['[70,1,{},[1],{}]', 1],
    ['[70,1,{},[],{"a":1}]', 2],
  ])('BP-MSG-02: %s has %d payload elements', (text, count) => {
    expect(decode<Yield>(text).payload.count).toBe(count);
  });

  test('the bytes stay as they came, from Arguments to the end', () => {
    const { payload } = decode<Yield>('[70,1,{},[ 1.0,\n"\\u0041" ] ,{"a" : 2}]');
    const text = Buffer.from(payload.bytes as Uint8Array)
      .subarray(payload.start, payload.end)
      .toString();
    expect(text).toBe('[ 1.0,\n"\\u0041" ] ,{"a" : 2}');
    expect(encode(new Yield(5, {}, payload))).toBe(`[70,5,{},${text}]`);
  });

  test('A18: one bare binary stands for Arguments where the dict says that the payload is opaque', () => {
    const event = decode<Event>('[36,1,2,{"enc_algo":"x"},"\\u0000AQI="]');
    expect([event.payload.isBinary, event.payload.count]).toEqual([true, 1]);
    expect(event.payload.args()).toEqual([new Uint8Array([1, 2])]);
    expect(encode(event)).toBe('[36,1,2,{"enc_algo":"x"},"\\u0000AQI="]');
    for (const odd of ['{}', '{"enc_algo":1}'])
      expect(() => decode(`[36,1,2,${odd},"\\u0000AQI="]`)).toThrow('EVENT: Arguments must be a list');
    expect(() => decode('[36,1,2,{"enc_algo":"x"},"AQI="]')).toThrow(ProtocolError);
    expect(() => decode('[36,1,2,{"enc_algo":"x"},"\\u0000AQI=",{}]')).toThrow(ProtocolError);
  });
});

describe('refusals', () => {
  test.each([
    ['', 'a message must be a list'],
    ['{}', 'a message must be a list'],
    ['[]', 'a message must not be an empty list'],
    ['[ ]', 'a message must not be an empty list'],
    ['[48]', 'CALL: wrong number of elements'],
    ['[48,1,{},"a",[],{},1]', 'CALL: wrong number of elements'],
    ['[32,1,{},"a",[]]', 'SUBSCRIBE: wrong number of elements'],
    [`[48${',1'.repeat(5000)}]`, 'CALL: wrong number of elements'],
    ['[99,1]', 'unknown message type 99'],
    ['["48",1,{},"a"]', 'unknown message type 48'],
    ['[48,1,{},"a",{}]', 'CALL: Arguments must be a list'],
    ['[48,1,{},"a",null]', 'CALL: Arguments must be a list'],
    ['[48,1,{},"a",[],[]]', 'CALL: ArgumentsKw must be a dict'],
    ['[48,1,{},"a"]]', 'bytes after the message, at byte 13'],
    ['[48,1,{},"a"][]', 'bytes after the message'],
    ['[48,1,{},"a",]', 'a value was expected, at byte 13'],
    ['[48,1,{},"a",[1 2]]', '"," or "]" was expected, at byte 16'],
    ['[48,1,{},"a",[{"a" 1}]]', '":" was expected, at byte 19'],
    ['[48,1,{},"a",[{1:1}]]', 'a key was expected, at byte 15'],
    ['[48,1,{},"a",["\u0001"]]', 'a control character in a string, at byte 15'],
    ['[48,1,{},"a",["\\x"]]', 'an escape that JSON does not have'],
    ['[48,1,{},"a",["\\u12g4"]]', 'an escape that JSON does not have'],
    ['[48,1,{},"a",[01]]', '"," or "]" was expected, at byte 15'],
    ['[48,1,{},"a",[-]]', 'a digit was expected, at byte 15'],
    ['[48,1,{},"a",[1.]]', 'a digit was expected, at byte 16'],
    ['[48,1,{},"a",[1e+]]', 'a digit was expected, at byte 17'],
    ['[48,1,{},"a",[nul]]', 'a value was expected, at byte 14'],
    ['[48,1,{},"a",["abc]]', 'the text ends within a string, at byte 20'],
    ['[48,1,{},"a",[[]', 'the text ends within'],
    ['\ufeff[48,1,{},"a"]', 'a message must be a list'],
    ['[8,5,1,{},"a"]', 'ERROR: element 1 must be the type of a request'],
  ])('BP-PERR-05, BP-SER-05: %s is refused: %s', (text, fault) => {
    expect(() => decode(text)).toThrow(ProtocolError);
    expect(() => decode(text)).toThrow(fault);
  });

  test('BP-SER-05: what is not UTF-8 is refused, wherever it is', () => {
    for (const text of ['[70,1,{},["?"]]', '[70,1,{"_a":"?"}]', '[48,1,{},"?"]', '[70,1,{},["?"],{"?":1}]']) {
      const bytes = Buffer.from(text).map((byte) => (byte === 0x3f ? 0xff : byte));
      expect(() => jsonSerializer.decode(bytes, 0, bytes.length)).toThrow('not UTF-8');
    }
  });

  test.each(['[', '{"a":'])(
    'nesting in %s beyond the limit is refused, however deep, without recursion',
    (open) => {
      const close = open === '[' ? ']' : '}';
      const nested = (depth: number) => open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth);
      expect(decode<Yield>(`[70,1,{},[${nested(MAX_DEPTH - 1)}]]`).payload.args()).toHaveLength(1);
      expect(() => decode(`[70,1,{},[${nested(MAX_DEPTH)}]]`)).toThrow(
        `nested deeper than ${MAX_DEPTH} levels`,
      );
      expect(() => decode(`[70,1,{},[${nested(1_000_000)}]]`)).toThrow(
        `nested deeper than ${MAX_DEPTH} levels`,
      );
      expect(() => decode(`[70,1,{},${open.repeat(1_000_000)}]`)).toThrow(ProtocolError);
    },
  );

  test('an integer of too many digits is refused; a fraction of as many is not', () => {
    const digits = '9'.repeat(MAX_INTEGER_DIGITS);
    expect(decodeArgs(`[${digits}]`)).toEqual([BigInt(digits)]);
    expect(() => decodeArgs(`[${digits}9]`)).toThrow(`an integer of more than ${MAX_INTEGER_DIGITS} digits`);
    expect(decodeArgs(`[0.${digits}9]`)).toEqual([1]);
  });

  test('long strings are checked to their last byte, at every alignment', () => {
    for (let offset = 0; offset < 4; offset++) {
      for (const at of [0, 47, 48, 49, 50, 51, 300, 700, 1996, 1997, 1998, 1999]) {
        for (const odd of ['\u0001', '\u001f', '\\', '"']) {
          const text = `[70,1,{},["${'x'.repeat(at)}${odd}${'y'.repeat(1999 - at)}"]]`;
          const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
          expect(() => jsonSerializer.decode(bytes, offset, bytes.length)).toThrow(ProtocolError);
        }
        for (const fine of [' ', '!', '#', '[', ']', '\u007f', 'é', '😀', '\\"', '\\\\']) {
          const text = `[70,1,{},["${'x'.repeat(at)}${fine}${'y'.repeat(1999 - at)}"]]`;
          const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
          const decoded = jsonSerializer.decode(bytes, offset, bytes.length) as Yield;
          expect(decoded.payload.args()).toEqual((JSON.parse(text) as unknown[])[3]);
        }
      }
    }
  });
});

describe('values', () => {
  test.each([
    ['9007199254740992', 2 ** 53],
    ['9007199254740993', 2n ** 53n + 1n],
    ['-9007199254740992', -(2 ** 53)],
    ['-9007199254740993', -(2n ** 53n) - 1n],
    ['18446744073709551615', 2n ** 64n - 1n],
    ['0.5', 0.5],
    ['1234567890123456.5', 1234567890123456.5],
    ['1.00000000000000000001', 1],
    ['12345678901234567890e-10', 1234567890.1234567],
    ['-0', -0],
    ['1e400', Number.POSITIVE_INFINITY],
    ['"1234567890123456789"', '1234567890123456789'],
  ])('BP-SER-04: %s is read exactly', (text, value) => {
    expect(decodeArgs(`[${text}, {"k": [${text}]}]`)).toEqual([value, { k: [value] }]);
  });

  test.each([
    [2n ** 53n + 1n, '9007199254740993'],
    [5n, '5'],
    [-0, '-0'],
    [2 ** 53, '9007199254740992'],
    [2 ** 60, '1.152921504606847e+18'],
    [1e300, '1e+300'],
    [undefined, 'null'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [{ a: undefined, b: 1n }, '{"b":1}'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [new Uint8Array([1, 2]), '"\\u0000AQI="'],
    [new Uint8Array([1, 2]).buffer, '"\\u0000AQI="'],
    [Buffer.from([1, 2]), '"\\u0000AQI="'],
    ['\ud800', '"\\ud800"'],
    [[1n, { 'a"b': [2n] }], '[1,{"a\\"b":[2]}]'],
  ])('BP-SER-04: %s is written as %s', (value, text) => {
    expect(encodeArgs(value)).toBe(`[${text}]`);
  });

  test('JBIN-01, A28: the vector, at any depth, both ways', () => {
    const bytes = Uint8Array.from(Buffer.from('10e3ff9053075c526f5fc06d4fe37cdb', 'hex'));
    const text = '"\\u0000EOP/kFMHXFJvX8BtT+N82w=="';
    expect(encodeArgs(bytes, { k: [bytes] })).toBe(`[${text},{"k":[${text}]}]`);
    expect(decodeArgs(`[${text},{"k":[${text}]}]`)).toEqual([bytes, { k: [bytes] }]);
    expect(decodeArgs(`[${text.replaceAll('/', '\\/')}]`)).toEqual([bytes]);
    expect(decodeArgs('["\\u0000"]')).toEqual([new Uint8Array(0)]);
  });

  test('JBIN-01: text beside binary keeps its escapes', () => {
    const text = ['\\', '\\\\', '"', '\\"', 'a\\"b', '\n\u2028', '', '/'];
    const written = encodeArgs(new Uint8Array([255, 255]), ...text, { '\\"': '"\\' });
    expect(decodeArgs(written)).toEqual([new Uint8Array([255, 255]), ...text, { '\\"': '"\\' }]);
  });

  test.each(['A', 'AQ', 'AQI', 'AQ=I', 'AQI=AQI=', 'AQ===', '=', 'AQ-_', 'AQ I', 'AQ\\n=', '\\u0041QI='])(
    'JBIN-02: "\\u0000%s" is no base64',
    (text) => {
      expect(() => decodeArgs(`["\\u0000${text}"]`)).toThrow(/base64/);
      expect(() => decodeArgs(`[{"k":["\\u0000${text}"]}]`)).toThrow(ProtocolError);
    },
  );

  test('JBIN-01: keys and later U+0000 are text', () => {
    expect(decodeArgs('[{"\\u0000!":"a\\u0000!"}]')).toEqual([{ '\0!': 'a\0!' }]);
    expect(encodeArgs({ '\0!': 'a\0!' })).toBe('[{"\\u0000!":"a\\u0000!"}]');
  });

  const cyclic: unknown[] = [];
  cyclic.push({ again: cyclic });
  test.each([
    [[Number.NaN], 'args[0]: NaN has no form in json'],
    [[1, { x: Number.POSITIVE_INFINITY }], 'args[1].x: Infinity has no form in json'],
    [[{ 'a b': [() => 1] }], 'args[0]["a b"][0]: a function has no form in WAMP'],
    [[Symbol('s')], 'args[0]: a symbol has no form in WAMP'],
    [['\0binary?'], 'args[0]: a string that starts with U+0000 has no form in json'],
    [[new Map()], 'args[0]: a Map has no form in WAMP'],
    [[Promise.resolve()], 'args[0]: a Promise has no form in WAMP'],
    [[new Float32Array(1)], 'args[0]: a typed array other than Uint8Array; send its bytes'],
    [[10n ** 2000n], `args[0]: an integer of more than ${MAX_INTEGER_DIGITS} digits`],
    [cyclic, 'nested deeper than 256 levels, or in a cycle'],
  ])('BP-SER-05: %o is refused, naming its place', (args, message) => {
    const encodeThem = () => encode(new Yield(1, {}, Payload.of(args)));
    expect(encodeThem).toThrow(WampError);
    expect(encodeThem).toThrow(message);
    expect(encodeThem).toThrow(expect.objectContaining({ uri: ErrorUri.InvalidArgument }));
  });

  test('ArgumentsKw is named kwargs, options are named options', () => {
    expect(() => encode(new Yield(1, {}, Payload.of([], { x: Number.NaN })))).toThrow('kwargs.x: NaN');
    expect(() => encode(new Yield(1, { _x: Number.NaN }))).toThrow('options._x: NaN');
  });

  test('what is nested as deep as can be goes out and comes back', () => {
    let value: unknown = 1n;
    for (let n = 1; n < MAX_DEPTH; n++) value = [value];
    expect(decodeArgs(encodeArgs(value))).toHaveLength(1);
    expect(() => encodeArgs([value])).toThrow('nested deeper');
  });

  test('a dict that is not frozen is written anew each time', () => {
    const options: Record<string, unknown> = { _n: 1 };
    const publish = new Publish(1, options, 'a');
    expect(encode(publish)).toBe('[16,1,{"_n":1},"a"]');
    options._n = 2;
    expect(encode(publish)).toBe('[16,1,{"_n":2},"a"]');
  });
});
