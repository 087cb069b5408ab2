import { Abort, Goodbye, Hello, Payload, type Peer, Publish, Subscribe, Welcome } from '@wampkit/protocol';
import { allRoles, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type RealmOptions, Router } from '../index.js';

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const router = new Router({ realms: [{ name: 'realm1', ...realm }, { name: 'realm2' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (name?: string) => ScriptedPeer.join(attach, name);
  const watcher = await join();
  await watcher.exchange(
    new Subscribe(1, {}, 'wamp.session.on_join'),
    new Subscribe(2, {}, 'wamp.session.on_leave'),
  );
  return { router, attach, join, watcher };
};

const event = (...args: unknown[]) => [36, expect.any(Number), expect.any(Number), {}, args];

test('SMETA-01: session_meta_api is announced on broker and dealer, unless the realm goes without it', async () => {
  const { watcher } = await setUp();
  for (const role of ['broker', 'dealer'])
    expect(watcher.details.roles).toHaveProperty(`${role}.features.session_meta_api`, true);
  const without = await setUp({ metaApi: false });
  for (const role of ['broker', 'dealer'])
    expect(without.watcher.details.roles).not.toHaveProperty(`${role}.features.session_meta_api`);
});

test('SMETA-02: on_join tells one dict, in the realm of the session alone', async () => {
  const { join, watcher } = await setUp();
  const elsewhere = await join('realm2');
  expect(watcher.take()).toEqual([]);
  const { session, details } = await join();
  const { authid, authrole, authmethod, authprovider } = details;
  const told = { session, authid, authrole, authmethod, authprovider, transport: { type: 'memory' } };
  expect(watcher.take()).toEqual([event(told)]);
  await elsewhere.drop();
  expect(watcher.take()).toEqual([]);
});

test('SMETA-02: a session that did not get in is not told of', async () => {
  const { attach, watcher } = await setUp({ limits: { sessions: 1 } });
  const refused = new ScriptedPeer();
  attach(refused.far);
  expect((await refused.exchange(new Hello('realm1', { roles: allRoles })))[0]?.[0]).toBe(3);
  expect(watcher.take()).toEqual([]);
});

const ways: [string, (peer: ScriptedPeer) => unknown][] = [
  ['GOODBYE', (peer) => peer.send(new Goodbye({}, 'wamp.close.close_realm'))],
  ['ABORT', (peer) => peer.send(new Abort({}, 'com.example.broken'))],
  ['a protocol violation', (peer) => peer.send(new Welcome(1, {}))],
  ['no message at all', (peer) => peer.far.violate('no WAMP')],
  ['the loss of the transport', (peer) => peer.drop()],
];

test.each(ways)('SMETA-03: on_leave tells three arguments, once, after %s', async (_, end) => {
  const { join, watcher } = await setUp();
  const peer = await join();
  watcher.take();
  end(peer);
  await turn();
  await peer.drop();
  expect(watcher.take()).toEqual([event(peer.session, peer.details.authid, 'anonymous')]);
});

test('SMETA-03: who leaves gets no event after its GOODBYE', async () => {
  const { watcher } = await setUp();
  expect(await watcher.exchange(new Goodbye({}, 'wamp.close.close_realm'))).toEqual([
    [6, {}, 'wamp.close.goodbye_and_out'],
  ]);
});

test('SMETA-03: a transport that says HELLO again joins and leaves again', async () => {
  const { join, watcher } = await setUp();
  const peer = await join();
  const first = peer.session;
  await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  await peer.hello();
  await peer.drop();
  const told = watcher.take().map((message) => (message[4] as unknown[])[0]);
  expect(told).toMatchObject([{ session: first }, first, { session: peer.session }, peer.session]);
});

test('SMETA-02, SMETA-03: without the meta API nothing is told', async () => {
  const { join, watcher } = await setUp({ metaApi: false });
  await (await join()).drop();
  expect(watcher.take()).toEqual([]);
});

test('SMETA-02: patterns get meta events too, and ordinary sessions can publish none', async () => {
  const { join, watcher } = await setUp();
  await watcher.exchange(new Subscribe(3, { match: 'prefix' }, 'wamp.session.'));
  const peer = await join();
  expect(watcher.take().map((message) => message[3])).toEqual([{}, { topic: 'wamp.session.on_join' }]);
  const forged = new Publish(1, { acknowledge: true }, 'wamp.session.on_join', Payload.of([{}]));
  expect((await peer.exchange(forged))[0]?.slice(0, 5)).toEqual([8, 16, 1, {}, 'wamp.error.invalid_uri']);
  expect(watcher.take()).toEqual([]);
});

test('SMETA-02: an event of the router excludes no ordinary receiver and costs no publication when nobody subscribes', async () => {
  let ids = 0;
  const router = new Router({ realms: [{ name: 'realm1' }], ids: { next: () => ++ids } });
  const attach = (peer: Peer): void => router.attach(peer);
  await ScriptedPeer.join(attach);
  const before = ids;
  await (await ScriptedPeer.join(attach)).drop();
  expect(ids).toBe(before + 1); // the id of the session alone
});
