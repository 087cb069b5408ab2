import { Call, Goodbye, Payload, type Peer, Publish, Register, Subscribe, Yield } from '@wampkit/protocol';
import { FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, type RealmOptions, Router, type SessionLeft } from '../index.js';

const trusting: Authenticator = {
  method: 'anonymous',
  start: ({ authextra }) => ({
    type: 'accept',
    authid: authextra.authid as string,
    authrole: authextra.authrole as string,
  }),
};

const everything = { uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'] } as const;

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const left: SessionLeft[] = [];
  const clock = new FakeClock();
  const router = new Router({
    clock,
    realms: [
      {
        name: 'realm1',
        authenticators: [trusting],
        roles: [
          ...['red', 'blue'].map((name) => ({ name, permissions: [everything] })),
          { name: 'none', permissions: [] },
        ],
        ...realm,
      },
    ],
    events: {
      sessionLeft: (info) => left.push(info),
      bug: ({ error }) => {
        throw error;
      },
    },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (authid: string, authrole = 'red') =>
    ScriptedPeer.join(attach, 'realm1', { authextra: { authid, authrole } });
  const killer = await join('ann');
  let request = 0;
  const call = async (procedure: string, args: unknown[] = [], kwargs: Record<string, unknown> = {}) => {
    const [answer] = await killer.exchange(new Call(++request, {}, procedure, Payload.of(args, kwargs)));
    return answer?.[0] === 50 ? answer.slice(3) : answer?.[4];
  };
  return { join, killer, call, left, clock };
};

const goodbye = (reason = 'wamp.close.killed', details = {}) => [[6, details, reason]];

test('SMETA-06: kill ends a session with GOODBYE wamp.close.killed and no message', async () => {
  const { join, call, left, clock } = await setUp();
  const victim = await join('bob');
  expect(await call('wamp.session.kill', [victim.session])).toEqual([]);
  expect(victim.take()).toEqual(goodbye());
  expect(left).toMatchObject([{ session: { session: victim.session }, reason: 'wamp.close.killed' }]);
  expect(await call('wamp.session.count')).toEqual([[1]]);
  expect(victim.closed).toBeNull();
  await victim.exchange(new Goodbye({}, 'wamp.close.goodbye_and_out'));
  expect(victim.closed).not.toBeNull();
  expect(clock.timers).toBe(0);
  expect(left).toHaveLength(1);
});

test('SMETA-06: reason and message are in the GOODBYE', async () => {
  const { join, call } = await setUp();
  const victim = await join('bob');
  await call('wamp.session.kill', [victim.session], { reason: 'com.example.enough', message: 'go home' });
  expect(victim.take()).toEqual(goodbye('com.example.enough', { message: 'go home' }));
});

test('SMETA-06: a victim that does not answer GOODBYE is closed, and nothing it sends counts', async () => {
  const { join, call, clock } = await setUp();
  const victim = await join('bob');
  await call('wamp.session.kill', [victim.session]);
  victim.take();
  expect(await victim.exchange(new Publish(1, { acknowledge: true }, 'a.b'))).toEqual([]);
  clock.advance(60_000);
  await turn();
  expect(victim.closed).not.toBeNull();
});

test('SMETA-06: the own id, an unknown one and one killed before give no_such_session', async () => {
  const { join, killer, call } = await setUp();
  const victim = await join('bob');
  await call('wamp.session.kill', [victim.session]);
  for (const id of [killer.session, victim.session, 12345])
    expect(await call('wamp.session.kill', [id])).toBe('wamp.error.no_such_session');
  expect(killer.closed).toBeNull();
});

const procedures: [string, unknown[]][] = [
  ['wamp.session.kill', [1]],
  ['wamp.session.kill_by_authid', ['bob']],
  ['wamp.session.kill_by_authrole', ['red']],
  ['wamp.session.kill_all', []],
];

test.each(procedures)(
  'SMETA-06, SMETA-07: %s refuses a bad reason and kills nobody',
  async (procedure, args) => {
    const { join, call } = await setUp();
    const victim = await join('bob');
    for (const reason of ['no uri', 'a..b', '', 5, {}])
      expect(await call(procedure, args, { reason })).toBe('wamp.error.invalid_uri');
    expect(await call(procedure, args, { message: 5 })).toBe('wamp.error.invalid_argument');
    expect(victim.take()).toEqual([]);
  },
);

test.each([
  ['wamp.session.kill', []],
  ['wamp.session.kill', ['1']],
  ['wamp.session.kill', [1.5]],
  ['wamp.session.kill_by_authid', []],
  ['wamp.session.kill_by_authid', [5]],
  ['wamp.session.kill_by_authrole', [null]],
])('UMETA-04: %s with arguments %j gives invalid_argument', async (procedure, args) => {
  const { call } = await setUp();
  expect(await call(procedure, args as unknown[])).toBe('wamp.error.invalid_argument');
});

test('SMETA-07: kill_by_authid gives the list of ids, kill_by_authrole and kill_all a count; the caller is spared', async () => {
  const { join, killer, call } = await setUp();
  const anns = [await join('ann'), await join('ann', 'blue')];
  const blues = [await join('bob', 'blue'), await join('cid', 'blue')];
  const others = [await join('dan'), await join('eve')];
  expect(await call('wamp.session.kill_by_authid', ['ann'])).toEqual([[anns.map(({ session }) => session)]]);
  expect(await call('wamp.session.kill_by_authid', ['ann'])).toEqual([[[]]]);
  expect(await call('wamp.session.kill_by_authrole', ['blue'])).toEqual([[2]]);
  expect(await call('wamp.session.kill_by_authrole', ['blue'])).toEqual([[0]]);
  expect(await call('wamp.session.kill_by_authrole', ['green'])).toEqual([[0]]);
  expect(await call('wamp.session.kill_all', [], { message: 'night' })).toEqual([[2]]);
  expect(await call('wamp.session.kill_all')).toEqual([[0]]);
  for (const victim of [...anns, ...blues]) expect(victim.take()).toEqual(goodbye());
  for (const victim of others)
    expect(victim.take()).toEqual(goodbye('wamp.close.killed', { message: 'night' }));
  expect(killer.closed).toBeNull();
  expect(await call('wamp.session.list')).toEqual([[[killer.session]]]);
});

test('SMETA-08: kill_all tells of no session that leaves; the other ways do', async () => {
  const { join, killer, call } = await setUp();
  await killer.exchange(new Subscribe(900, {}, 'wamp.session.on_leave'));
  const [one, two, three] = [await join('bob'), await join('cid'), await join('dan', 'blue')];
  await call('wamp.session.kill_by_authid', ['bob']);
  await call('wamp.session.kill', [two.session]);
  await call('wamp.session.kill_by_authrole', ['blue']);
  const told = killer.received.filter(([code]) => code === 36).map((message) => message[4]);
  expect(told).toEqual([
    [one.session, 'bob', 'red'],
    [two.session, 'cid', 'red'],
    [three.session, 'dan', 'blue'],
  ]);
  await join('eve');
  await call('wamp.session.kill_all');
  await (await join('fay')).drop();
  expect(killer.received.filter(([code]) => code === 36)).toHaveLength(4);
});

test('SMETA-06: kill is subject to permissions as any call, and sessionKill: false takes it away', async () => {
  const { join } = await setUp();
  const weak = await join('bob', 'none');
  const refused = await weak.exchange(new Call(1, {}, 'wamp.session.kill_all'));
  expect(refused[0]?.[4]).toBe('wamp.error.not_authorized');
  const { call } = await setUp({ sessionKill: false });
  for (const [procedure, args] of procedures)
    expect(await call(procedure, args)).toBe('wamp.error.no_such_procedure');
  expect(await call('wamp.session.count')).toEqual([[1]]);
});

/* What crosses a kill, in one turn, and what each side then got. */
test('SMETA-06: a kill that crosses the end of its victim happens once', async () => {
  for (const order of ['kill first', 'end first']) {
    const { join, killer, left } = await setUp();
    const victim = await join('bob');
    const kill = (): void => killer.send(new Call(1, {}, 'wamp.session.kill', Payload.of([victim.session])));
    const end = (): void => victim.send(new Goodbye({}, 'wamp.close.close_realm'));
    for (const step of order === 'kill first' ? [kill, end] : [end, kill]) step();
    await turn();
    expect(left).toHaveLength(1);
    expect(victim.take()).toHaveLength(1);
    expect(killer.take()[0]?.[0]).toBe(order === 'kill first' ? 50 : 8);
  }
});

test('SMETA-06: calls of and to a victim end as they do when it leaves', async () => {
  const { join, killer, call } = await setUp();
  const victim = await join('bob');
  const other = await join('cid');
  await victim.exchange(new Register(1, {}, 'of.victim'));
  await other.exchange(new Register(1, {}, 'of.other'), new Call(2, {}, 'of.victim'));
  victim.take();
  await victim.exchange(new Call(2, {}, 'of.other'));
  other.take();
  victim.send(new Yield(1, {}));
  killer.send(new Call(800, {}, 'wamp.session.kill', Payload.of([victim.session])));
  await turn();
  // the yield came before the kill
  expect(other.take()).toEqual([
    [50, 2, {}],
    [69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }],
  ]);
  expect(await other.exchange(new Yield(1, {}))).toEqual([]);
  expect((await other.exchange(new Call(3, {}, 'of.victim')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
  killer.take();
  expect(await call('wamp.session.count')).toEqual([[2]]);
});

test('SMETA-06: a victim waiting for a call gets GOODBYE alone; its callee is answered for', async () => {
  const { join, killer } = await setUp();
  const [victim, caller] = [await join('bob'), await join('cid')];
  await victim.exchange(new Register(1, {}, 'of.victim'));
  await caller.exchange(new Call(1, {}, 'of.victim'));
  victim.take();
  killer.send(new Call(1, {}, 'wamp.session.kill', Payload.of([victim.session])));
  victim.send(new Yield(1, {}));
  await turn();
  expect(victim.take()).toEqual(goodbye());
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
});

test('SMETA-06: two sessions that kill each other leave one', async () => {
  const { join, killer } = await setUp();
  const other = await join('bob');
  killer.send(new Call(1, {}, 'wamp.session.kill', Payload.of([other.session])));
  other.send(new Call(1, {}, 'wamp.session.kill', Payload.of([killer.session])));
  await turn();
  expect(killer.take()).toEqual([[50, 1, {}]]);
  expect(other.take()).toEqual(goodbye());
});
