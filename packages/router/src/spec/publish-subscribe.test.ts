import { isId, Payload, type Peer, Publish, Subscribe, Unsubscribe } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router, type RouterOptions } from '../index.js';

const setUp = (options: Partial<RouterOptions> = {}) => {
  const router = new Router({ realms: [{ name: 'realm1' }, { name: 'realm2' }], ...options });
  const attach = (peer: Peer): void => router.attach(peer);
  return (realm?: string): Promise<ScriptedPeer> => ScriptedPeer.join(attach, realm);
};

const subscribe = async (peer: ScriptedPeer, request: number, topic: string): Promise<number> => {
  const [answer] = await peer.exchange(new Subscribe(request, {}, topic));
  expect(answer).toEqual([33, request, expect.any(Number)]);
  return answer?.[2] as number;
};

test('BP-PS-08: an event carries arguments unmodified, and details always', async () => {
  const join = setUp();
  const [publisher, subscriber] = [await join(), await join()];
  const id = await subscribe(subscriber, 1, 'a.b');
  const payload = Payload.of([1, null, ['x'], { y: 2.5 }], { key: 'value' });
  await publisher.exchange(new Publish(1, {}, 'a.b', payload));
  expect(subscriber.take()).toEqual([
    [36, id, expect.any(Number), {}, [1, null, ['x'], { y: 2.5 }], { key: 'value' }],
  ]);
});

test('BP-MSG-02: an event without payload has none', async () => {
  const join = setUp();
  const [publisher, subscriber] = [await join(), await join()];
  const id = await subscribe(subscriber, 1, 'a.b');
  await publisher.exchange(new Publish(1, {}, 'a.b'));
  expect(subscriber.take()).toEqual([[36, id, expect.any(Number), {}]]);
});

test('BP-PS-01: a repeated SUBSCRIBE gets the same id, and no event twice', async () => {
  const join = setUp();
  const [publisher, subscriber] = [await join(), await join()];
  const id = await subscribe(subscriber, 1, 'a.b');
  expect(await subscribe(subscriber, 2, 'a.b')).toBe(id);
  await publisher.exchange(new Publish(1, {}, 'a.b'));
  expect(subscriber.take()).toHaveLength(1);
  await subscriber.exchange(new Unsubscribe(3, id));
  await publisher.exchange(new Publish(2, {}, 'a.b'));
  expect(subscriber.take()).toEqual([]);
});

test('BP-PS-02: subscribers of one topic share the subscription id', async () => {
  const join = setUp();
  const [one, two] = [await join(), await join()];
  expect(await subscribe(one, 1, 'a.b')).toBe(await subscribe(two, 1, 'a.b'));
});

test('BP-PS-02: one who leaves a shared subscription does not take it from the others', async () => {
  const join = setUp();
  const [one, two, publisher] = [await join(), await join(), await join()];
  const id = await subscribe(one, 1, 'a.b');
  await subscribe(two, 1, 'a.b');
  expect(await one.exchange(new Unsubscribe(2, id))).toEqual([[35, 2]]);
  await publisher.exchange(new Publish(1, {}, 'a.b'));
  expect(one.take()).toEqual([]);
  expect(two.take()).toHaveLength(1);
});

test.each(['unknown', 'foreign', 'already unsubscribed'])(
  'BP-PS-03: UNSUBSCRIBE of an id that is %s gives no_such_subscription',
  async (kind) => {
    const join = setUp();
    const [owner, other] = [await join(), await join()];
    const id = await subscribe(owner, 1, 'a.b');
    const asking = kind === 'foreign' ? other : owner;
    if (kind === 'already unsubscribed') await owner.exchange(new Unsubscribe(2, id));
    expect(await asking.exchange(new Unsubscribe(3, kind === 'unknown' ? 12345 : id))).toEqual([
      [8, 34, 3, {}, 'wamp.error.no_such_subscription', [expect.any(String)]],
    ]);
    if (kind !== 'foreign') return;
    await other.exchange(new Publish(4, {}, 'a.b'));
    expect(owner.take()).toHaveLength(1);
  },
);

