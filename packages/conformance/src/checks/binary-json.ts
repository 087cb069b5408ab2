import { type Check, type CheckContext, must, should, within } from '../check.js';
import type { SerializerName } from '../codec.js';
import { Code } from '../message-code.js';
import { CheckFailure, equal, skip } from '../outcome.js';

const samples: readonly (readonly [hex: string, text: string])[] = [
  ['10e3ff9053075c526f5fc06d4fe37cdb', '\0EOP/kFMHXFJvX8BtT+N82w=='],
  ['', '\0'],
  ['00', '\0AA=='],
  ['fbff', '\0+/8='],
];

/* The JSON text of a payload's first argument as a subscriber receives it, published as binary in another serializer. */
async function asJson(t: CheckContext, from: SerializerName, bytes: Uint8Array): Promise<unknown> {
  const subscriber = await t.join({ serializer: 'json' });
  const publisher = await t.join({ serializer: from });
  await subscriber.subscribe(t.uri());
  publisher.publish(t.uri(), [bytes, { nested: [bytes] }]);
  const received = await subscriber.connection.nextReceived('EVENT');
  return (JSON.parse(Buffer.from(received.bytes).toString()) as unknown[])[4];
}

function needsOther(t: CheckContext): SerializerName {
  return t.codec.name === 'json' ? 'msgpack' : t.codec.name;
}

async function orSkip<T>(what: Promise<T>): Promise<T> {
  return what.catch((error: unknown) => {
    if (error instanceof CheckFailure && /^no (WebSocket|RawSocket)/.test(error.message)) skip(error.message);
    throw error;
  });
}

/** Binary in JSON: requirements JBIN. */
export const binaryJson: readonly Check[] = [
  ...samples.map(([hex, text]) =>
    must(
      'JBIN-01',
      `the bytes "${hex}" reach a JSON session as ${JSON.stringify(text)}, nested ones too`,
      async (t) => {
        const args = await orSkip(asJson(t, needsOther(t), Uint8Array.from(Buffer.from(hex, 'hex'))));
        equal(args, [text, { nested: [text] }], 'Arguments in JSON');
      },
    ),
  ),
  ...samples.map(([hex, text]) =>
    must(
      'JBIN-01',
      `${JSON.stringify(text)} of a JSON session reaches others as the bytes "${hex}"`,
      async (t) => {
        const subscriber = await orSkip(t.join({ serializer: needsOther(t) }));
        const publisher = await orSkip(t.join({ serializer: 'json' }));
        await subscriber.subscribe(t.uri());
        const topic = JSON.stringify(t.uri());
        publisher.connection.sendBytes(
          Buffer.from(`[${Code.PUBLISH},1,{},${topic},[${JSON.stringify(text)}]]`),
        );
        const [value] = (await subscriber.event()).message[4] as unknown[];
        equal(value, Uint8Array.from(Buffer.from(hex, 'hex')), 'the first argument');
      },
    ),
  ),
  ...within({ serializers: ['json'] }, [
    should('JBIN-02', 'what follows U+0000 and is no base64 is a protocol violation', async (t) => {
      const other = await orSkip(t.join({ serializer: 'msgpack' }));
      await other.subscribe(t.uri());
      const session = await t.join();
      session.connection.sendBytes(Buffer.from(`[${Code.PUBLISH},1,{},"${t.uri()}",["\\u0000not base64!"]]`));
      await session.connection.violation();
      await other.nothingElse('at the subscriber');
    }),
  ]),
];
