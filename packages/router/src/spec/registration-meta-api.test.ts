import {
  Abort,
  Call,
  type Dict,
  Goodbye,
  Payload,
  type Peer,
  Register,
  Subscribe,
  Unregister,
  Welcome,
} from '@wampkit/protocol';
import { FakeClock, ScriptedPeer, type WireMessage } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type RealmOptions, Router } from '../index.js';

const topics = ['on_create', 'on_register', 'on_unregister', 'on_delete'];

/** A watcher of all four events, which calls procedures too. */
const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const bugs: unknown[] = [];
  const clock = new FakeClock(Date.UTC(2026, 1, 2, 3, 4, 5, 678));
  const router = new Router({
    realms: [{ name: 'realm1', ...realm }],
    clock,
    events: { bug: (info) => bugs.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = () => ScriptedPeer.join(attach);
  const watcher = await join();
  const names = new Map<unknown, string>();
  for (const [index, topic] of topics.entries()) {
    const [subscribed] = await watcher.exchange(new Subscribe(index + 1, {}, `wamp.registration.${topic}`));
    names.set(subscribed?.[2], topic);
  }
  const events = (messages: readonly WireMessage[] = watcher.take()) =>
    messages
      .filter(([code]) => code === 36)
      .map(([, subscription, , details, args]) => {
        expect(details).toEqual({});
        return [names.get(subscription), ...(args as unknown[])];
      });
  let request = 100;
  const ask = async (procedure: string, ...args: unknown[]) => {
    const call = new Call(++request, {}, `wamp.registration.${procedure}`, Payload.of(args));
    const answer = (await watcher.exchange(call)).find(([code]) => code === 50 || code === 8);
    return answer?.[0] === 50 ? answer.slice(3) : answer?.[4];
  };
  return { router, attach, clock, bugs, join, watcher, events, ask };
};

const register = async (peer: ScriptedPeer, uri: string, options: Dict = {}, request = 1) => {
  const got = await peer.exchange(new Register(request, options, uri));
  return got.find(([code]) => code === 65)?.[2] as number;
};

test('RMETA-01: the dealer announces registration_meta_api, unless the realm goes without it', async () => {
  const { watcher } = await setUp();
  const feature = 'dealer.features.registration_meta_api';
  expect(watcher.details.roles).toHaveProperty(feature, true);
  const router = new Router({ realms: [{ name: 'realm1', metaApi: false }] });
  const without = await ScriptedPeer.join((peer) => router.attach(peer));
  expect(without.details.roles).not.toHaveProperty(feature);
  const [answer] = await without.exchange(new Call(1, {}, 'wamp.registration.list'));
  expect(answer?.[4]).toBe('wamp.error.no_such_procedure');
});

test.each([
  ['a.b', {}, { match: 'exact', invoke: 'single' }],
  ['a.b', { match: 'exact', invoke: 'roundrobin' }, { match: 'exact', invoke: 'roundrobin' }],
  ['a.b.', { match: 'prefix', invoke: 'first' }, { match: 'prefix', invoke: 'first' }],
  ['a..b', { match: 'wildcard', invoke: 'random' }, { match: 'wildcard', invoke: 'random' }],
])('RMETA-02, RMETA-03: %s with %j: on_create with details, then on_register', async (uri, options, told) => {
  const { join, events, ask } = await setUp();
  const callee = await join();
  const id = await register(callee, uri, options);
  const details = { id, created: '2026-02-02T03:04:05.678Z', uri, ...told };
  expect(events()).toEqual([
    ['on_create', callee.session, details],
    ['on_register', callee.session, id],
  ]);
  expect(await ask('get', id)).toEqual([[details]]);
});

test('RMETA-02: each callee of a shared registration is told, creation and deletion once', async () => {
  const { join, events } = await setUp();
  const [first, second] = [await join(), await join()];
  const id = await register(first, 'a.b', { invoke: 'roundrobin' });
  events();
  await register(second, 'a.b', { invoke: 'roundrobin' });
  expect(events()).toEqual([['on_register', second.session, id]]);
  await register(second, 'a.b', { invoke: 'roundrobin' }, 2); // A11: nothing new
  expect(events()).toEqual([]);
  await first.exchange(new Unregister(2, id));
  expect(events()).toEqual([['on_unregister', first.session, id]]);
  await second.exchange(new Unregister(3, id));
  expect(events()).toEqual([
    ['on_unregister', second.session, id],
    ['on_delete', second.session, id],
  ]);
});

const ways: [string, (peer: ScriptedPeer, watcher: ScriptedPeer) => unknown][] = [
  ['GOODBYE', (peer) => peer.send(new Goodbye({}, 'wamp.close.close_realm'))],
  ['ABORT', (peer) => peer.send(new Abort({}, 'com.example.broken'))],
  ['a protocol violation', (peer) => peer.send(new Welcome(1, {}))],
  ['no message at all', (peer) => peer.far.violate('no WAMP')],
  ['the loss of the transport', (peer) => peer.drop()],
  [
    'kill',
    (peer, watcher) => watcher.send(new Call(99, {}, 'wamp.session.kill', Payload.of([peer.session]))),
  ],
];

test.each(ways)('RMETA-02: on_unregister and on_delete of all it held follow %s', async (_, end) => {
  const { join, events, watcher } = await setUp();
  const [callee, other] = [await join(), await join()];
  const ids = [await register(callee, 'a.b'), await register(callee, 'a.c', { invoke: 'first' }, 2)] as const;
  await register(other, 'a.c', { invoke: 'first' });
  events();
  await end(callee, watcher);
  const got = await watcher.exchange();
  expect(events(got)).toEqual([
    ['on_unregister', callee.session, ids[0]],
    ['on_delete', callee.session, ids[0]],
    ['on_unregister', callee.session, ids[1]],
  ]);
});

test('RMETA-02: a take-over ends one registration and then makes the other', async () => {
  const { join, events } = await setUp();
  const [callee, next] = [await join(), await join()];
  const id = await register(callee, 'a.b');
  events();
  const taken = await register(next, 'a.b', { force_reregister: true });
  expect(events()).toEqual([
    ['on_unregister', callee.session, id],
    ['on_delete', callee.session, id],
    ['on_create', next.session, expect.objectContaining({ id: taken, uri: 'a.b' })],
    ['on_register', next.session, taken],
  ]);
});

test('RMETA-02: remove_callee fires on_unregister and on_delete before its result', async () => {
  const { join, events, watcher } = await setUp();
  const callee = await join();
  const id = await register(callee, 'a.b');
  watcher.take();
  const call = new Call(9, {}, 'wamp.registration.remove_callee', Payload.of([id, callee.session]));
  const got = await watcher.exchange(call);
  expect(got.map(([code]) => code)).toEqual([36, 36, 50]);
  expect(events(got)).toEqual([
    ['on_unregister', callee.session, id],
    ['on_delete', callee.session, id],
  ]);
});

test('A15, UMETA-04: the session that causes an event gets it too', async () => {
  const { watcher, events } = await setUp();
  const got = await watcher.exchange(new Register(9, {}, 'a.b'));
  expect(events(got).map(([name]) => name)).toEqual(['on_create', 'on_register']);
});

test('RMETA-02: a REGISTER that is refused is not told of', async () => {
  const { join, events } = await setUp();
  const callee = await join();
  await callee.exchange(
    new Register(1, {}, 'a#b'),
    new Register(2, {}, 'wamp.x'),
    new Register(3, {}, 'a.b'),
  );
  events();
  await (await join()).exchange(new Register(1, {}, 'a.b'));
  expect(events()).toEqual([]);
});

test('RMETA-02: a transport that ends while on_create is sent to its own session leaves nothing behind', async () => {
  const { join, events, bugs, ask } = await setUp();
  const callee = await join();
  await callee.exchange(new Subscribe(1, {}, 'wamp.registration.on_create'));
  callee.far.refuses = (message) => {
    if (message.code !== 36) return null;
    callee.far.refuses = null;
    callee.far.onClose?.({ clean: false, message: 'hard limit' });
    return null;
  };
  callee.send(new Register(2, {}, 'a.b'));
  await callee.exchange();
  expect(events().map(([name]) => name)).toEqual(['on_create', 'on_register', 'on_unregister', 'on_delete']);
  expect(await ask('list')).toEqual([[{ exact: [], prefix: [], wildcard: [] }]]);
  expect(bugs).toEqual([]);
});

test("RMETA-04: list tells ids by policy, all three keys always, without the router's own", async () => {
  const { join, ask } = await setUp();
  expect(await ask('list')).toEqual([[{ exact: [], prefix: [], wildcard: [] }]]);
  const callee = await join();
  const exact = [await register(callee, 'a.b'), await register(callee, 'a.c', {}, 2)];
  const wildcard = await register(callee, 'a..c', { match: 'wildcard' }, 3);
  expect(await ask('list')).toEqual([[{ exact, prefix: [], wildcard: [wildcard] }]]);
});

test('RMETA-04: lookup finds by URI and policy, or gives null', async () => {
  const { join, ask } = await setUp();
  const callee = await join();
  const exact = await register(callee, 'a.b');
  const prefix = await register(callee, 'a.b', { match: 'prefix' }, 2);
  expect(await ask('lookup', 'a.b')).toEqual([[exact]]);
  expect(await ask('lookup', 'a.b', {})).toEqual([[exact]]);
  expect(await ask('lookup', 'a.b', null)).toEqual([[exact]]);
  expect(await ask('lookup', 'a.b', { match: 'exact' })).toEqual([[exact]]);
  expect(await ask('lookup', 'a.b', { match: 'prefix' })).toEqual([[prefix]]);
  expect(await ask('lookup', 'a.b', { match: 'wildcard' })).toEqual([[null]]);
  expect(await ask('lookup', 'a.b.c')).toEqual([[null]]);
  expect(await ask('lookup', 'wamp.session.count')).toEqual([[null]]);
});

test('RMETA-04, PREG-04: match tells which registration a call would go to, or null', async () => {
  const { join, ask } = await setUp();
  const callee = await join();
  const exact = await register(callee, 'a.b.c');
  const prefix = await register(callee, 'a.b', { match: 'prefix' }, 2);
  const wildcard = await register(callee, 'x..c', { match: 'wildcard' }, 3);
  expect(await ask('match', 'a.b.c')).toEqual([[exact]]);
  expect(await ask('match', 'a.b.d')).toEqual([[prefix]]);
  expect(await ask('match', 'x.y.c')).toEqual([[wildcard]]);
  expect(await ask('match', 'nothing')).toEqual([[null]]);
  expect(await ask('match', 'wamp.session.count')).toEqual([[null]]);
});

test('RMETA-04, SHR-02: list_callees and count_callees tell all callees, oldest first', async () => {
  const { join, ask } = await setUp();
  const callees = [await join(), await join(), await join()];
  let id = 0;
  for (const callee of callees) id = await register(callee, 'a.b', { invoke: 'last' });
  expect(await ask('list_callees', id)).toEqual([[callees.map(({ session }) => session)]]);
  expect(await ask('count_callees', id)).toEqual([[3]]);
  await callees[1]?.drop();
  expect(await ask('list_callees', id)).toEqual([[[callees[0]?.session, callees[2]?.session]]]);
  expect(await ask('count_callees', id)).toEqual([[2]]);
});

test.each(['get', 'list_callees', 'count_callees'])(
  'RMETA-04: %s of an unknown or deleted registration gives no_such_registration',
  async (procedure) => {
    const { join, ask } = await setUp();
    const callee = await join();
    const id = await register(callee, 'a.b');
    await callee.exchange(new Unregister(2, id));
    expect(await ask(procedure, id)).toBe('wamp.error.no_such_registration');
    expect(await ask(procedure, 12345)).toBe('wamp.error.no_such_registration');
  },
);

test.each([
  ['lookup', []],
  ['lookup', [1]],
  ['lookup', ['a.b', 'prefix']],
  ['lookup', ['a.b', { match: 'fuzzy' }]],
  ['match', []],
  ['match', [{}]],
  ['get', []],
  ['get', ['1']],
  ['get', [0]],
  ['list_callees', [1.5]],
  ['count_callees', [null]],
])('UMETA-04: %s with arguments %j gives invalid_argument', async (procedure, args) => {
  const { ask } = await setUp();
  expect(await ask(procedure, ...(args as unknown[]))).toBe('wamp.error.invalid_argument');
});

test('RMETA-02, BP-ORD-01: a burst of registrations is told in order', async () => {
  const { join, events } = await setUp();
  const callee = await join();
  const messages = Array.from({ length: 50 }, (_, index) => new Register(index + 1, {}, `a.p${index}`));
  const ids = (await callee.exchange(...messages)).map(([, , id]) => id);
  const told = events().map(([name, , about]) => [name, (about as Dict).id ?? about]);
  expect(told).toEqual(
    ids.flatMap((id) => [
      ['on_create', id],
      ['on_register', id],
    ]),
  );
});
