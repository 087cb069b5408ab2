import { expect, test } from 'vitest';
import * as cbor from './cbor/index.js';
import * as json from './index.js';
import * as msgpack from './msgpack/index.js';

test('BP-SER-01: the entries export what they promise, and the serializers say what they are', () => {
  expect(Object.keys(json).sort()).toEqual([
    'CACHED_DICTS',
    'CACHED_STRINGS',
    'MAX_CACHED_DICT_BYTES',
    'MAX_CACHED_STRING_BYTES',
    'MAX_DEPTH',
    'MAX_INTEGER_BYTES',
    'MAX_INTEGER_DIGITS',
    'jsonSerializer',
  ]);
  expect(Object.keys(msgpack)).toEqual(['MsgpackExtension', 'msgpackSerializer']);
  expect(Object.keys(cbor)).toEqual(['cborSerializer']);
  const all = [json.jsonSerializer, msgpack.msgpackSerializer, cbor.cborSerializer];
  // BP-TRN-03
  expect(all.map(({ name, binary }) => [name, binary])).toEqual([
    ['json', false],
    ['msgpack', true],
    ['cbor', true],
  ]);
});
