import {
  Call,
  CallError,
  Cancel,
  type Dict,
  ErrorMessage,
  Event,
  Interrupt,
  Invocation,
  type Message,
  MessageCode,
  Payload,
  Publish,
  Register,
  Registered,
  Result,
  Subscribe,
  Subscribed,
  Unsubscribe,
  Unsubscribed,
  Yield,
} from '@wampkit/protocol';
import { cborSerializer } from '@wampkit/serializer/cbor';
import { msgpackSerializer } from '@wampkit/serializer/msgpack';
import { expect, test, vi } from 'vitest';
import { result } from './index.js';
import { type PackingOptions, type PassthruOptions, passthru } from './passthru.js';
import { joinScripted } from './scripted/scripted-client.js';
import type { ScriptedPeer } from './scripted/scripted-peer.js';

const features = { payload_passthru_mode: true };
const able = { roles: { broker: { features }, dealer: { features } } };
const serializers = [msgpackSerializer, cborSerializer];

async function setUp(options: PackingOptions = { serializers }, welcome: Dict = able) {
  const onError = vi.fn();
  const scripted = await joinScripted({ payloads: passthru(options), onError }, welcome);
  return { ...scripted, onError };
}

/** JSON as one binary item. */
const json = (value: unknown): Payload => Payload.of([new TextEncoder().encode(JSON.stringify(value))]);
const read = ({ payload }: { payload: Payload }): unknown =>
  JSON.parse(new TextDecoder().decode(payload.args()[0] as Uint8Array));
const inJson: PassthruOptions = { ppt_scheme: 'x_test', ppt_serializer: 'json' };

async function registered(client: Awaited<ReturnType<typeof setUp>>['client'], router: ScriptedPeer) {
  const taken: unknown[] = [];
  const registering = client.register('com.example.p', (invocation) => {
    const { args, kwargs } = invocation;
    taken.push({ args, kwargs });
    if (args[0] === 'fail') throw Object.assign(new Error('no'), { uri: 'com.example.error', args: ['why'] });
    return result({ args: ['done'], kwargs: { k: 1 } });
  });
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  return taken;
}

async function subscribed(client: Awaited<ReturnType<typeof setUp>>['client'], router: ScriptedPeer) {
  const taken: unknown[] = [];
  const subscribing = client.subscribe('com.example.t', ({ args, kwargs }) => taken.push({ args, kwargs }));
  router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
  return { taken, subscription: await subscribing };
}

test('PPT-05: a call is packed as one binary item of args and kwargs, and its result unpacked', async () => {
  const { client, router } = await setUp();
  const calling = client.call('com.example.p', { args: [1, 'x'], kwargs: { k: null } }, inJson);
  const call = await router.expect(Call);
  expect(call.options).toEqual(inJson);
  expect([call.payload.args().length, call.payload.kwargs()]).toEqual([1, {}]);
  expect(read(call)).toEqual({ args: [1, 'x'], kwargs: { k: null } });
  router.send(new Result(call.request, { ...inJson }, json({ args: [2], kwargs: { r: 3 } })));
  expect(await calling).toMatchObject({ args: [2], kwargs: { r: 3 }, details: inJson });
});

test.each(serializers)('PPT-05: ppt_serializer $name', async (serializer) => {
  const { client, router } = await setUp();
  const options = { ppt_scheme: 'mqtt', ppt_serializer: serializer.name };
  const payload = { args: [1, new Uint8Array([1, 2]), 'ü'], kwargs: { n: { a: [null] } } };
  const calling = client.call('com.example.p', payload, options);
  const { request, payload: packed } = await router.expect(Call);
  expect(packed.args()).toEqual([expect.any(Uint8Array)]);
  router.send(new Result(request, options, packed));
  expect(await calling).toMatchObject(payload);
});

test('PPT-05: the bytes of a payload that is packed in cbor', async () => {
  const { client, router } = await setUp();
  const options = { ppt_scheme: 'wamp', ppt_serializer: 'cbor' };
  void client.call('com.example.p', { args: [1], kwargs: { k: 'v' } }, options).catch(() => {});
  const { payload } = await router.expect(Call);
  // a map of two: "args", a list of 1; "kwargs", a map of "k" and "v"
  const expected = 'a2' + '6461726773' + '8101' + '666b7761726773' + 'a1616b6176';
  expect(Buffer.from(payload.args()[0] as Uint8Array).toString('hex')).toBe(expected);
});

