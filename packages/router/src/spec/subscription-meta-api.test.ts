import { Call, type Dict, Payload, type Peer, Publish, Subscribe } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router } from '../index.js';

const setUp = async () => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (details: Dict = {}) => ScriptedPeer.join(attach, 'realm1', details);
  const caller = await join();
  let request = 0;
  const call = async (name: string, ...args: unknown[]) => {
    const message = new Call(++request, {}, `wamp.subscription.${name}`, Payload.of(args));
    const answer = (await caller.exchange(message)).find(([code]) => code === 50 || code === 8);
    return answer?.[0] === 50 ? answer.slice(3) : answer?.[4];
  };
  const subscribe = async (peer: ScriptedPeer, topic: string, options: Dict = {}) => {
    const [subscribed] = await peer.exchange(new Subscribe(++request, options, topic));
    return subscribed?.[2] as number;
  };
  return { join, caller, call, subscribe };
};

test('UMETA-03: list tells ids by match policy, all keys always', async () => {
  const { join, call, subscribe } = await setUp();
  expect(await call('list')).toEqual([[{ exact: [], prefix: [], wildcard: [] }]]);
  const peer = await join();
  const exact = [await subscribe(peer, 'a.b'), await subscribe(peer, 'a.c')];
  const prefix = [await subscribe(peer, 'a.', { match: 'prefix' })];
  expect(await call('list')).toEqual([[{ exact, prefix, wildcard: [] }]]);
});

test('UMETA-03: lookup finds a subscription by its own URI and policy, or null', async () => {
  const { join, call, subscribe } = await setUp();
  const peer = await join();
  const exact = await subscribe(peer, 'a.b');
  const prefix = await subscribe(peer, 'a.b', { match: 'prefix' });
  expect(await call('lookup', 'a.b')).toEqual([[exact]]);
  expect(await call('lookup', 'a.b', {})).toEqual([[exact]]);
  expect(await call('lookup', 'a.b', { match: 'prefix' })).toEqual([[prefix]]);
  expect(await call('lookup', 'a.b', { match: 'wildcard' })).toEqual([[null]]);
  expect(await call('lookup', 'a.b.c')).toEqual([[null]]);
});

test('UMETA-03: match gives all subscriptions that a topic matches, or null', async () => {
  const { join, call, subscribe } = await setUp();
  const peer = await join();
  const ids = [
    await subscribe(peer, 'a.b'),
    await subscribe(peer, 'a', { match: 'prefix' }),
    await subscribe(peer, 'a.', { match: 'wildcard' }),
  ];
  const [[matches]] = (await call('match', 'a.b')) as [[number[]]];
  expect(new Set(matches)).toEqual(new Set(ids));
  expect(await call('match', 'b')).toEqual([[null]]);
});

test('UMETA-03: get, list_subscribers and count_subscribers tell of one subscription', async () => {
  const { join, call, subscribe } = await setUp();
  const [one, two] = [await join(), await join()];
  const id = await subscribe(one, 'a.', { match: 'prefix' });
  await subscribe(two, 'a.', { match: 'prefix' });
  const created = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(await call('get', id)).toEqual([[{ id, created, uri: 'a.', match: 'prefix' }]]);
  expect(await call('list_subscribers', id)).toEqual([[[one.session, two.session]]]);
  expect(await call('count_subscribers', id)).toEqual([[2]]);
  await one.drop();
  await two.drop();
  for (const name of ['get', 'list_subscribers', 'count_subscribers'])
    expect(await call(name, id)).toBe('wamp.error.no_such_subscription');
});

test.each([
  ['lookup', []],
  ['lookup', [5]],
  ['lookup', ['a.b', { match: 'regex' }]],
  ['lookup', ['a.b', 'prefix']],
  ['match', []],
  ['get', []],
  ['get', ['1']],
  ['list_subscribers', [0]],
  ['count_subscribers', [{}]],
  ['remove_subscriber', []],
])('UMETA-04: %s with arguments %j gives invalid_argument', async (name, args) => {
  const { call } = await setUp();
  expect(await call(name, ...(args as unknown[]))).toBe('wamp.error.invalid_argument');
});

const revocable = { roles: { subscriber: { features: { subscription_revocation: true } } } };

test('SREV-01: subscription_revocation is announced', async () => {
  const { caller } = await setUp();
  expect(caller.details.roles).toHaveProperty('broker.features.subscription_revocation', true);
});

test('SREV-01: remove_subscriber tells a subscriber that announced revocation', async () => {
  const { join, call, subscribe, caller } = await setUp();
  const [one, two] = [await join(revocable), await join(revocable)];
  const id = await subscribe(one, 'a.b');
  await subscribe(two, 'a.b');
  expect(await call('remove_subscriber', id, one.session, 'com.example.enough')).toEqual([]);
  expect(one.take()).toEqual([[35, 0, { subscription: id, reason: 'com.example.enough' }]]);
  await caller.exchange(new Publish(900, {}, 'a.b'));
  expect(one.take()).toEqual([]);
  expect(two.take()).toHaveLength(1);
  expect(await call('remove_subscriber', id, two.session)).toEqual([]);
  expect(two.take()).toEqual([[35, 0, { subscription: id }]]);
  expect(await call('remove_subscriber', id, two.session)).toBe('wamp.error.no_such_subscription');
});

test('SREV-01: a subscriber that did not announce revocation is told nothing, and is unsubscribed all the same', async () => {
  const { join, call, subscribe, caller } = await setUp();
  const peer = await join();
  const id = await subscribe(peer, 'a.b');
  await subscribe(caller, 'wamp.subscription.on_delete');
  expect(await call('remove_subscriber', id, peer.session)).toEqual([]);
  await caller.exchange(new Publish(900, {}, 'a.b'));
  expect(peer.take()).toEqual([]);
  const events = caller.received.filter(([code]) => code === 36);
  expect(events.map((message) => message[4])).toEqual([[peer.session, id]]); // UMETA-02
});

test('SREV-01: remove_subscriber of who does not subscribe gives no_such_session', async () => {
  const { join, call, subscribe, caller } = await setUp();
  const id = await subscribe(await join(), 'a.b');
  expect(await call('remove_subscriber', id, caller.session)).toBe('wamp.error.no_such_session');
  expect(await call('remove_subscriber', id, 12345)).toBe('wamp.error.no_such_session');
  expect(await call('remove_subscriber', id, 'x')).toBe('wamp.error.invalid_argument');
  expect(await call('remove_subscriber', id, caller.session, 5)).toBe('wamp.error.invalid_argument');
});

test('SREV-01: a caller can remove itself', async () => {
  const { call, subscribe, caller } = await setUp();
  const id = await subscribe(caller, 'a.b');
  expect(await call('remove_subscriber', id, caller.session)).toEqual([]);
  expect(await call('count_subscribers', id)).toBe('wamp.error.no_such_subscription');
});
