import { createDecipheriv } from 'node:crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import {
  Call,
  ConfigError,
  type Dict,
  ErrorMessage,
  Event,
  Invocation,
  Payload,
  Publish,
  Register,
  Registered,
  Result,
  Subscribe,
  Subscribed,
  Yield,
} from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { aesGcm as webAesGcm } from './e2ee/aes-gcm.js';
import { aesGcm as nodeAesGcm } from './e2ee/aes-gcm.node.js';
import { type CipherName, generateKey, type KeyRing, type KeyRingEntry, keyRing } from './e2ee.js';
import { joinScripted } from './scripted/scripted-client.js';

const features = { payload_passthru_mode: true };
const able = { roles: { broker: { features }, dealer: { features } } };
const secret = new Uint8Array(32).map((_, index) => index);
const other = new Uint8Array(32).fill(7);
const prefix = 'com.example.';
const ring = (...entries: readonly KeyRingEntry[]): KeyRing => keyRing(entries);
const simple = (id = 'k1', bytes = secret, cipher: CipherName = 'xsalsa20poly1305') =>
  ring({ uri: prefix, keys: [{ id, secret: bytes, cipher }] });

async function setUp(payloads: KeyRing) {
  const onError = vi.fn();
  return { ...(await joinScripted({ payloads, onError }, able)), onError };
}

const ciphers = ['xsalsa20poly1305', 'aes256gcm'] as const;
const invalid = 'wamp.error.invalid_argument';

test.each(ciphers)('PPT-06: %s with a random nonce in front, of a payload packed in cbor', async (cipher) => {
  const { client, router } = await setUp(simple('k1', secret, cipher));
  const calling = client.call('com.example.p', { args: [1], kwargs: { k: 'v' } });
  const call = await router.expect(Call);
  const attributes = { ppt_scheme: 'wamp', ppt_serializer: 'cbor', ppt_cipher: cipher, ppt_keyid: 'k1' };
  expect(call.options).toEqual(attributes);
  const [bytes, ...rest] = call.payload.args() as [Uint8Array];
  expect([rest, call.payload.kwargs()]).toEqual([[], {}]);
  const nonceLength = cipher === 'aes256gcm' ? 12 : 24;
  const [nonce, sealed] = [bytes.slice(0, nonceLength), bytes.slice(nonceLength)];
  const plain = (cipher === 'aes256gcm' ? gcm : xsalsa20poly1305)(secret, nonce).decrypt(sealed);
  const expected = 'a2' + '6461726773' + '8101' + '666b7761726773' + 'a1616b6176';
  expect(Buffer.from(plain).toString('hex')).toBe(expected);
  router.send(new Result(call.request, attributes, call.payload));
  expect(await calling).toMatchObject({ args: [1], kwargs: { k: 'v' } });
});

test('PPT-06: aes256gcm is that of node:crypto, and the same in browsers', () => {
  const nonce = new Uint8Array(12).fill(3);
  const plain = new TextEncoder().encode('a text');
  const sealed = webAesGcm.seal(secret, nonce, plain);
  expect(new Uint8Array(nodeAesGcm.seal(secret, nonce, plain))).toEqual(sealed);
  for (const { open } of [webAesGcm, nodeAesGcm]) {
    expect(new Uint8Array(open(secret, nonce, sealed))).toEqual(plain);
    for (const wrong of [sealed.map((byte) => byte ^ 1), sealed.subarray(0, 15), sealed.subarray(1)])
      expect(() => open(secret, nonce, wrong)).toThrow();
  }
  const decipher = createDecipheriv('aes-256-gcm', secret, nonce).setAuthTag(sealed.subarray(-16));
  expect(decipher.update(sealed.subarray(0, -16)).toString()).toBe('a text');
});

test('PPT-06: equal payloads never look the same', async () => {
  const { client, router } = await setUp(simple());
  for (let n = 0; n < 2; n++) await client.publish('com.example.t', { args: ['same'] });
  const [first, second] = [await router.expect(Publish), await router.expect(Publish)];
  expect(first.payload.args()).not.toEqual(second.payload.args());
});

test('PPT-06: a payload without arguments is encrypted too', async () => {
  const { client, router } = await setUp(simple());
  await client.publish('com.example.t');
  expect((await router.expect(Publish)).payload.args()).toEqual([expect.any(Uint8Array)]);
});

