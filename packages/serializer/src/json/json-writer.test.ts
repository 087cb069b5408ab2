import { ErrorMessage, Event, type Message, Publish, WampError } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import { jsonSerializer } from './json-serializer.js';

test.each<[string, Message]>([
  ['ERROR.Error', new ErrorMessage(48, 1, {}, '\u0000AQI=')],
  ['PUBLISH.Topic', new Publish(1, {}, '\u0000com.example')],
  ['EVENT.Details.topic', new Event(1, 2, { topic: '\u0000AQI=' })],
])('JBIN-02: %s that starts with U+0000 has no form in json', (_place, message) => {
  const encode = () => jsonSerializer.encodeInto(new Uint8Array(200), 0, message);
  expect(encode).toThrow(WampError);
  expect(encode).toThrow('U+0000');
});

test('JBIN-02: U+0000 elsewhere in a URI is written as it is', () => {
  const target = new Uint8Array(200);
  const end = jsonSerializer.encodeInto(target, 0, new Publish(1, {}, 'a\u0000b'));
  expect(jsonSerializer.decode(target, 0, end)).toMatchObject({ topic: 'a\u0000b' });
});