test('BP-PS-03: the id of a registration is no subscription', async () => {
  const join = setUp();
  const peer = await join();
  const { Register } = await import('@wampkit/protocol');
  const [registered] = await peer.exchange(new Register(1, {}, 'a.b'));
  const [answer] = await peer.exchange(new Unsubscribe(2, registered?.[2] as number));
  expect(answer?.[4]).toBe('wamp.error.no_such_subscription');
});

test.each(['a.b', 'a..b', 'wamp.session.on_join', ''])(
  'BP-PS-04: PUBLISH to %j without acknowledge is silent',
  async (topic) => {
    const join = setUp();
    const peer = await join();
    expect(await peer.exchange(new Publish(1, {}, topic))).toEqual([]);
    expect(await peer.exchange(new Publish(2, { acknowledge: false }, topic))).toEqual([]);
    expect(peer.closed).toBeNull();
  },
);

test('BP-PS-05: PUBLISHED and all EVENTs of a publication have one id', async () => {
  const join = setUp();
  const [publisher, one, two] = [await join(), await join(), await join()];
  await subscribe(one, 1, 'a.b');
  await subscribe(two, 1, 'a.b');
  const [published] = await publisher.exchange(new Publish(1, { acknowledge: true }, 'a.b'));
  expect(published).toEqual([17, 1, expect.any(Number)]);
  const id = published?.[2];
  expect(isId(id)).toBe(true);
  expect([one.take()[0]?.[2], two.take()[0]?.[2]]).toEqual([id, id]);
});

test('BP-PS-05: PUBLISH without subscribers is acknowledged', async () => {
  const peer = await setUp()();
  expect(await peer.exchange(new Publish(1, { acknowledge: true }, 'a.b'))).toEqual([
    [17, 1, expect.any(Number)],
  ]);
});

test('BP-ID-02: publication ids are random', async () => {
  const peer = await setUp()();
  const publishes = Array.from({ length: 30 }, (_, i) => new Publish(i + 1, { acknowledge: true }, 'a.b'));
  const ids = (await peer.exchange(...publishes)).map((published) => published[2] as number);
  expect(new Set(ids).size).toBe(30);
  expect(Math.max(...ids)).toBeGreaterThan(2 ** 45);
});

test('BP-PS-06, PEX-01: a publisher does not get its own event unless exclude_me is false', async () => {
  const join = setUp();
  const peer = await join();
  const id = await subscribe(peer, 1, 'a.b');
  expect(await peer.exchange(new Publish(2, {}, 'a.b'))).toEqual([]);
  expect(await peer.exchange(new Publish(3, { exclude_me: true }, 'a.b'))).toEqual([]);
  expect(await peer.exchange(new Publish(4, { exclude_me: false }, 'a.b'))).toEqual([
    [36, id, expect.any(Number), {}],
  ]);
});

test('PEX-01: the publisher gets its EVENT before PUBLISHED', async () => {
  const peer = await setUp()();
  await subscribe(peer, 1, 'a.b');
  const options = { exclude_me: false, acknowledge: true };
  const codes = (await peer.exchange(new Publish(2, options, 'a.b'))).map(([code]) => code);
  expect(codes).toEqual([36, 17]);
});

test('BP-PS-07: two subscriptions that match give two events of one publication', async () => {
  const join = setUp();
  const [publisher, subscriber] = [await join(), await join()];
  await subscriber.exchange(new Subscribe(1, {}, 'a.b'), new Subscribe(2, { match: 'prefix' }, 'a'));
  await publisher.exchange(new Publish(1, {}, 'a.b'));
  const events = subscriber.take();
  expect(events).toHaveLength(2);
  expect(new Set(events.map((event) => event[1])).size).toBe(2);
  expect(new Set(events.map((event) => event[2])).size).toBe(1);
});