test.each([
  ['com.example.t', 'exact'],
  ['com.example.t.more', 'longest'],
  ['com.example.tx', 'longest'],
  ['com.example.s', 'shorter'],
  ['com.other', 'all'],
])('PPT-06: the key of %s is the one of the %s match', async (topic, id) => {
  const key = (name: string) => [{ id: name, secret }];
  const { client, router } = await setUp(
    ring(
      { uri: '', keys: key('all') },
      { uri: 'com.example.', keys: key('shorter') },
      { uri: 'com.example.t', keys: key('longest') },
      { uri: 'com.example.t', match: 'exact', keys: key('exact') },
    ),
  );
  await client.publish(topic);
  expect((await router.expect(Publish)).options.ppt_keyid).toBe(id);
});

test('PPT-06: what is not in the key ring is not encrypted, nor what the router must read', async () => {
  const { client, router } = await setUp(ring({ uri: 'wamp', keys: [{ id: 'k', secret }] }));
  await client.publish('com.other', { args: [1] });
  expect(await router.expect(Publish)).toMatchObject({ options: {} });
  void client.call('wamp.session.count', { args: [1] }).catch(() => {});
  const call = await router.expect(Call);
  expect([call.options, call.payload.args()]).toEqual([{}, [1]]);
});

test('PPT-06: other payloads are passed through as their options say, but none of the key ring', async () => {
  const { client, router } = await setUp(simple());
  await client.publish('com.other', { args: [1] }, { ppt_scheme: 'wamp', ppt_serializer: 'cbor' });
  expect((await router.expect(Publish)).payload.args()).toEqual([expect.any(Uint8Array)]);
  const refusal = { name: 'RequestError', uri: invalid };
  for (const [topic, ppt] of [
    ['com.example.t', { ppt_scheme: 'mqtt' }],
    ['com.example.t', { ppt_scheme: 'wamp', ppt_keyid: 'unknown' }],
    ['com.other', { ppt_scheme: 'wamp' }],
    ['com.other', { ppt_scheme: 'wamp', ppt_serializer: 'cbor', ppt_cipher: 'aes256gcm' }],
  ] as const)
    await expect(client.publish(topic, {}, ppt)).rejects.toMatchObject(refusal);
});

/** What the holder of a key sends for `com.example.t`. */
function sealed(payloads: KeyRing, uri = 'com.example.t') {
  const { args, options } = payloads.seal(uri, { args: [1], kwargs: { k: 2 } });
  return { payload: Payload.of(args), details: { ...options } };
}

const flip = ({ payload, details }: ReturnType<typeof sealed>, at: number) => {
  const bytes = new Uint8Array(payload.args()[0] as Uint8Array);
  bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) as number) ^ 1;
  return { payload: Payload.of([bytes]), details };
};

const good = sealed(simple());
const bad: readonly [string, ReturnType<typeof sealed>][] = [
  ['another key of the same id', sealed(simple('k1', other))],
  ['a key of another id', sealed(simple('k2'))],
  ['another cipher', sealed(simple('k1', secret, 'aes256gcm'))],
  ['an unknown cipher', { ...good, details: { ...good.details, ppt_cipher: 'rot13' } }],
  ['another serializer', { ...good, details: { ...good.details, ppt_serializer: 'json' } }],
  ['no serializer', { ...good, details: { ...good.details, ppt_serializer: '' } }],
  ['another scheme', { ...good, details: { ...good.details, ppt_scheme: 'x_mine' } }],
  ['a changed nonce', flip(good, 0)],
  ['a changed text', flip(good, 45)],
  ['a changed tag', flip(good, -1)],
  ['a cut text', { ...good, payload: Payload.of([(good.payload.args()[0] as Uint8Array).slice(0, -1)]) }],
  ['less than a nonce', { ...good, payload: Payload.of([new Uint8Array(5)]) }],
  ['nothing', { ...good, payload: Payload.of([new Uint8Array(0)]) }],
  ['no binary', { ...good, payload: Payload.of(['text', 1]) }],
  ['no encryption', { payload: Payload.of([1]), details: {} as never }],
  [
    'packed, and no encryption',
    { ...good, details: { ppt_scheme: 'wamp', ppt_serializer: 'cbor' } as never },
  ],
];

test.each(bad)('PPT-08: an event with %s is reported and dropped', async (_name, { payload, details }) => {
  const { client, router, onError } = await setUp(simple());
  const taken: unknown[] = [];
  const subscribing = client.subscribe('com.example.t', ({ args, kwargs }) => taken.push({ args, kwargs }));
  router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
  await subscribing;
  router.send(new Event(5, 1, details, payload), new Event(5, 2, good.details, good.payload));
  await vi.waitFor(() => expect(taken).toEqual([{ args: [1], kwargs: { k: 2 } }]));
  expect(onError.mock.calls).toMatchObject([[{ uri: invalid }, 'event of "com.example.t"']]);
  expect(client.status).toBe('joined');
});

