import { Abort, Call, Goodbye, Payload, type Peer, Subscribe, Unsubscribe, Welcome } from '@wampkit/protocol';
import { FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type RealmOptions, Router } from '../index.js';

const topics = ['on_create', 'on_subscribe', 'on_unsubscribe', 'on_delete'].map(
  (name) => `wamp.subscription.${name}`,
);

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const clock = new FakeClock();
  const router = new Router({
    clock,
    realms: [{ name: 'realm1', ...realm }],
    events: {
      bug: ({ error }) => {
        throw error;
      },
    },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (details = {}) => ScriptedPeer.join(attach, 'realm1', details);
  const watcher = await join();
  const watched = new Map<unknown, string>();
  for (const [index, topic] of [...topics, 'wamp.session.on_leave'].entries()) {
    const [subscribed] = await watcher.exchange(new Subscribe(index + 1, {}, topic));
    watched.set(subscribed?.[2], topic.split('.').at(-1) as string);
  }
  /* What the watcher was told since the last time: name of the event, and its arguments. */
  const told = () =>
    watcher
      .take()
      .filter(([code]) => code === 36)
      .map((message) => [watched.get(message[1]), ...(message[4] as unknown[])]);
  return { clock, router, join, watcher, told };
};

const subscribe = async (peer: ScriptedPeer, topic: string, options = {}, request = 50) => {
  const [subscribed] = await peer.exchange(new Subscribe(request, options, topic));
  return subscribed?.[2] as number;
};

test('UMETA-01: subscription_meta_api is announced, unless the realm goes without the meta API', async () => {
  const { watcher } = await setUp();
  expect(watcher.details.roles).toHaveProperty('broker.features.subscription_meta_api', true);
  const without = await setUp({ metaApi: false });
  expect(without.watcher.details.roles).not.toHaveProperty('broker.features.subscription_meta_api');
});

test.each(['exact', 'prefix', 'wildcard'])(
  'UMETA-02, UMETA-03: a %s subscription is created, subscribed, unsubscribed and deleted in this order',
  async (match) => {
    const { join, told } = await setUp();
    const [one, two] = [await join(), await join()];
    const id = await subscribe(one, 'a.topic', { match });
    const details = { id, created: '2026-01-01T00:00:00.000Z', uri: 'a.topic', match };
    expect(told()).toEqual([
      ['on_create', one.session, { ...details, created: expect.stringMatching(/^\d{4}-.*Z$/) }],
      ['on_subscribe', one.session, id],
    ]);
    await subscribe(two, 'a.topic', { match });
    expect(told()).toEqual([['on_subscribe', two.session, id]]);
    await subscribe(two, 'a.topic', { match }, 51);
    expect(told()).toEqual([]); // BP-PS-01
    await one.exchange(new Unsubscribe(60, id));
    expect(told()).toEqual([['on_unsubscribe', one.session, id]]);
    await one.exchange(new Unsubscribe(61, id));
    expect(told()).toEqual([]);
    await two.exchange(new Unsubscribe(60, id));
    expect(told()).toEqual([
      ['on_unsubscribe', two.session, id],
      ['on_delete', two.session, id],
    ]);
  },
);

const ways: [string, (peer: ScriptedPeer, killer: ScriptedPeer) => unknown][] = [
  ['GOODBYE', (peer) => peer.send(new Goodbye({}, 'wamp.close.close_realm'))],
  ['ABORT', (peer) => peer.send(new Abort({}, 'com.example.broken'))],
  ['a protocol violation', (peer) => peer.send(new Welcome(1, {}))],
  ['the loss of the transport', (peer) => peer.drop()],
  ['a kill', (peer, killer) => killer.send(new Call(1, {}, 'wamp.session.kill', Payload.of([peer.session])))],
];

test.each(ways)(
  'UMETA-02, A15: after %s on_unsubscribe and on_delete come before on_leave',
  async (_, end) => {
    const { join, told } = await setUp();
    const [leaver, other] = [await join(), await join()];
    const shared = await subscribe(other, 'a.shared');
    await subscribe(leaver, 'a.shared', {}, 1);
    const own = await subscribe(leaver, 'a.own', {}, 2);
    told();
    end(leaver, other);
    await turn();
    expect(told()).toEqual([
      ['on_unsubscribe', leaver.session, shared],
      ['on_unsubscribe', leaver.session, own],
      ['on_delete', leaver.session, own],
      ['on_leave', leaver.session, leaver.details.authid, 'anonymous'],
    ]);
  },
);

test('UMETA-02: kill_all tells of subscriptions that end', async () => {
  const { join, told } = await setUp();
  const [leaver, killer] = [await join(), await join()];
  const id = await subscribe(leaver, 'a.b');
  await killer.exchange(new Subscribe(1, {}, 'wamp.subscription.on_delete'));
  killer.take();
  await killer.exchange(new Call(2, {}, 'wamp.session.kill_all'));
  expect(killer.received.filter(([code]) => code === 36).map((message) => message[4])).toEqual([
    [leaver.session, id],
  ]);
  told();
});

test('UMETA-02: the subscriber itself gets them after SUBSCRIBED and UNSUBSCRIBED', async () => {
  const { watcher } = await setUp();
  const codes = async (message: Subscribe | Unsubscribe) =>
    (await watcher.exchange(message)).map(([code]) => code);
  expect(await codes(new Subscribe(10, {}, 'a.b'))).toEqual([33, 36, 36]);
  const id = watcher.received.findLast(([code]) => code === 33)?.[2] as number;
  expect(await codes(new Unsubscribe(11, id))).toEqual([35, 36, 36]);
});

test.each(['exact', 'prefix', 'wildcard'])(
  'UMETA-04, A15: %s subscriptions to wamp.* are not told of',
  async (match) => {
    const { join, told } = await setUp();
    const peer = await join();
    const id = await subscribe(peer, 'wamp.session.on_join', { match });
    await peer.exchange(new Unsubscribe(60, id));
    expect(told()).toEqual([]);
  },
);

test('UMETA-04: a subscription that gets everything is not told of itself, and no storm follows', async () => {
  const { join, told } = await setUp();
  const peer = await join();
  await subscribe(peer, '', { match: 'prefix' });
  expect(peer.take()).toEqual([]);
  expect(told().map(([name]) => name)).toEqual(['on_create', 'on_subscribe']);
});

test('UMETA-02: a subscriber whose transport ends within SUBSCRIBED was never told of', async () => {
  const { join, told } = await setUp();
  const peer = await join();
  peer.far.refuses = (message) => {
    if (message.code === 33) peer.far.onClose?.({ clean: false, message: 'gone' });
    return null;
  };
  peer.send(new Subscribe(1, {}, 'a.b'));
  await turn();
  expect(told()).toEqual([['on_leave', peer.session, peer.details.authid, 'anonymous']]);
});
