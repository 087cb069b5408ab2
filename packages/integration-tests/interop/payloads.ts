import type { ForeignError, ForeignPayload } from './foreign-client.js';

/** Values that every client and serializer can tell apart. */
export const plain: ForeignPayload = {
  args: [
    null,
    true,
    false,
    0,
    -1,
    1.5,
    4_294_967_296,
    Number.MAX_SAFE_INTEGER,
    -Number.MAX_SAFE_INTEGER,
    '',
    'ünïcode ☃ 𝄞',
  ],
  kwargs: { nested: { list: [1, [2, [3, null]]], empty: {}, 'key ☃': [] }, none: null },
};

/** Text of every width in UTF-8, combining marks, both directions, controls, noncharacters. */
export const unicode: ForeignPayload = {
  args: [
    'ß',
    '中文',
    '𝄞🎼👩‍👩‍👧',
    'e\u0301',
    'שלום عالم',
    'a\u0000b\u001f\u007f\u0085',
    '\ufeff\uffff\u2028\u2029',
    '"\\/<&>',
  ],
  kwargs: { 'clé 𝄞': 'значение', '': 'empty key' },
};

/** The ends of signed and unsigned 64 bits, and what a double cannot hold. */
export const bigIntegers: ForeignPayload = {
  args: [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 53n + 1n],
  kwargs: { most: 2n ** 64n - 1n },
};

/** Bytes that are not text. */
export const binary: ForeignPayload = { args: [Uint8Array.from([0, 1, 127, 128, 255])], kwargs: {} };

/** An ERROR with payload. */
export const failure: ForeignError = {
  uri: 'com.example.error.failed',
  args: ['why', 42, null],
  kwargs: { hint: { a: [1] } },
};