test('PPT-05: packed args and kwargs may be missing or null', async () => {
  const { client, router } = await setUp();
  const { taken } = await subscribed(client, router);
  for (const value of [{}, { args: null }, { kwargs: null }, { args: [1] }, { kwargs: { k: 1 } }])
    router.send(new Event(5, 1, { ...inJson }, json(value)));
  const nothing = { args: [], kwargs: {} };
  const all = [nothing, nothing, nothing, { args: [1], kwargs: {} }, { args: [], kwargs: { k: 1 } }];
  await vi.waitFor(() => expect(taken).toEqual(all));
});

test.each([
  ['one binary goes as it is', { args: [new Uint8Array([1])] }, [new Uint8Array([1])]],
  ['values go as one item', { args: [1], kwargs: { k: 2 } }, [{ args: [1], kwargs: { k: 2 } }]],
])('PPT-06: mqtt without a serializer is native: %s', async (_name, payload, wire) => {
  const { client, router } = await setUp();
  const calling = client.call('com.example.p', payload, { ppt_scheme: 'mqtt' });
  const call = await router.expect(Call);
  expect([call.options, call.payload.args()]).toEqual([{ ppt_scheme: 'mqtt' }, wire]);
  router.send(new Result(call.request, { ppt_scheme: 'mqtt' }, call.payload));
  expect(await calling).toMatchObject(payload);
});

test.each([[{ a: 1 }], [{ args: [1], other: 2 }], ['text'], [1, 2]])(
  'PPT-06: what comes natively and is no dict of args and kwargs stays as it is',
  async (...args: unknown[]) => {
    const { client, router } = await setUp();
    const { taken } = await subscribed(client, router);
    router.send(new Event(5, 1, { ppt_scheme: 'mqtt', ppt_serializer: 'native' }, Payload.of(args)));
    await vi.waitFor(() => expect(taken).toEqual([{ args, kwargs: {} }]));
  },
);

test('PPT-06: a scheme of the application packs in its own way', async () => {
  const { client, router } = await setUp({
    schemes: [
      {
        name: 'x_upper',
        pack: ({ args }) => new TextEncoder().encode(String(args[0]).toUpperCase()),
        unpack: (bytes, { ppt_keyid }) => ({ args: [new TextDecoder().decode(bytes), ppt_keyid] }),
      },
    ],
  });
  const options = { ppt_scheme: 'x_upper', ppt_cipher: 'rot0', ppt_keyid: 'k' };
  const calling = client.call('com.example.p', { args: ['abc'] }, options);
  const call = await router.expect(Call);
  expect([call.options, call.payload.args()]).toEqual([options, [new TextEncoder().encode('ABC')]]);
  router.send(new Result(call.request, options, call.payload));
  expect((await calling).args).toEqual(['ABC', 'k']);
});

test.each<[string, PassthruOptions]>([
  ['an unknown scheme', { ppt_scheme: 'other' }],
  ['a serializer that is not there', { ppt_scheme: 'x_a', ppt_serializer: 'flatbuffers' }],
  ['wamp without a serializer', { ppt_scheme: 'wamp' }],
  ['wamp in msgpack', { ppt_scheme: 'wamp', ppt_serializer: 'msgpack' }],
  ['a cipher without a key', { ppt_scheme: 'wamp', ppt_serializer: 'cbor', ppt_cipher: 'aes256gcm' }],
])('PPT-06: %s cannot be sent, and nothing is', async (_name, options) => {
  const { client, router } = await setUp();
  const refusal = { name: 'RequestError', uri: 'wamp.error.invalid_argument' };
  await expect(client.call('com.example.p', {}, options)).rejects.toMatchObject(refusal);
  await expect(client.publish('com.example.t', {}, options)).rejects.toMatchObject(refusal);
  void client.publish('com.example.t');
  expect((await router.expect(Publish)).request).toBe(1);
});

test('PPT-03: nothing is sent that way to a router that did not announce it', async () => {
  const { client, router } = await setUp({ serializers }, {});
  const refusal = { name: 'RequestError', uri: 'wamp.error.feature_not_supported' };
  await expect(client.call('com.example.p', {}, inJson)).rejects.toMatchObject(refusal);
  await expect(client.publish('com.example.t', {}, inJson)).rejects.toMatchObject(refusal);
  void client.call('com.example.p', { args: ['plain'] }).catch(() => {});
  expect((await router.expect(Call)).payload.args()).toEqual(['plain']);
});

