import { type Check, type CheckContext, must, should, within } from '../check.js';
import type { SerializerName } from '../codec.js';
import { Code } from '../message-code.js';
import { CheckFailure, equal, inText, ok, skip } from '../outcome.js';

const values: readonly (readonly [string, unknown])[] = [
  ['null, booleans and empty values', [null, true, false, '', [], {}]],
  ['integers to 2^53 - 1', [0, 1, -1, 127, 128, -129, 65_536, 2 ** 31, 2 ** 32, -(2 ** 40), 2 ** 53 - 1]],
  ['floats', [0.5, -1.25, 1e100, 5e-324, 1.7976931348623157e308]],
  ['text of every plane', ['ünï', '日本語', '\u{1f600}', '"\\/\b\f\n\r\t', '\u2028\u2029', 'a\u0001b']],
  ['nested lists and dicts', [[[[{ a: [{ b: { c: [1, [2, [3]]] } }] }]]]]],
  ['long text', ['x'.repeat(70_000)]],
  [
    'a dict of many keys',
    [Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key${index}`, index]))],
  ],
];

const binary = new Uint8Array([0, 1, 2, 127, 128, 255]);

/* An EVENT and a RESULT must bring the values as they were sent. */
async function carries(t: CheckContext, to: SerializerName, args: readonly unknown[]): Promise<void> {
  const [sender, receiver] = [await t.join(), await joinIn(t, to)];
  const kwargs = { value: args[0] };
  await receiver.subscribe(t.uri());
  sender.publish(t.uri(), args, kwargs);
  equal((await receiver.event()).message.slice(4), [args, kwargs], `payload of EVENT in ${to}`);
  await receiver.register(t.uri());
  const call = sender.call(t.uri(), args, kwargs);
  const { request, message } = await receiver.invocation();
  equal(message.slice(4), [args, kwargs], `payload of INVOCATION in ${to}`);
  receiver.yield(request, args, kwargs);
  equal((await sender.result(call)).slice(3), [args, kwargs], 'payload of RESULT');
}

async function joinIn(t: CheckContext, serializer: SerializerName) {
  try {
    return await t.join({ serializer });
  } catch (error) {
    if (error instanceof CheckFailure) skip(`no session in ${serializer}: ${error.message}`);
    throw error;
  }
}

const serializers: readonly SerializerName[] = ['json', 'msgpack', 'cbor'];

/* The first octet of a value after `[code, ` in a message of three elements. */
function integerMarker(t: CheckContext, bytes: Uint8Array): string {
  if (t.codec.name === 'json')
    return /^\s*\[\s*\d+\s*,\s*\d+\s*,/.test(Buffer.from(bytes).toString()) ? 'integer' : 'float';
  const marker = bytes[2]!;
  const isFloat = t.codec.name === 'msgpack' ? marker === 0xca || marker === 0xcb : marker >= 0xe0;
  return isFloat ? 'float' : 'integer';
}

/* Bytes that are no message in each serializer, as hex or text. */
const malformed: readonly (readonly [
  string,
  Readonly<Partial<Record<SerializerName, string | readonly number[]>>>,
])[] = [
  ['nothing at all', { json: '', msgpack: [], cbor: [] }],
  [
    'a cut message',
    { json: '[16,1,{},"a.b"', msgpack: [0x94, 0x10, 0x01, 0x80], cbor: [0x84, 0x10, 0x01, 0xa0] },
  ],
  [
    'bytes after the message',
    {
      json: '[16,1,{},"a.b"]]',
      msgpack: [0x94, 0x10, 0x01, 0x80, 0xa3, 0x61, 0x2e, 0x62, 0x00],
      cbor: [0x84, 0x10, 0x01, 0xa0, 0x63, 0x61, 0x2e, 0x62, 0x00],
    },
  ],
  ['a broken token', { json: '[16,1,{},"a.b",[nul]]', msgpack: [0x91, 0xc1], cbor: [0x81, 0x1c] }],
  [
    'a cut payload',
    {
      json: '[16,1,{},"a.b",["x]]',
      msgpack: [0x95, 0x10, 0x01, 0x80, 0xa3, 0x61, 0x2e, 0x62, 0x91, 0xa5, 0x78],
      cbor: [0x85, 0x10, 0x01, 0xa0, 0x63, 0x61, 0x2e, 0x62, 0x81, 0x65, 0x78],
    },
  ],
  [
    'text that is not UTF-8 in the payload',
    {
      msgpack: [0x95, 0x10, 0x01, 0x80, 0xa3, 0x61, 0x2e, 0x62, 0x91, 0xa2, 0xc3, 0x28],
      cbor: [0x85, 0x10, 0x01, 0xa0, 0x63, 0x61, 0x2e, 0x62, 0x81, 0x62, 0xc3, 0x28],
    },
  ],
  [
    'a key that is no string in the payload',
    {
      json: '[16,1,{},"a.b",[],{1:2}]',
      msgpack: [0x96, 0x10, 0x01, 0x80, 0xa3, 0x61, 0x2e, 0x62, 0x90, 0x81, 0x01, 0x02],
      cbor: [0x86, 0x10, 0x01, 0xa0, 0x63, 0x61, 0x2e, 0x62, 0x80, 0xa1, 0x01, 0x02],
    },
  ],
  ['single quotes', { json: "[16,1,{},'a.b']" }],
  ['a comma too many', { json: '[16,1,{},"a.b",[1,]]' }],
  ['NaN', { json: '[16,1,{},"a.b",[NaN]]' }],
  ['a control character in a string', { json: '[16,1,{},"a.b",["\n"]]' }],
];

const boolOptions: readonly (readonly [string, unknown])[] = [
  ['1', 1],
  ['0', 0],
  ['"true"', 'true'],
  ['null', null],
];

/** Serializers: requirements BP-SER. */
export const basicSerialization: readonly Check[] = [
  ...serializers.flatMap((serializer) =>
    within({ serializers: serializers.filter((other) => other !== serializer) }, [
      should('BP-SER-01', `the router speaks ${serializer} too`, async (t) => {
        await t.join({ serializer });
      }),
    ]),
  ),
  must('BP-SER-02', 'WELCOME.Session goes out as an integer', async (t) => {
    const connection = await t.connect();
    connection.send([Code.HELLO, t.realm, { roles: { caller: {} } }]);
    const { bytes, message } = await connection.nextReceived('WELCOME');
    equal(message[0], Code.WELCOME, 'type of the reply to HELLO');
    equal(integerMarker(t, bytes), 'integer', `encoding of the session id in ${inText(bytes)}`);
  }),
  must('BP-SER-02', 'EVENT.Subscription goes out as an integer', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    await subscriber.subscribe(t.uri());
    publisher.publish(t.uri());
    const { bytes } = await subscriber.connection.nextReceived('EVENT');
    ok(
      t.codec.name === 'json' || integerMarker(t, bytes.subarray(bytes[1] === 0x18 ? 1 : 0)) === 'integer',
      inText(bytes),
    );
  }),
  ...boolOptions.map(([name, value]) =>
    must(
      'BP-SER-03',
      `${name} is no bool: as PUBLISH.Options.acknowledge it is a protocol violation`,
      async (t) => {
        const session = await t.join();
        session.request(Code.PUBLISH, { acknowledge: value }, t.uri());
        await session.connection.violation();
      },
    ),
  ),
  ...values.map(([name, args]) =>
    must('BP-SER-04', `${name} arrive unchanged`, (t) => carries(t, t.codec.name, args as unknown[])),
  ),
  ...serializers.flatMap((to) =>
    within(
      { serializers: serializers.filter((from) => from !== to) },
      values
        .slice(0, 5)
        .map(([name, args]) =>
          must('BP-SER-04', `${name} cross to ${to} and back unchanged`, (t) =>
            carries(t, to, args as unknown[]),
          ),
        ),
    ),
  ),
  ...serializers.map((to) =>
    must('BP-SER-04', `binary reaches a session in ${to} as binary`, (t) =>
      carries(t, to, [binary, { b: [binary] }]),
    ),
  ),
  // JSON numbers of this width are no integers to most readers.
  ...within({ serializers: ['msgpack', 'cbor'] }, [
    must('BP-SER-04', 'integers of 64 bits arrive unchanged', (t) =>
      carries(t, t.codec.name, [2n ** 63n - 1n, -(2n ** 63n), 2n ** 64n - 1n]),
    ),
  ]),
  ...malformed.flatMap(([name, forms]) =>
    within({ serializers: serializers.filter((serializer) => serializer in forms) }, [
      must('BP-SER-05', `${name} is a protocol violation`, async (t) => {
        const form = forms[t.codec.name] ?? [];
        const session = await t.join();
        session.connection.sendBytes(typeof form === 'string' ? Buffer.from(form) : Uint8Array.from(form));
        await session.connection.violation();
      }),
    ]),
  ),
];
