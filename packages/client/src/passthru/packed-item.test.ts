import { WampError } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyRing } from '../e2ee.js';
import { webJsonSerializer } from '../web-json.js';
import { decodeItem, encodeItem } from './packed-item.js';

const serializers = [
  ['json', jsonSerializer],
  ['json in browsers', webJsonSerializer],
  ['msgpack', msgpackSerializer],
  ['cbor', cborSerializer],
] as const;
const value = fc
  .jsonValue({ noUnicodeString: false })
  .filter((one) => !JSON.stringify(one).includes('\\u0000'));

describe.each(serializers)('%s', (_name, serializer) => {
  test('PPT-05: a value is what was packed', () => {
    fc.assert(
      fc.property(value, (one) => {
        // JSON knows no negative zero
        const expected = JSON.parse(JSON.stringify(one));
        expect(decodeItem(serializer, encodeItem(serializer, expected))).toEqual(expected);
      }),
    );
  });

  test('PPT-08: whatever the bytes are, they are a value or an error of ours', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.string().map((text) => new TextEncoder().encode(text)),
      fc
        .tuple(value, fc.nat(), fc.nat(255))
        .map(([one, at, byte]) => changed(encodeItem(serializer, one), at, byte)),
    );
    fc.assert(
      fc.property(bytes, (all) => {
        try {
          encodeItem(serializer, decodeItem(serializer, all));
        } catch (error) {
          expect(error).toBeInstanceOf(WampError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('PPT-08: whatever is changed of an encrypted payload, it is not decrypted', () => {
  const secret = new Uint8Array(32).fill(9);
  for (const cipher of ['xsalsa20poly1305', 'aes256gcm'] as const) {
    const ring = keyRing([{ uri: '', keys: [{ id: 'k', secret, cipher }] }]);
    fc.assert(
      fc.property(fc.array(value), fc.nat(), fc.integer({ min: 1, max: 255 }), (args, at, mask) => {
        const { args: sealed, options } = ring.seal('com.example', { args });
        const [bytes] = sealed;
        expect(ring.open('com.example', options, { args: [bytes] }).args).toEqual(args);
        const byte = (bytes[at % bytes.length] as number) ^ mask;
        const open = () => ring.open('com.example', options, { args: [changed(bytes, at, byte)] });
        expect(open).toThrow('another key, or has been changed');
      }),
    );
  }
});

function changed(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at % bytes.length] = byte;
  return copy;
}