test('PPT-02: a publication and its event', async () => {
  const { client, router } = await setUp();
  const { taken } = await subscribed(client, router);
  await client.publish('com.example.t', { args: [1] }, { ...inJson, retain: true });
  const { options, payload } = await router.expect(Publish);
  expect(options).toEqual({ ...inJson, retain: true });
  router.send(new Event(5, 1, { ...inJson }, payload), new Event(5, 2, {}, Payload.of(['plain'])));
  const all = [
    { args: [1], kwargs: {} },
    { args: ['plain'], kwargs: {} },
  ];
  await vi.waitFor(() => expect(taken).toEqual(all));
});

test('PPT-02: an invocation is answered as it came', async () => {
  const { client, router } = await setUp();
  const taken = await registered(client, router);
  router.send(
    new Invocation(1, 7, { ...inJson, ppt_keyid: 'k' }, json({ args: [1], kwargs: { a: 2 } })),
    new Invocation(2, 7, { ...inJson }, json({ args: ['fail'] })),
    new Invocation(3, 7, {}, Payload.of(['plain'])),
  );
  const [first, second, third] = [
    await router.expect(Yield),
    await router.expect(ErrorMessage),
    await router.expect(Yield),
  ];
  expect(taken[0]).toEqual({ args: [1], kwargs: { a: 2 } });
  expect([first.options, read(first)]).toEqual([
    { ...inJson, ppt_keyid: 'k' },
    { args: ['done'], kwargs: { k: 1 } },
  ]);
  expect([second.details, second.error, read(second)]).toEqual([
    inJson,
    'com.example.error',
    { args: ['why'], kwargs: {} },
  ]);
  expect([third.options, third.payload.args()]).toEqual([{}, ['done']]);
});

test('PPT-02: a procedure may answer in another way than the call came', async () => {
  const { client, router } = await setUp();
  const registering = client.register('com.example.p', function* () {
    yield result({ args: [1], options: inJson });
    yield 2;
    return result({ args: [3], options: { ...inJson, ppt_keyid: 'other' } });
  });
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  router.send(new Invocation(1, 7, { receive_progress: true }));
  const got = [await router.expect(Yield), await router.expect(Yield), await router.expect(Yield)];
  expect(got.map(({ options }) => options)).toEqual([
    { ...inJson, progress: true },
    { progress: true },
    { ...inJson, ppt_keyid: 'other' },
  ]);
  expect([read(got[0] as Yield), got[1]?.payload.args(), read(got[2] as Yield)]).toEqual([
    { args: [1], kwargs: {} },
    [2],
    { args: [3], kwargs: {} },
  ]);
});

test('PPT-02: the payload of an error is unpacked', async () => {
  const { client, router } = await setUp();
  const calling = client.call('com.example.p', {}, inJson);
  const { request } = await router.expect(Call);
  const payload = json({ args: ['why'], kwargs: { k: 1 } });
  router.send(new ErrorMessage(48, request, { ...inJson }, 'com.example.error', payload));
  await expect(calling).rejects.toMatchObject({
    uri: 'com.example.error',
    args: ['why'],
    kwargs: { k: 1 },
  });
});

test('PPT-02, PCI-09: later chunks are packed as the first one, without its options', async () => {
  const { client, router } = await setUp();
  async function* chunks() {
    yield { args: [1] };
    yield { args: [2] };
    return { args: [3] };
  }
  const calling = client.call('com.example.p', chunks(), inJson);
  const got = [await router.expect(Call), await router.expect(Call), await router.expect(Call)];
  expect(got.map(({ options }) => options)).toEqual([{ ...inJson, progress: true }, { progress: true }, {}]);
  expect(got.map((call) => (read(call) as { args: unknown[] }).args)).toEqual([[1], [2], [3]]);
  router.send(new Result(got[0]?.request as number, {}, Payload.of(['plain'])));
  expect((await calling).value).toBe('plain');
});

test.each([
  ['repeats', inJson],
  ['does not repeat', {}],
])(
  'PPT-02, PCI-09: the chunks of an invocation, where the router %s the attributes',
  async (_name, later) => {
    const { client, router } = await setUp();
    const registering = client.register('com.example.sum', async ({ chunks }) => {
      let sum = 0;
      for await (const { value } of chunks) sum += Number(value);
      return sum;
    });
    router.send(new Registered((await router.expect(Register)).request, 7));
    await registering;
    router.send(
      new Invocation(1, 7, { ...inJson, progress: true }, json({ args: [1] })),
      new Invocation(1, 7, { ...later, progress: true }, json({ args: [2] })),
      new Invocation(1, 7, { ...later }, json({ args: [3] })),
    );
    expect(read(await router.expect(Yield))).toEqual({ args: [6], kwargs: {} });
  },
);

