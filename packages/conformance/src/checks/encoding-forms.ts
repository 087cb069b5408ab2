import { type Check, must, within } from '../check.js';
import type { SerializerName } from '../codec.js';
import { Code } from '../message-code.js';
import { equal } from '../outcome.js';

type Part = string | readonly number[];

/* Ways to write one message that a serializer allows and few senders use. `uri` is put in as text. */
interface Form {
  readonly name: string;
  /** What comes before and after the text of the URI, its length included. */
  readonly write: (uri: string) => readonly Part[];
}

const ascii = (text: string) => [...Buffer.from(text)];
const uint32 = (value: number) => [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];

/* PUBLISH 1 with acknowledge, Arguments [1, "x"] and ArgumentsKw {"k": [null]}. */
const forms: Readonly<Record<SerializerName, readonly Form[]>> = {
  json: [
    {
      name: 'white space everywhere',
      write: (uri) => [
        `\n\t [ 16 ,\r\n1\t, { "acknowledge" : true } , "${uri}" , [ 1 , "x" ] , { "k" : [ null ] } ] \n`,
      ],
    },
    {
      name: 'escapes in keys and URI',
      write: (uri) => [
        `[16,1,{"\\u0061cknowledge":true},"${uri.replaceAll('.', '\\u002e')}",[1,"\\u0078"],{"\\u006b":[null]}]`,
      ],
    },
  ],
  msgpack: [
    {
      name: 'the longest form of each length and integer',
      write: (uri) => [
        [0xdd, ...uint32(6), 0xcd, 0, 16, 0xcf, 0, 0, 0, 0, 0, 0, 0, 1],
        [0xdf, ...uint32(1), 0xdb, ...uint32(11), ...ascii('acknowledge'), 0xc3],
        [0xdb, ...uint32(uri.length), ...ascii(uri)],
        [0xdd, ...uint32(2), 0xd3, 0, 0, 0, 0, 0, 0, 0, 1, 0xdb, ...uint32(1), 0x78],
        [0xdf, ...uint32(1), 0xda, 0, 1, 0x6b, 0xdc, 0, 1, 0xc0],
      ],
    },
    {
      name: 'signed integers and strings of 8 bits',
      write: (uri) => [
        [0x96, 0xd0, 16, 0xd1, 0, 1, 0x81, 0xd9, 11, ...ascii('acknowledge'), 0xc3],
        [0xd9, uri.length, ...ascii(uri), 0xdc, 0, 2, 0xd2, ...uint32(1), 0xd9, 1, 0x78],
        [0xde, 0, 1, 0xd9, 1, 0x6b, 0x91, 0xc0],
      ],
    },
  ],
  cbor: [
    {
      name: 'the longest form of each length and integer',
      write: (uri) => [
        [0x9a, ...uint32(6), 0x19, 0, 16, 0x1b, 0, 0, 0, 0, 0, 0, 0, 1],
        [0xba, ...uint32(1), 0x7a, ...uint32(11), ...ascii('acknowledge'), 0xf5],
        [0x7a, ...uint32(uri.length), ...ascii(uri)],
        [0x9b, 0, 0, 0, 0, ...uint32(2), 0x1a, ...uint32(1), 0x79, 0, 1, 0x78],
        [0xb9, 0, 1, 0x78, 1, 0x6b, 0x98, 1, 0xf6],
      ],
    },
    {
      // The payload has no string of this kind: it may reach readers that know none.
      name: 'lists, dicts and strings of indefinite length',
      write: (uri) => [
        [0x9f, 0x10, 0x01, 0xbf, 0x7f, 0x63, ...ascii('ack'), 0x68, ...ascii('nowledge'), 0xff, 0xf5, 0xff],
        [0x7f, 0x78, uri.length - 2, ...ascii(uri.slice(0, -2)), 0x62, ...ascii(uri.slice(-2)), 0xff],
        [0x9f, 0x01, 0x61, 0x78, 0xff, 0xbf, 0x61, 0x6b, 0x9f, 0xf6, 0xff, 0xff, 0xff],
      ],
    },
  ],
};

function bytesOf(parts: readonly Part[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Uint8Array.from(part))),
  );
}

const serializers = Object.keys(forms) as SerializerName[];

/** Encodings that a serializer allows and few senders use: requirement BP-SER-01. */
export const encodingForms: readonly Check[] = serializers.flatMap((serializer) =>
  within(
    { serializers: [serializer] },
    forms[serializer].flatMap(({ name, write }) =>
      serializers.map((to) =>
        must(
          'BP-SER-01',
          `a message with ${name} in ${serializer} is understood, also by a session in ${to}`,
          async (t) => {
            const [publisher, subscriber] = [await t.join(), await t.join({ serializer: to })];
            await subscriber.subscribe(t.uri());
            publisher.connection.sendBytes(bytesOf(write(t.uri())));
            await publisher.reply(Code.PUBLISHED, 1);
            equal((await subscriber.event()).message.slice(4), [[1, 'x'], { k: [null] }], 'payload of EVENT');
          },
        ),
      ),
    ),
  ),
);
