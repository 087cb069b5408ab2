import { jsonSerializer } from '@wampkit/serializer';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchFormatOf } from './batch-format.js';

const json = batchFormatOf(jsonSerializer);
const binary = batchFormatOf(msgpackSerializer);

function split(format: typeof json, bytes: Uint8Array): string[] {
  const messages: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = format.endOf(bytes, at);
    messages.push(Buffer.from(bytes.subarray(format.startOf(at), end)).toString('latin1'));
    at = format.nextAt(end);
  }
  return messages;
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

test('BAT-01: in JSON each message is followed by 0x1E', () => {
  expect(json.join([bytesOf('[1]'), bytesOf('[2]')])).toEqual(new Uint8Array(bytesOf('[1]\x1e[2]\x1e')));
});

test('BAT-01: in MessagePack and CBOR each message has a length of 32 bits before it, big-endian', () => {
  const long = 'x'.repeat(0x010203);
  const batch = Buffer.from(binary.join([bytesOf('ab'), bytesOf(long)]));
  expect(batch.subarray(0, 10).toString('hex')).toBe(`000000026162${'00010203'}`);
});

test('BAT-01: 0x18 separates JSON messages too', () => {
  expect(split(json, bytesOf('[1]\x18[2]\x1e[3]\x18'))).toEqual(['[1]', '[2]', '[3]']);
});

test('BAT-01: what was joined comes apart as it was', () => {
  const text = fc.stringMatching(/^[ -~]*$/);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1 }), fc.boolean(), (messages, isBinary) => {
      const format = isBinary ? binary : json;
      const batch = format.join(messages.map(bytesOf));
      expect(format.findFault(batch)).toBeNull();
      expect(split(format, batch)).toEqual(messages);
    }),
  );
});

describe.each([
  ['json', json],
  ['msgpack', binary],
] as const)('a batch in %s', (_, format) => {
  test('BAT-02: of no messages is faulty', () => {
    expect(format.findFault(new Uint8Array(0))).toBe('an empty batch');
  });

  test('BAT-02: that is cut off within a message is faulty, wherever', () => {
    const one = format.join([bytesOf('[1,2]')]).length;
    const batch = format.join([bytesOf('[1,2]'), bytesOf('[3]')]);
    for (let length = 1; length < batch.length; length++)
      expect(format.findFault(batch.subarray(0, length)) === null).toBe(length === one);
  });
});

test('BAT-02: a length beyond the end is faulty, also one that is more than 31 bits', () => {
  expect(binary.findFault(bytesOf('\xff\xff\xff\xffab'))).toBe('a batch that is cut off');
});