/* What cannot be read, and why. */
const unreadable: readonly [string, PassthruOptions, Payload][] = [
  ['no binary', inJson, Payload.of([1])],
  ['two items', inJson, Payload.of([new Uint8Array(1), 2])],
  ['keyword arguments', inJson, Payload.of([new Uint8Array(1)], { k: 1 })],
  ['nothing', inJson, Payload.empty],
  ['no JSON', inJson, Payload.of([new TextEncoder().encode('{"args"')])],
  ['more than one value', inJson, Payload.of([new TextEncoder().encode('{},{}')])],
  ['what would break out of its place', inJson, Payload.of([new TextEncoder().encode('1],{"k":1')])],
  ['no dict', inJson, json([1])],
  ['args that are no list', inJson, json({ args: 1 })],
  ['an unknown serializer', { ...inJson, ppt_serializer: 'flatbuffers' }, json({})],
  ['a cipher', { ...inJson, ppt_cipher: 'aes256gcm' }, json({})],
  [
    'broken cbor',
    { ppt_scheme: 'wamp', ppt_serializer: 'cbor' },
    Payload.of([new Uint8Array([0xa1, 0x64, 0x61])]),
  ],
];
const invalid = 'wamp.error.invalid_argument';

test.each(unreadable)('PPT-08: an event of %s is reported and dropped', async (_name, details, payload) => {
  const { client, router, onError } = await setUp();
  const { taken } = await subscribed(client, router);
  router.send(
    new Event(5, 1, { ...details }, payload),
    new Event(5, 2, { ...inJson }, json({ args: ['next'] })),
  );
  await vi.waitFor(() => expect(taken).toEqual([{ args: ['next'], kwargs: {} }]));
  expect(onError.mock.calls).toEqual([
    [expect.objectContaining({ uri: invalid }), 'event of "com.example.t"'],
  ]);
  expect(client.status).toBe('joined');
});

test.each(unreadable)('PPT-08: a result of %s rejects its call', async (_name, details, payload) => {
  const { client, router } = await setUp();
  const calling = client.call('com.example.p', {}, inJson);
  const { request } = await router.expect(Call);
  router.send(new Result(request, { ...details }, payload));
  const error: unknown = await calling.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CallError);
  expect(error).toMatchObject({ uri: invalid, message: expect.stringContaining('cannot be read') });
  expect(client.status).toBe('joined');
});

test.each(unreadable)(
  'PPT-08: an invocation of %s is answered with ERROR',
  async (_name, details, payload) => {
    const { client, router } = await setUp();
    const taken = await registered(client, router);
    router.send(new Invocation(1, 7, { ...details }, payload));
    const error = await router.expect(ErrorMessage);
    expect([error.requestType, error.request, error.details, error.error, error.payload.args()]).toEqual([
      MessageCode.Invocation,
      1,
      {},
      invalid,
      [expect.stringContaining('cannot be read')],
    ]);
    router.send(new Invocation(2, 7, {}, Payload.of(['next'])));
    await router.expect(Yield);
    expect(taken).toEqual([{ args: ['next'], kwargs: {} }]);
  },
);

test('PPT-08: an error that cannot be read keeps its URI', async () => {
  const { client, router } = await setUp();
  const calling = client.call('com.example.p', {}, inJson);
  const { request } = await router.expect(Call);
  router.send(new ErrorMessage(48, request, { ...inJson }, 'com.example.error', Payload.of([1])));
  await expect(calling).rejects.toMatchObject({
    uri: 'com.example.error',
    args: [expect.stringContaining('cannot be read')],
  });
});

test('PPT-08: a progressive result that cannot be read ends the call, and what still comes is dropped', async () => {
  const { client, router } = await setUp();
  const stream = client.stream('com.example.p', {}, inJson);
  const { request } = await router.expect(Call);
  const isProgress = { ...inJson, progress: true };
  router.send(
    new Result(request, isProgress, json({ args: [1] })),
    new Result(request, isProgress, Payload.of([2])),
    new Result(request, isProgress, json({ args: [3] })),
    new Result(request, { ...inJson }, json({ args: [4] })),
  );
  const values: unknown[] = [];
  const reading = (async () => {
    for await (const { value } of stream) values.push(value);
  })();
  await expect(reading).rejects.toMatchObject({ uri: invalid });
  expect(values).toEqual([1]);
  const cancel = await router.expect(Cancel);
  expect([cancel.request, cancel.options]).toEqual([request, { mode: 'killnowait' }]);
});

