import { Call, type Dict, Payload, type Peer, Register, Unregister, Yield } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type RealmOptions, Router } from '../index.js';

const revocable = { callee: { features: { registration_revocation: true, call_canceling: true } } };
const plain = { callee: { features: { call_canceling: true } } };

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const bugs: unknown[] = [];
  const router = new Router({
    realms: [{ name: 'realm1', ...realm }],
    events: { bug: (info) => bugs.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (roles: Dict = revocable, details: Dict = {}) =>
    ScriptedPeer.join(attach, 'realm1', { roles, ...details });
  const caller = await join();
  let request = 1000;
  const ask = async (procedure: string, args: unknown[] = [], kwargs: Dict = {}) => {
    const call = new Call(++request, {}, procedure, Payload.of(args, kwargs));
    const answer = (await caller.exchange(call)).find(([, a, b]) => a === request || b === request);
    return answer?.[0] === 50 ? answer.slice(3) : answer?.[4];
  };
  return { join, caller, ask, bugs };
};

const register = async (peer: ScriptedPeer, options: Dict = {}, request = 1): Promise<number> => {
  const got = await peer.exchange(new Register(request, options, 'a.b'));
  return got.find(([code]) => code === 65)?.[2] as number;
};

const remove = 'wamp.registration.remove_callee';

test('RREV-01: the dealer announces registration_revocation', async () => {
  const { caller } = await setUp();
  expect(caller.details.roles).toHaveProperty('dealer.features.registration_revocation', true);
});

test.each([
  ['as a keyword', [], { reason: 'moving' }, 'moving'],
  ['in third place', ['moving'], {}, 'moving'],
  ['not given', [], {}, undefined],
])(
  'RREV-02: a revoked callee gets UNREGISTERED with request 0; reason %s',
  async (_, more, kwargs, reason) => {
    const { join, ask } = await setUp();
    const callee = await join();
    const registration = await register(callee);
    expect(await ask(remove, [registration, callee.session, ...more], kwargs)).toEqual([]);
    expect(await callee.exchange()).toEqual([
      [67, 0, reason === undefined ? { registration } : { registration, reason }],
    ]);
    expect(await ask('a.b')).toBe('wamp.error.no_such_procedure');
    expect((await callee.exchange(new Unregister(2, registration)))[0]?.[4]).toBe(
      'wamp.error.no_such_registration',
    );
    expect(await register(callee, {}, 3)).toEqual(expect.any(Number));
  },
);

test('RREV-02: a callee that did not announce it is told nothing', async () => {
  const { join, ask } = await setUp();
  const callee = await join(plain);
  const registration = await register(callee);
  expect(await ask(remove, [registration, callee.session])).toEqual([]);
  expect(await callee.exchange()).toEqual([]);
  expect(await ask('a.b')).toBe('wamp.error.no_such_procedure');
});

test('RREV-02, SHR-02: of several callees only the one that is named goes', async () => {
  const { join, ask } = await setUp();
  const [first, second] = [await join(), await join()];
  const registration = await register(first, { invoke: 'first' });
  await register(second, { invoke: 'first' });
  await ask(remove, [registration, first.session]);
  expect(await ask('wamp.registration.list_callees', [registration])).toEqual([[[second.session]]]);
  expect(second.take()).toEqual([]);
});

test('RREV-02, A23: a call that the revoked callee serves goes on', async () => {
  const { join, caller, ask } = await setUp();
  const callee = await join();
  const registration = await register(callee);
  await caller.exchange(new Call(1, {}, 'a.b'));
  await ask(remove, [registration, callee.session]);
  await callee.exchange(new Yield(1, {}, Payload.of(['done'])));
  expect(caller.take()).toEqual([[50, 1, {}, ['done']]]);
});

test.each([
  [[], 'wamp.error.invalid_argument'],
  [['x', 1], 'wamp.error.invalid_argument'],
  [[1], 'wamp.error.invalid_argument'],
  [[1, 'x'], 'wamp.error.invalid_argument'],
  [[1, 1, 7], 'wamp.error.invalid_argument'],
  [[12345, 1], 'wamp.error.no_such_registration'],
])('RREV-02: remove_callee with %j gives %s', async (args, uri) => {
  const { ask } = await setUp();
  expect(await ask(remove, args)).toBe(uri);
});

test('RREV-02: remove_callee of a session that is no callee gives no_such_session and changes nothing', async () => {
  const { join, ask, caller } = await setUp();
  const callee = await join();
  const registration = await register(callee);
  expect(await ask(remove, [registration, caller.session])).toBe('wamp.error.no_such_session');
  expect(callee.take()).toEqual([]);
  expect(await ask('wamp.registration.count_callees', [registration])).toEqual([[1]]);
});

test('RREV-02: a session may remove itself', async () => {
  const { join } = await setUp();
  const callee = await join();
  const registration = await register(callee);
  const got = await callee.exchange(new Call(2, {}, remove, Payload.of([registration, callee.session])));
  expect(got).toEqual([
    [67, 0, { registration }],
    [50, 2, {}],
  ]);
});

test('RREV-02: remove_callee is subject to permissions', async () => {
  const allow = (uri: string) => ({ uri, allow: ['call', 'register'] as const });
  const { join, ask } = await setUp({
    authenticators: [
      {
        method: 'anonymous',
        start: () => ({ type: 'accept', authid: 'a', authrole: 'user' }) as const,
      },
    ],
    roles: [{ name: 'user', permissions: [allow('a.b')] }],
  });
  const callee = await join();
  const registration = await register(callee);
  expect(await ask(remove, [registration, callee.session])).toBe('wamp.error.not_authorized');
});

const forced = { force_reregister: true };

test('RREV-02: force_reregister takes a registration over, with a new id; whoever announced it is told', async () => {
  const { join, caller } = await setUp();
  const [former, next] = [await join(), await join()];
  const old = await register(former);
  const id = await register(next, forced);
  expect(id).not.toBe(old);
  expect(former.take()).toEqual([[67, 0, { registration: old, reason: expect.any(String) }]]);
  await caller.exchange(new Call(1, {}, 'a.b'));
  expect(next.take()).toEqual([[68, 1, id, {}]]);
  expect((await former.exchange(new Unregister(2, old)))[0]?.[4]).toBe('wamp.error.no_such_registration');
});

test('RREV-02: force_reregister of a callee that cannot be told works as well', async () => {
  const { join, caller } = await setUp();
  const [former, next] = [await join(plain), await join(plain)];
  await register(former);
  await register(next, forced);
  expect(former.take()).toEqual([]);
  await caller.exchange(new Call(1, {}, 'a.b'));
  expect(next.take()).toHaveLength(1);
});

test('RREV-02: force_reregister where nobody registered is an ordinary REGISTER', async () => {
  const { join } = await setUp();
  const callee = await join();
  expect(await callee.exchange(new Register(1, forced, 'a.b'))).toEqual([[65, 1, expect.any(Number)]]);
});

test('RREV-02, SHR-02: force_reregister takes it from all callees, and fixes the policy anew', async () => {
  const { join } = await setUp();
  const callees = [await join(), await join(plain), await join()];
  for (const callee of callees) await register(callee, { invoke: 'roundrobin' });
  const next = await join();
  await register(next, { ...forced, invoke: 'last' });
  expect(callees.map((callee) => callee.take().length)).toEqual([1, 0, 1]);
  expect(await register(callees[0] as ScriptedPeer, { invoke: 'last' }, 2)).toEqual(expect.any(Number));
});

test('RREV-02: force_reregister of the session that has it: the old id ends, the new one holds', async () => {
  const { join, caller } = await setUp();
  const callee = await join();
  const old = await register(callee);
  const got = await callee.exchange(new Register(2, forced, 'a.b'));
  expect(got).toEqual([
    [67, 0, { registration: old, reason: expect.any(String) }],
    [65, 2, expect.any(Number)],
  ]);
  await caller.exchange(new Call(1, {}, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, got[1]?.[2], {}]]);
});

test('RREV-02, SHR-03: calls that wait go to whoever took over; the one that is served goes on', async () => {
  const { join, caller } = await setUp();
  const [former, next] = [await join(), await join()];
  await register(former, { concurrency: 1 });
  await caller.exchange(
    new Call(1, {}, 'a.b', Payload.of(['first'])),
    new Call(2, {}, 'a.b', Payload.of(['second'])),
  );
  const got = await next.exchange(new Register(1, forced, 'a.b'));
  expect(got.map(([code]) => code)).toEqual([65, 68]);
  expect(got[1]?.[4]).toEqual(['second']);
  await former.exchange(new Yield(1, {}, Payload.of(['one'])));
  await next.exchange(new Yield(1, {}, Payload.of(['two'])));
  expect(caller.take()).toEqual([
    [50, 1, {}, ['one']],
    [50, 2, {}, ['two']],
  ]);
});

test('RREV-02, AZ-01: without the right to register, force_reregister changes nothing', async () => {
  const role = (name: string, allow: readonly ('call' | 'register')[]) => ({
    name,
    permissions: [{ uri: '', match: 'prefix' as const, allow }],
  });
  const as = (authrole: string) => ({
    method: authrole,
    start: () => ({ type: 'accept', authid: 'a', authrole }) as const,
  });
  const { join } = await setUp({
    authenticators: [as('anonymous'), as('guest')],
    roles: [role('anonymous', ['call', 'register']), role('guest', ['call'])],
  });
  const callee = await join();
  await register(callee);
  const guest = await join(revocable, { authmethods: ['guest'] });
  expect((await guest.exchange(new Register(1, forced, 'a.b')))[0]?.[4]).toBe('wamp.error.not_authorized');
  expect(callee.take()).toEqual([]);
});

test('BP-URI-05: nobody takes over what the router serves', async () => {
  const { join, ask } = await setUp();
  const callee = await join();
  expect((await callee.exchange(new Register(1, forced, 'wamp.session.count')))[0]?.[4]).toBe(
    'wamp.error.invalid_uri',
  );
  expect(await ask('wamp.session.count')).toEqual([[2]]);
});
