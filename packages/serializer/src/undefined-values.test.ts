import type { Subscribe } from '@wampkit/protocol';
import { encode } from 'cbor-x';
import { pack } from 'msgpackr';
import { expect, test } from 'vitest';
import { cborSerializer } from './cbor/index.js';
import { msgpackSerializer } from './msgpack/index.js';

const message = [32, 1, { match: 'prefix', get_retained: undefined }, 'com.example'];

test.each([
  ['cbor', cborSerializer, encode(message)],
  ['msgpack', msgpackSerializer, pack(message)],
] as const)('BP-PERR-06: an option that %s carries as undefined is absent', (_name, serializer, bytes) => {
  const subscribe = serializer.decode(bytes, 0, bytes.length) as Subscribe;
  expect(subscribe.options).toEqual({ match: 'prefix' });
});

test.each([
  ['cbor', cborSerializer, encode([[1, undefined], { a: undefined, b: 1 }])],
  ['msgpack', msgpackSerializer, pack([[1, undefined], { a: undefined, b: 1 }])],
] as const)(
  'BP-SER-04: undefined in a payload of %s is null in a list, and no key of a dict',
  (_n, serializer, bytes) => {
    const { args, kwargs } = serializer.decodePayload(bytes, 1, bytes.length, 2);
    expect(args).toEqual([1, null]);
    expect(Object.keys(kwargs ?? {})).toEqual(['b']);
  },
);
