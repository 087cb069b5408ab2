import { Call, type Dict, Goodbye, Payload, type Peer, Register, Subscribe } from '@wampkit/protocol';
import { ScriptedPeer, turn, type WireMessage } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, type RealmOptions, Router } from '../index.js';
import { DEFINITION_SIZE_PER_SESSION, DEFINITIONS_PER_REALM, DEFINITIONS_PER_SESSION } from '../limits.js';

const asRole = (authrole: string): Authenticator => ({
  method: authrole,
  start: () => ({ type: 'accept', authid: `a ${authrole}`, authrole }),
});

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
  const join = (authrole?: string): Promise<ScriptedPeer> =>
    ScriptedPeer.join(attach, 'realm1', authrole === undefined ? {} : { authmethods: [authrole] });
  return { join };
};

let request = 10_000;
const call = async (peer: ScriptedPeer, procedure: string, args: unknown[] = [], kwargs: Dict = {}) => {
  const id = ++request;
  peer.send(new Call(id, {}, procedure, Payload.of(args, kwargs)));
  let answer: WireMessage | undefined;
  while (answer === undefined) {
    await turn(); // an authorizer may be asked
    answer = peer.received.find(
      ([code, first, second]) => (code === 50 ? first : code === 8 && second) === id,
    );
  }
  return answer?.[0] === 50 ? (answer[3] as unknown[] | undefined)?.[0] : answer?.[4];
};
const define = (peer: ScriptedPeer, uri: string, schema: Dict | null, kind?: string) =>
  call(peer, 'wamp.reflect.define', [uri, schema], kind === undefined ? {} : { kind });

/** Subscribes to both events; gives those that came as [what, ...arguments]. */
const watch = async (peer: ScriptedPeer) => {
  const names = new Map<unknown, string>();
  for (const what of ['on_define', 'on_undefine']) {
    const [subscribed] = await peer.exchange(new Subscribe(++request, {}, `wamp.reflect.${what}`));
    names.set(subscribed?.[2], what);
  }
  let seen = 0;
  return () => {
    const news = peer.received.slice(seen);
    seen = peer.received.length;
    return news
      .filter(([code]) => code === 36)
      .map(([, subscription, , , args]) => [names.get(subscription), ...(args as unknown[])]);
  };
};

test('REFL-01: announced by broker and dealer beside their features, unless the realm goes without the meta API', async () => {
  const { join } = await setUp();
  const { details } = await join();
  for (const role of ['broker', 'dealer']) {
    expect(details.roles).toHaveProperty(`${role}.reflection`, true);
    expect(details.roles).not.toHaveProperty(`${role}.features.reflection`);
  }
  const without = await (await setUp({ metaApi: false })).join();
  for (const role of ['broker', 'dealer'])
    expect(without.details.roles).not.toHaveProperty(`${role}.reflection`);
  expect(await call(without, 'wamp.reflect.describe')).toBe('wamp.error.no_such_procedure');
});

test.each(['procedure', 'topic', 'error'])(
  'REFL-01: a definition as %s is listed and described as that alone',
  async (kind) => {
    const { join } = await setUp();
    const [provider, asker] = [await join(), await join()];
    const schema = { title: 'T', args: [{ type: 'integer' }] };
    expect(await define(provider, 'com.x.it', schema, kind)).toBe(true);
    for (const each of ['procedure', 'topic', 'error']) {
      const isIt = each === kind;
      expect(await call(asker, `wamp.reflection.${each}.list`)).toEqual(isIt ? ['com.x.it'] : []);
      expect(await call(asker, `wamp.reflection.${each}.describe`, ['com.x.it'])).toEqual(
        isIt ? schema : null,
      );
    }
    expect(await call(asker, 'wamp.reflect.describe', ['com.x.it'])).toEqual(schema);
    expect(await call(asker, 'wamp.reflect.describe', ['com.x.other'])).toBeNull();
  },
);

test('REFL-01: without a kind it is a definition of the procedure and of the topic', async () => {
  const { join } = await setUp();
  const peer = await join();
  await define(peer, 'com.x.it', { a: 1 });
  expect(await call(peer, 'wamp.reflection.procedure.list')).toEqual(['com.x.it']);
  expect(await call(peer, 'wamp.reflection.topic.list')).toEqual(['com.x.it']);
  expect(await call(peer, 'wamp.reflection.error.list')).toEqual([]);
});