test.each(bad)('PPT-08: a result with %s rejects its call', async (_name, { payload, details }) => {
  const { client, router } = await setUp(simple());
  const calling = client.call('com.example.p');
  router.send(new Result((await router.expect(Call)).request, details, payload));
  await expect(calling).rejects.toMatchObject({ name: 'CallError', uri: invalid });
  expect(client.status).toBe('joined');
});

test.each(bad)('PPT-08: an invocation with %s never reaches its procedure', async (_name, sent) => {
  const { client, router } = await setUp(simple());
  const handler = vi.fn();
  const registering = client.register('com.example.p', handler);
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  router.send(new Invocation(1, 7, sent.details, sent.payload));
  expect(await router.expect(ErrorMessage)).toMatchObject({ request: 1, error: invalid, details: {} });
  expect(handler).not.toHaveBeenCalled();
});

test('PPT-08: no error tells a secret', () => {
  for (const [, { payload, details }] of bad)
    try {
      simple().open('com.example.t', details, { args: payload.args() });
    } catch (error) {
      expect(String(error)).not.toContain(Buffer.from(secret).toString('base64').slice(0, 8));
    }
});

test('PPT-08: an ERROR of the router is not encrypted, and taken', async () => {
  const { client, router } = await setUp(simple());
  const calling = client.call('com.example.p');
  const { request } = await router.expect(Call);
  router.send(new ErrorMessage(48, request, {}, 'wamp.error.no_such_procedure', Payload.of(['nobody'])));
  await expect(calling).rejects.toMatchObject({ uri: 'wamp.error.no_such_procedure', args: ['nobody'] });
});

test('PPT-06: errors of a procedure are encrypted, with what they tell', async () => {
  const { client, router } = await setUp(simple());
  const registering = client.register('com.example.p', () => {
    throw Object.assign(new Error('x'), { uri: 'com.example.error', args: ['secret'], kwargs: { a: 1 } });
  });
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  router.send(new Invocation(1, 7, good.details, good.payload));
  const { error, details, payload } = await router.expect(ErrorMessage);
  expect(error).toBe('com.example.error');
  const opened = simple().open('com.example.p', details, { args: payload.args() });
  expect(opened).toEqual({ args: ['secret'], kwargs: { a: 1 } });
});

test('PPT-06, TEST-04: the publication within a testament is encrypted, the call is not', async () => {
  const { client, router } = await setUp(simple());
  const add = (topic: string) =>
    client
      .call('wamp.session.add_testament', {
        args: [topic, ['secret'], { k: 1 }],
        kwargs: { scope: 'detached', publish_options: { retain: true } },
      })
      .catch(() => {});
  void add('com.example.t');
  const { options, payload } = await router.expect(Call);
  const [topic, args, kwargs] = payload.args() as [string, unknown[], unknown];
  const { publish_options, scope } = payload.kwargs() as { publish_options: Dict; scope: string };
  expect([options, topic, kwargs, scope, publish_options.retain]).toEqual([
    {},
    'com.example.t',
    {},
    'detached',
    true,
  ]);
  const opened = simple().open('com.example.t', publish_options, { args });
  expect(opened).toEqual({ args: ['secret'], kwargs: { k: 1 } });
  void add('com.other');
  expect((await router.expect(Call)).payload.args()).toEqual(['com.other', ['secret'], { k: 1 }]);
  void client.call('wamp.session.add_testament', { args: [1] }).catch(() => {});
  expect((await router.expect(Call)).payload.args()).toEqual([1]);
});

test('PPT-06: a rotated key encrypts what follows, and what came before can be read', async () => {
  const payloads = simple('old');
  const before = sealed(payloads);
  const { client, router } = await setUp(payloads);
  payloads.rotate(prefix, { id: 'new', secret: other });
  await client.publish('com.example.t');
  expect((await router.expect(Publish)).options.ppt_keyid).toBe('new');
  const read = () => payloads.open('com.example.t', before.details, { args: before.payload.args() });
  expect(read()).toEqual({ args: [1], kwargs: { k: 2 } });
  payloads.rotate(prefix, { id: 'newest', secret: other }, { keep: 1 });
  expect(read).toThrow('no key "old"');
});