test('PPT-08: a later chunk that cannot be read ends the invocation', async () => {
  const { client, router } = await setUp();
  const reasons: unknown[] = [];
  const registering = client.register('com.example.p', async ({ chunks }) => {
    try {
      for await (const _ of chunks);
    } catch (reason) {
      reasons.push(reason);
    }
  });
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  router.send(
    new Invocation(1, 7, { ...inJson, progress: true }, json({ args: [1] })),
    new Invocation(1, 7, { ...inJson, progress: true }, Payload.of([2])),
    new Invocation(1, 7, { ...inJson }, json({ args: [3] })),
  );
  expect(await router.expect(ErrorMessage)).toMatchObject({ request: 1, error: invalid });
  await vi.waitFor(() => expect(reasons).toMatchObject([{ uri: invalid }]));
  router.send(new Invocation(2, 7, {}, Payload.of(['next'])));
  expect(await router.expect(Yield)).toMatchObject({ request: 2 });
});

test('PPT-08, PCI-08: chunks of an invocation that has ended are late, whether they can be read or not', async () => {
  const { client, router } = await setUp();
  const registering = client.register('com.example.p', ({ value }) => {
    if (value === 'fail') throw new Error('no');
    return value;
  });
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  const more = { ...inJson, progress: true };
  router.send(new Invocation(1, 7, more, json({ args: [1] })), new Invocation(2, 7, more, Payload.of([1])));
  expect(await router.expect(Yield)).toMatchObject({ request: 1 });
  expect(await router.expect(ErrorMessage)).toMatchObject({ request: 2 });
  for (const request of [1, 2])
    router.send(
      new Invocation(request, 7, more, Payload.of([2])),
      new Invocation(request, 7, more, json({ args: [3] })),
      new Invocation(request, 7, {}, Payload.of([4])),
    );
  router.send(new Invocation(3, 7, { ...inJson }, json({ args: ['next'] })));
  expect(await router.expect(Yield)).toMatchObject({ request: 3 });
  expect(router.received).toEqual([]);
});

test('PPT-08: an answer that cannot be packed becomes an error, and its caller is not left waiting', async () => {
  const { client, router } = await setUp();
  const registering = client.register('com.example.p', () => Symbol('no form'));
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  router.send(new Invocation(1, 7, { ...inJson }, json({})));
  const error = await router.expect(ErrorMessage);
  expect(error).toMatchObject({ request: 1, error: invalid, details: inJson });
  expect(read(error)).toEqual({ args: [expect.stringContaining('no form')], kwargs: {} });
});

test('PPT-08: an answer of a procedure that was interrupted is not sent', async () => {
  const { client, router } = await setUp();
  let answer: (value: unknown) => void = () => {};
  const registering = client.register('com.example.p', () => new Promise((resolve) => (answer = resolve)));
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  router.send(new Invocation(1, 7, { ...inJson }, json({})), new Interrupt(1, { mode: 'killnowait' }));
  await vi.waitFor(() => expect(answer).not.toBe(undefined));
  answer(1);
  void client.publish('com.example.t');
  await router.expect(Publish);
});

test('PPT-08: what comes for a subscription that was given up is dropped', async () => {
  const { client, router, onError } = await setUp();
  const { taken, subscription } = await subscribed(client, router);
  const leaving = subscription.unsubscribe();
  const { request } = await router.expect(Unsubscribe);
  router.send(new Event(5, 1, { ...inJson }, Payload.of([1])), new Unsubscribed(request));
  await leaving;
  expect([taken, onError.mock.calls]).toEqual([[], []]);
});

test('PPT-06: without a codec a payload goes and comes as it is', async () => {
  const { client, router } = await joinScripted({}, able);
  const bytes = new Uint8Array([1, 2]);
  const options = { ppt_scheme: 'x_mine', ppt_keyid: 'k' };
  const calling = client.call('com.example.p', { args: [bytes] }, options);
  const call = await router.expect(Call);
  expect([call.options, call.payload.args()]).toEqual([options, [bytes]]);
  router.send(new Result(call.request, options, Payload.of([bytes])) as Message);
  expect(await calling).toMatchObject({ args: [bytes], details: options });
});