test('REFL-01: registered procedures are listed, without those of the router and patterns', async () => {
  const { join } = await setUp();
  const peer = await join();
  await peer.exchange(
    new Register(1, {}, 'com.x.add'),
    new Register(2, { match: 'prefix' }, 'com.x.'),
    new Register(3, {}, 'com.x.sub'),
  );
  await define(peer, 'com.x.sub', { a: 1 }, 'procedure');
  expect((await call(peer, 'wamp.reflection.procedure.list')) as string[]).toEqual(
    expect.arrayContaining(['com.x.add', 'com.x.sub']),
  );
  expect(await call(peer, 'wamp.reflection.procedure.list')).toHaveLength(2);
  expect(await call(peer, 'wamp.reflection.procedure.describe', ['com.x.add'])).toBeNull();
});

test('REFL-01: describe without a URI gives all', async () => {
  const { join } = await setUp();
  const peer = await join();
  await define(peer, 'com.x.a', { a: 1 }, 'topic');
  await define(peer, '__proto__', { b: 2 }, 'error');
  const all = (await call(peer, 'wamp.reflect.describe')) as Dict;
  expect(Object.entries(all)).toEqual([
    ['com.x.a', { a: 1 }],
    ['__proto__', { b: 2 }],
  ]);
});

test('REFL-01: a definition is replaced by its session, and taken back by null', async () => {
  const { join } = await setUp();
  const [peer, other] = [await join(), await join()];
  const told = await watch(other);
  expect(await define(peer, 'com.x.it', { a: 1 }, 'topic')).toBe(true);
  expect(await define(peer, 'com.x.it', { a: 2 }, 'topic')).toBe(false);
  expect(await define(other, 'com.x.it', null)).toBe(false);
  expect(await call(peer, 'wamp.reflect.describe', ['com.x.it'])).toEqual({ a: 2 });
  expect(await define(peer, 'com.x.it', null, 'procedure')).toBe(false);
  expect(await define(peer, 'com.x.it', null)).toBe(true);
  expect(await call(peer, 'wamp.reflect.describe', ['com.x.it'])).toBeNull();
  expect(told()).toEqual([
    ['on_define', 'com.x.it', { a: 1 }, true, 'topic'],
    ['on_define', 'com.x.it', { a: 2 }, false, 'topic'],
    ['on_undefine', 'com.x.it', 'topic'],
  ]);
});

const ways: [string, (peer: ScriptedPeer) => unknown][] = [
  ['GOODBYE', (peer) => peer.exchange(new Goodbye({}, 'wamp.close.close_realm'))],
  ['the loss of its transport', (peer) => peer.drop()],
];

test.each(ways)(
  'REFL-01, BP-SESS-07: %s takes the definitions of a session back, before on_leave',
  async (_, end) => {
    const { join } = await setUp();
    const [peer, watcher] = [await join(), await join()];
    const told = await watch(watcher);
    await define(peer, 'com.x.a', { a: 1 });
    expect(told()).toHaveLength(2);
    await watcher.exchange(new Subscribe(++request, {}, 'wamp.session.on_leave'));
    await end(peer);
    expect(told()).toEqual([
      ['on_undefine', 'com.x.a', 'procedure'],
      ['on_undefine', 'com.x.a', 'topic'],
      [undefined, peer.session, expect.any(String), 'anonymous'],
    ]);
    expect(await call(watcher, 'wamp.reflect.describe')).toEqual({});
  },
);

test('REFL-01: of several definitions of one URI the oldest counts, and the next takes its place', async () => {
  const { join } = await setUp();
  const [first, second, watcher] = [await join(), await join(), await join()];
  const told = await watch(watcher);
  await define(first, 'com.x.it', { by: 1 }, 'procedure');
  expect(await define(second, 'com.x.it', { by: 2 }, 'procedure')).toBe(false);
  expect(await call(watcher, 'wamp.reflect.describe', ['com.x.it'])).toEqual({ by: 1 });
  await first.drop();
  expect(await call(watcher, 'wamp.reflect.describe', ['com.x.it'])).toEqual({ by: 2 });
  await second.drop();
  expect(told()).toEqual([
    ['on_define', 'com.x.it', { by: 1 }, true, 'procedure'],
    ['on_define', 'com.x.it', { by: 2 }, false, 'procedure'],
    ['on_undefine', 'com.x.it', 'procedure'],
  ]);
});