test('PPT-06: an answer is encrypted with the key that its caller has', async () => {
  const payloads = simple('old');
  const before = sealed(payloads, 'com.example.p');
  const { client, router } = await setUp(payloads);
  const registering = client.register('com.example.p', () => 'answer');
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  payloads.rotate(prefix, { id: 'new', secret: other });
  router.send(new Invocation(1, 7, before.details, before.payload));
  const { options, payload } = await router.expect(Yield);
  const opened = simple('old').open('com.example.p', options, { args: payload.args() });
  expect(opened.args).toEqual(['answer']);
});

test('PPT-06, PCI-09: the chunks of a call have one key, also when it is rotated meanwhile', async () => {
  const payloads = simple('old');
  const { client, router } = await setUp(payloads);
  let go = (): void => {};
  const rotated = new Promise<void>((resolve) => (go = resolve));
  async function* chunks() {
    yield { args: [1] };
    await rotated;
    return { args: [2] };
  }
  const calling = client.call('com.example.p', chunks());
  const first = await router.expect(Call);
  payloads.rotate(prefix, { id: 'new', secret: other });
  go();
  const second = await router.expect(Call);
  expect([first.options.ppt_keyid, second.options]).toEqual(['old', {}]);
  const opened = simple('old').open('com.example.p', first.options, { args: second.payload.args() });
  expect(opened.args).toEqual([2]);
  const { progress: _, ...details } = first.options;
  router.send(new Result(first.request, details, first.payload));
  expect((await calling).args).toEqual([1]);
});

test('PPT-06: without a key id each key of the cipher is tried', () => {
  const payloads = ring({
    uri: prefix,
    keys: [
      { id: 'a', secret: other },
      { id: 'b', secret },
    ],
  });
  const { ppt_keyid: _, ...details } = good.details as Record<string, string>;
  expect(payloads.open('com.example.t', details, { args: good.payload.args() }).args).toEqual([1]);
});

test('PPT-06: where plaintext is accepted, it is read and answered as it came', async () => {
  const payloads = ring({ uri: prefix, keys: [{ id: 'k1', secret }], plaintext: 'accept' });
  const { client, router } = await setUp(payloads);
  const registering = client.register('com.example.p', ({ value }) => value);
  router.send(new Registered((await router.expect(Register)).request, 7));
  await registering;
  router.send(new Invocation(1, 7, {}, Payload.of(['plain'])));
  const { options, payload } = await router.expect(Yield);
  expect([options, payload.args()]).toEqual([{}, ['plain']]);
  router.send(new Invocation(2, 7, good.details, good.payload));
  expect((await router.expect(Yield)).options.ppt_keyid).toBe('k1');
});

test('PPT-06: an entry that is deleted is not encrypted any more', async () => {
  const payloads = simple();
  payloads.set({ uri: 'com.example.t', match: 'exact', keys: [{ id: 'exact', secret }] });
  const { client, router } = await setUp(payloads);
  const keyOfNext = async () => {
    await client.publish('com.example.t');
    return (await router.expect(Publish)).options.ppt_keyid;
  };
  expect(await keyOfNext()).toBe('exact');
  payloads.delete('com.example.t', 'exact');
  expect(await keyOfNext()).toBe('k1');
  payloads.delete(prefix);
  expect(await keyOfNext()).toBeUndefined();
});

test('PPT-06: generated keys are usable, and never the same', () => {
  const [one, two] = [generateKey({ cipher: 'aes256gcm' }), generateKey({ id: 'mine' })];
  expect([one.cipher, two.cipher, two.id]).toEqual(['aes256gcm', 'xsalsa20poly1305', 'mine']);
  expect(one.secret).not.toBe(two.secret);
  for (const key of [one, two]) {
    const payloads = ring({ uri: prefix, keys: [key] });
    const { args, options } = payloads.seal('com.example.t', { args: ['x'] });
    expect(payloads.open('com.example.t', options, { args }).args).toEqual(['x']);
  }
});

test.each([
  ['no keys', () => ring({ uri: prefix, keys: [] }), 'no key for "com.example."'],
  ['a short secret', () => simple('k', new Uint8Array(16)), 'payload key "k": the secret must be 32 bytes'],
  ['no base64', () => ring({ uri: prefix, keys: [{ id: 'k', secret: '%' }] }), 'no base64'],
  ['no id', () => simple(''), 'must have an id'],
  ['a cipher that is none', () => simple('k', secret, 'rot13' as never), 'no cipher "rot13"'],
  ['rotation of what is not there', () => simple().rotate('com.', { id: 'k', secret }), 'no entry of "com."'],
])('PPT-06: a key ring with %s is a config error', (_name, make, text) => {
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(text);
});
