import {
  Abort,
  Call,
  type Dict,
  Goodbye,
  Payload,
  type Peer,
  Publish,
  Subscribe,
  Welcome,
} from '@wampkit/protocol';
import { ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { anonymousAuthenticator, type RealmOptions, Router } from '../index.js';

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const router = new Router({
    realms: [{ name: 'realm1', ...realm }],
    events: {
      bug: ({ error }) => {
        throw error;
      },
    },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (): Promise<ScriptedPeer> => ScriptedPeer.join(attach, 'realm1');
  const [watcher, peer] = [await join(), await join()];
  await watcher.exchange(new Subscribe(1, { match: 'prefix' }, 'a.'));
  let request = 100;
  const call = async (by: ScriptedPeer, procedure: string, args: unknown[], kwargs: Dict = {}) => {
    const message = new Call(++request, {}, `wamp.session.${procedure}`, Payload.of(args, kwargs));
    const [answer] = await by.exchange(message);
    return answer?.[0] === 50 ? answer.slice(3) : answer?.[4];
  };
  const add = (topic: string, options: Dict = {}, args: unknown[] = [], kwargs: Dict = {}) =>
    call(peer, 'add_testament', [topic, args, kwargs], options);
  /* What the watcher got: topic, and payload. */
  const told = () =>
    watcher
      .take()
      .filter(([code]) => code === 36)
      .map((message) => [(message[3] as Dict).topic, ...message.slice(4)]);
  return { router, join, watcher, peer, call, add, told };
};

test('TEST-01: testament_meta_api is announced by the dealer, unless the realm goes without the meta API', async () => {
  const { peer } = await setUp();
  expect(peer.details.roles).toHaveProperty('dealer.features.testament_meta_api', true);
  const without = await setUp({ metaApi: false });
  expect(without.peer.details.roles).not.toHaveProperty('dealer.features.testament_meta_api');
  expect(await without.add('a.b')).toBe('wamp.error.no_such_procedure');
});

const ways: [string, (peer: ScriptedPeer, killer: ScriptedPeer) => unknown][] = [
  ['GOODBYE', (peer) => peer.send(new Goodbye({}, 'wamp.close.close_realm'))],
  ['ABORT', (peer) => peer.send(new Abort({}, 'com.example.broken'))],
  ['a protocol violation', (peer) => peer.send(new Welcome(1, {}))],
  ['the loss of the transport', (peer) => peer.drop()],
  ['a kill', (peer, killer) => killer.send(new Call(1, {}, 'wamp.session.kill', Payload.of([peer.session])))],
  [
    'kill_by_authrole',
    (_, killer) => killer.send(new Call(1, {}, 'wamp.session.kill_by_authrole', Payload.of(['anonymous']))),
  ],
];

test.each(ways)(
  'TEST-03, TEST-04: after %s each testament is published once, the detached ones first',
  async (_, end) => {
    const { add, peer, watcher, told } = await setUp();
    expect(await add('a.1', {}, [1], { b: 2 })).toEqual([]);
    await add('a.2', { scope: 'detached' }, [2]);
    await add('a.3', { scope: 'destroyed' });
    await add('a.4', { scope: 'detached' }, [], { c: 1 });
    expect(told()).toEqual([]);
    end(peer, watcher);
    await turn();
    await peer.drop();
    expect(told()).toEqual([['a.2', [2]], ['a.4', [], { c: 1 }], ['a.1', [1], { b: 2 }], ['a.3']]);
  },
);

test('TEST-04, SMETA-08: kill_all publishes none', async () => {
  const { add, peer, watcher, told } = await setUp();
  await add('a.1');
  await watcher.exchange(new Call(9, {}, 'wamp.session.kill_all'));
  await peer.drop();
  expect(told()).toEqual([]);
});

test('TEST-02: flush_testaments forgets those of one scope', async () => {
  const { add, call, peer, told } = await setUp();
  await add('a.1');
  await add('a.2', { scope: 'detached' });
  expect(await call(peer, 'flush_testaments', [])).toEqual([]);
  await add('a.3');
  await peer.drop();
  expect(told()).toEqual([['a.2'], ['a.3']]);
  const other = await setUp();
  await other.add('a.1');
  await other.add('a.2', { scope: 'detached' });
  await other.call(other.peer, 'flush_testaments', [], { scope: 'detached' });
  await other.call(other.watcher, 'flush_testaments', []);
  await other.peer.drop();
  expect(other.told()).toEqual([['a.1']]);
});

test.each([
  [[], {}, 'wamp.error.invalid_argument'],
  [['a.b'], {}, 'wamp.error.invalid_argument'],
  [['a.b', []], {}, 'wamp.error.invalid_argument'],
  [[5, [], {}], {}, 'wamp.error.invalid_argument'],
  [['a.b', {}, {}], {}, 'wamp.error.invalid_argument'],
  [['a.b', [], []], {}, 'wamp.error.invalid_argument'],
  [['a.b', [], {}], { scope: 'other' }, 'wamp.error.invalid_argument'],
  [['a.b', [], {}], { scope: 5 }, 'wamp.error.invalid_argument'],
  [['a.b', [], {}], { publish_options: [] }, 'wamp.error.invalid_argument'],
  [['a.b', [], {}], { publish_options: { exclude: 'x' } }, 'wamp.error.invalid_argument'],
  [['a..b', [], {}], {}, 'wamp.error.invalid_uri'],
  [['wamp.session.on_join', [], {}], {}, 'wamp.error.invalid_uri'],
])('TEST-02: add_testament%j with %j gives %s', async (args, kwargs, error) => {
  const { call, peer, told } = await setUp();
  expect(await call(peer, 'add_testament', args as unknown[], kwargs as Dict)).toBe(error);
  expect(await call(peer, 'flush_testaments', [], { scope: 'x' })).toBe('wamp.error.invalid_argument');
  await peer.drop();
  expect(told()).toEqual([]);
});

test('TEST-04, BWL-05: the stored publish_options hold: lists, disclosure, retain; acknowledge has no effect', async () => {
  const { add, join, peer, watcher } = await setUp();
  const other = await join();
  await other.exchange(new Subscribe(1, {}, 'a.1'));
  const options = { exclude: [watcher.session], disclose_me: true, acknowledge: true, retain: true };
  await add('a.1', { publish_options: options }, ['x']);
  expect(await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'))).toEqual([
    [6, {}, 'wamp.close.goodbye_and_out'],
  ]);
  const details = {
    publisher: peer.session,
    publisher_authid: peer.details.authid,
    publisher_authrole: 'anonymous',
  };
  expect(other.take()).toEqual([[36, expect.any(Number), expect.any(Number), details, ['x']]]);
  expect(watcher.take()).toEqual([]);
  const late = await join();
  const [, retained] = await late.exchange(new Subscribe(1, { get_retained: true }, 'a.1'));
  expect(retained?.[3]).toEqual({ ...details, retained: true });
});

test('TEST-04: testaments are published under the authorization of the dead session', async () => {
  const denied: string[] = [];
  const router = new Router({
    realms: [
      {
        name: 'realm1',
        authenticators: [anonymousAuthenticator({ role: 'weak' })],
        roles: [
          {
            name: 'weak',
            permissions: [
              { uri: 'wamp.', match: 'prefix', allow: ['call'] },
              { uri: 'a.', match: 'prefix', allow: ['subscribe'] },
              { uri: 'a.good', match: 'prefix', allow: ['subscribe', 'publish'] },
            ],
          },
        ],
      },
    ],
    events: { denied: ({ action, uri }) => denied.push(`${action} ${uri}`) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const [watcher, peer] = [await ScriptedPeer.join(attach), await ScriptedPeer.join(attach)];
  await watcher.exchange(new Subscribe(1, {}, 'a.bad'), new Subscribe(2, {}, 'a.good'));
  for (const [index, topic] of ['a.bad', 'a.good'].entries())
    await peer.exchange(
      new Call(index + 1, {}, 'wamp.session.add_testament', Payload.of([topic, [topic], {}])),
    );
  await peer.drop();
  expect(
    watcher
      .take()
      .filter(([code]) => code === 36)
      .map((message) => message[4]),
  ).toEqual([['a.good']]);
  expect(denied).toEqual(['publish a.bad']);
});

test('A15: on leave, testaments come first, then the ends of subscriptions, then on_leave; the dead get nothing', async () => {
  const { add, peer, watcher } = await setUp();
  const names = new Map<unknown, string>();
  for (const [index, topic] of [
    'wamp.subscription.on_unsubscribe',
    'wamp.subscription.on_delete',
    'wamp.session.on_leave',
  ].entries()) {
    const [subscribed] = await watcher.exchange(new Subscribe(10 + index, {}, topic));
    names.set(subscribed?.[2], topic);
  }
  await peer.exchange(new Subscribe(1, {}, 'a.own'), new Subscribe(2, {}, 'wamp.session.on_leave'));
  await add('a.own', { publish_options: { exclude_me: false } });
  watcher.take();
  peer.take();
  await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  expect(watcher.take().map((message) => names.get(message[1]) ?? (message[3] as Dict).topic)).toEqual([
    'a.own',
    'wamp.subscription.on_unsubscribe',
    'wamp.subscription.on_delete',
    'wamp.session.on_leave',
  ]);
  expect(peer.take()).toEqual([]);
});

test('TEST-02: a testament counts from the moment of its CALL: one that GOODBYE follows at once is published', async () => {
  const { peer, told } = await setUp();
  peer.send(
    new Call(1, {}, 'wamp.session.add_testament', Payload.of(['a.b', ['x'], {}])),
    new Goodbye({}, 'wamp.close.close_realm'),
  );
  await turn();
  expect(told()).toEqual([['a.b', ['x']]]);
});

test('TEST-03: the next session of a transport has no testaments of the one before', async () => {
  const { add, peer, told } = await setUp();
  await add('a.b');
  await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  expect(told()).toHaveLength(1);
  await peer.hello();
  await peer.drop();
  expect(told()).toEqual([]);
});

test('TEST-02: there are bounds on the number and the size of testaments', async () => {
  const { add, call, peer } = await setUp();
  for (let index = 0; index < 100; index++) expect(await add('a.b')).toEqual([]);
  expect(await add('a.b')).toBe('wamp.error.unavailable');
  expect(await add('a.b', { scope: 'detached' })).toBe('wamp.error.unavailable');
  await call(peer, 'flush_testaments', []);
  expect(await add('a.b', {}, ['x'.repeat(2 ** 20)])).toBe('wamp.error.unavailable');
  expect(await add('a.b', {}, ['x'.repeat(2 ** 19)])).toEqual([]);
});

test('TEST-04: a testament is an ordinary publication to those who subscribe meanwhile', async () => {
  const { add, join, peer } = await setUp();
  await add('b.c', {}, [1]);
  const late = await join();
  await late.exchange(new Subscribe(1, {}, 'b.c'));
  await peer.exchange(new Publish(1, {}, 'b.c', Payload.of([0])));
  await peer.drop();
  expect(late.take().map((message) => message[4])).toEqual([[0], [1]]);
});