const meta = { uri: 'wamp.', match: 'prefix', allow: ['call', 'subscribe'] } as const;
const roles = [
  { name: 'callee', permissions: [meta, { uri: 'com.p.', match: 'prefix', allow: ['register', 'call'] }] },
  { name: 'publisher', permissions: [meta, { uri: 'com.t.', match: 'prefix', allow: ['publish'] }] },
  { name: 'caller', permissions: [meta, { uri: 'com.p.open', allow: ['call'] }] },
  { name: 'subscriber', permissions: [meta, { uri: 'com.t.', match: 'prefix', allow: ['subscribe'] }] },
] as const;
const closed: Partial<RealmOptions> = { authenticators: roles.map(({ name }) => asRole(name)), roles };

test.each([
  ['callee', 'com.p.a', 'procedure', true],
  ['callee', 'com.p.a', 'error', true],
  ['callee', 'com.p.a', 'topic', 'wamp.error.not_authorized'],
  ['callee', 'com.p.a', undefined, true],
  ['callee', 'com.t.a', 'procedure', 'wamp.error.not_authorized'],
  ['publisher', 'com.t.a', 'topic', true],
  ['publisher', 'com.t.a', undefined, true],
  ['publisher', 'com.t.a', 'procedure', 'wamp.error.not_authorized'],
  ['caller', 'com.p.open', undefined, 'wamp.error.not_authorized'],
  ['subscriber', 'com.t.a', 'topic', 'wamp.error.not_authorized'],
])('REFL-01, AZ-01: a %s defines %s as %s: %s', async (role, uri, kind, answer) => {
  const { join } = await setUp(closed);
  expect(await define(await join(role), uri, { a: 1 }, kind)).toBe(answer);
});

test('REFL-01, AZ-04: list, describe and the events tell a session of what it may call or subscribe to alone', async () => {
  const { join } = await setUp(closed);
  const [callee, publisher, caller, subscriber] = (await Promise.all(
    roles.map(({ name }) => join(name)),
  )) as [ScriptedPeer, ScriptedPeer, ScriptedPeer, ScriptedPeer];
  const [toldCaller, toldSubscriber] = [await watch(caller), await watch(subscriber)];
  await callee.exchange(new Register(1, {}, 'com.p.open'), new Register(2, {}, 'com.p.secret'));
  await define(callee, 'com.p.open', { a: 1 });
  await define(callee, 'com.p.secret', { a: 2 });
  await define(publisher, 'com.t.a', { a: 3 });
  expect(toldCaller()).toEqual([['on_define', 'com.p.open', { a: 1 }, true, 'procedure']]);
  expect(toldSubscriber()).toEqual([['on_define', 'com.t.a', { a: 3 }, true, 'topic']]);
  expect(await call(caller, 'wamp.reflection.procedure.list')).toEqual(['com.p.open']);
  expect(await call(caller, 'wamp.reflection.procedure.describe', ['com.p.secret'])).toBeNull();
  expect(await call(caller, 'wamp.reflection.topic.list')).toEqual([]);
  expect(await call(caller, 'wamp.reflect.describe', ['com.t.a'])).toBeNull();
  expect(await call(caller, 'wamp.reflect.describe')).toEqual({ 'com.p.open': { a: 1 } });
  expect(await call(subscriber, 'wamp.reflection.topic.list')).toEqual(['com.t.a']);
  expect(await call(subscriber, 'wamp.reflect.describe')).toEqual({ 'com.t.a': { a: 3 } });
  await callee.drop();
  expect(toldCaller()).toEqual([['on_undefine', 'com.p.open', 'procedure']]);
  expect(toldSubscriber()).toEqual([]);
});

test('REFL-01, AZ-03: of a role with an authorizer it is asked for one URI, and of many what is known is told', async () => {
  const asked: string[] = [];
  const open = { uri: 'com.p.ruled', allow: ['call', 'register'] } as const;
  const authorizer = {
    name: 'test',
    authorize: async (_: unknown, uri: string, action: string) => {
      asked.push(`${action} ${uri}`);
      await turn();
      return !uri.includes('secret');
    },
  };
  const { join } = await setUp({
    authenticators: [asRole('asking')],
    roles: [{ name: 'asking', permissions: [meta, open], authorizer }],
  });
  const [provider, asker] = [await join('asking'), await join('asking')];
  for (const [uri, answer] of [
    ['com.p.ruled', true],
    ['com.p.open', true],
    ['com.p.secret', 'wamp.error.not_authorized'],
  ] as const)
    expect(await define(provider, uri, { a: 1 }, 'procedure')).toBe(answer);
  expect(asked).toEqual(['register com.p.open', 'register com.p.secret']);
  const describing = call(asker, 'wamp.reflection.procedure.describe', ['com.p.open']);
  expect(await describing).toEqual({ a: 1 });
  expect(asked).toHaveLength(3);
  expect(await call(asker, 'wamp.reflection.procedure.list')).toEqual(['com.p.ruled']);
  expect(await call(asker, 'wamp.reflect.describe')).toEqual({ 'com.p.ruled': { a: 1 } });
  expect(asked).toHaveLength(3);
  // who leaves while it is asked about defines nothing
  provider.send(new Call(++request, {}, 'wamp.reflect.define', Payload.of(['com.p.late', { a: 1 }])));
  await provider.drop();
  await turn();
  await turn();
  expect(await call(asker, 'wamp.reflect.describe', ['com.p.late'])).toBeNull();
});