test('BP-PS-05: events stay in their realm', async () => {
  const join = setUp();
  const [here, there] = [await join('realm1'), await join('realm2')];
  await subscribe(here, 1, 'a.b');
  await there.exchange(new Publish(1, {}, 'a.b'));
  expect(here.take()).toEqual([]);
});

test.each([
  ['a..b', {}, 'empty component at 2'],
  ['a b', {}, 'whitespace at 1'],
  ['', {}, 'it is empty'],
  ['a.', {}, 'empty component at 2'],
  ['a#b', { match: 'prefix' }, 'character "#" at 1'],
  ['a..b', { match: 'prefix' }, 'empty component at 2'],
  ['a b', { match: 'wildcard' }, 'whitespace at 1'],
])(
  'BP-URI-02, BP-URI-03, BP-URI-06: SUBSCRIBE to %j with %j gives invalid_uri: %s',
  async (topic, options, fault) => {
    const peer = await setUp()();
    expect(await peer.exchange(new Subscribe(1, options, topic))).toEqual([
      [8, 32, 1, {}, 'wamp.error.invalid_uri', [`invalid URI "${topic}": ${fault}`]],
    ]);
  },
);

test.each([
  ['', { match: 'prefix' }],
  ['a.', { match: 'prefix' }],
  ['a..b', { match: 'wildcard' }],
  ['', { match: 'wildcard' }],
  ['wamp.session.on_join', {}],
  ['wampfoo.x', {}],
  ['Ünïcode.Ω', {}],
])('BP-URI-03, BP-URI-05: SUBSCRIBE to %j with %j is fine', async (topic, options) => {
  const peer = await setUp()();
  expect((await peer.exchange(new Subscribe(1, options, topic)))[0]?.[0]).toBe(33);
});

test.each(['a..b', '.', 'a b'])(
  'BP-URI-06: an acknowledged PUBLISH to %j gives invalid_uri',
  async (topic) => {
    const peer = await setUp()();
    expect(await peer.exchange(new Publish(1, { acknowledge: true }, topic))).toEqual([
      [8, 16, 1, {}, 'wamp.error.invalid_uri', [expect.any(String)]],
    ]);
  },
);

test('BP-URI-05, A1: PUBLISH to a reserved URI reaches nobody and gives invalid_uri', async () => {
  const join = setUp();
  const [publisher, subscriber] = [await join(), await join()];
  await subscribe(subscriber, 1, 'wamp.session.on_join');
  const options = { acknowledge: true };
  expect(await publisher.exchange(new Publish(1, options, 'wamp.session.on_join'))).toEqual([
    [8, 16, 1, {}, 'wamp.error.invalid_uri', [expect.any(String)]],
  ]);
  expect(subscriber.take()).toEqual([]);
  expect((await publisher.exchange(new Publish(2, options, 'wampfoo.x')))[0]?.[0]).toBe(17);
});

test('BP-URI-04: a realm with strict URIs refuses what is loose', async () => {
  const peer = await setUp({ realms: [{ name: 'realm1', uriCheck: 'strict' }] })();
  expect((await peer.exchange(new Publish(1, { acknowledge: true }, 'Com.Example')))[0]?.[4]).toBe(
    'wamp.error.invalid_uri',
  );
  expect((await peer.exchange(new Subscribe(2, {}, 'com.example-x')))[0]?.[4]).toBe('wamp.error.invalid_uri');
  expect((await peer.exchange(new Publish(3, { acknowledge: true }, 'com.example_1')))[0]?.[0]).toBe(17);
});

test('BP-MSG-03: unknown options are ignored', async () => {
  const join = setUp();
  const [publisher, subscriber] = [await join(), await join()];
  await subscriber.exchange(new Subscribe(1, { _custom: 1, unknown_key: [] }, 'a.b'));
  const options = { acknowledge: true, _custom: true, retain: true, rkey: 'x' };
  expect((await publisher.exchange(new Publish(1, options, 'a.b')))[0]?.[0]).toBe(17);
  expect(subscriber.take()).toEqual([[36, expect.any(Number), expect.any(Number), {}]]);
});