test('REFL-01: an event that is not for all is in no history', async () => {
  const history = [{ topic: 'wamp.reflect.', match: 'prefix', limit: 10 }] as const;
  const { join } = await setUp({ history });
  const peer = await join();
  await define(peer, 'com.x.it', { a: 1 });
  const [id] = (await call(peer, 'wamp.subscription.match', ['wamp.reflect.on_define'])) as number[];
  expect(await call(peer, 'wamp.subscription.get_events', [id])).toBeUndefined();
});

test.each([
  ['wamp.reflect.define', [], {}, 'wamp.error.invalid_argument'],
  ['wamp.reflect.define', [1, {}], {}, 'wamp.error.invalid_argument'],
  ['wamp.reflect.define', ['com.x'], {}, 'wamp.error.invalid_argument'],
  ['wamp.reflect.define', ['com.x', 'text'], {}, 'wamp.error.invalid_argument'],
  ['wamp.reflect.define', ['com.x', []], {}, 'wamp.error.invalid_argument'],
  ['wamp.reflect.define', ['com.x', {}], { kind: 'thing' }, 'wamp.error.invalid_argument'],
  ['wamp.reflect.define', ['com..x', {}], {}, 'wamp.error.invalid_uri'],
  ['wamp.reflect.define', ['', {}], {}, 'wamp.error.invalid_uri'],
  ['wamp.reflect.define', ['com.x'.padEnd(5000, 'x'), {}], {}, 'wamp.error.invalid_uri'],
  ['wamp.reflect.define', ['wamp.session.count', {}], {}, 'wamp.error.invalid_uri'],
  ['wamp.reflect.describe', [1], {}, 'wamp.error.invalid_argument'],
  ['wamp.reflection.topic.describe', [], {}, 'wamp.error.invalid_argument'],
])('REFL-01, UMETA-04: %s with %j and %j is %s', async (procedure, args, kwargs, uri) => {
  const { join } = await setUp();
  expect(await call(await join(), procedure, args as unknown[], kwargs)).toBe(uri);
});

test('REFL-01: definitions are bounded by number for a session and for the realm, and by size', async () => {
  const { join } = await setUp();
  const fill = async (peer: ScriptedPeer) => {
    const calls = Array.from({ length: DEFINITIONS_PER_SESSION }, (_, index) => {
      const args = [`com.s${peer.session}.n${index}`, { a: 1 }];
      return new Call(index + 1, {}, 'wamp.reflect.define', Payload.of(args, { kind: 'topic' }));
    });
    expect((await peer.exchange(...calls)).filter(([code]) => code === 50)).toHaveLength(calls.length);
  };
  const first = await join();
  await fill(first);
  expect(await define(first, 'com.more', {}, 'topic')).toBe('wamp.error.unavailable');
  expect(await define(first, `com.s${first.session}.n0`, { b: 2 }, 'topic')).toBe(false);
  const others = [];
  for (let held = DEFINITIONS_PER_SESSION; held < DEFINITIONS_PER_REALM; held += DEFINITIONS_PER_SESSION) {
    others.push(await join());
    await fill(others.at(-1) as ScriptedPeer);
  }
  const last = await join();
  expect(await define(last, 'com.more', {}, 'topic')).toBe('wamp.error.unavailable');
  await first.drop();
  // both or none
  const large = { text: 'x'.repeat(DEFINITION_SIZE_PER_SESSION / 2) };
  expect(await define(last, 'com.more', large)).toBe('wamp.error.unavailable');
  expect(await call(last, 'wamp.reflect.describe', ['com.more'])).toBeNull();
  expect(await define(last, 'com.more', large, 'topic')).toBe(true);
  expect(await define(last, 'com.more', { a: 1 }, 'topic')).toBe(false);
  expect(await define(last, 'com.other', large, 'topic')).toBe(true);
});
