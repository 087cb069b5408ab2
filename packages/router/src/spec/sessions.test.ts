import {
  Abort,
  Call,
  CloseUri,
  type Dict,
  emptyDict,
  Goodbye,
  Hello,
  isId,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Yield,
} from '@wampkit/protocol';
import { allRoles, FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router, type RouterOptions, type SessionLeft } from '../index.js';

const setUp = (options: Partial<RouterOptions> = {}) => {
  const left: SessionLeft[] = [];
  const bugs: unknown[] = [];
  const clock = new FakeClock();
  const router = new Router({
    realms: [{ name: 'realm1' }, { name: 'realm2' }],
    clock,
    events: { sessionLeft: (info) => left.push(info), bug: (info) => bugs.push(info) },
    ...options,
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (realm?: string): Promise<ScriptedPeer> => ScriptedPeer.join(attach, realm);
  return { router, attach, join, clock, left, bugs };
};

const greet = async (attach: (peer: Peer) => void, realm: string, details: Dict = { roles: allRoles }) => {
  const peer = new ScriptedPeer();
  attach(peer.far);
  const answer = await peer.exchange(new Hello(realm, details));
  return { peer, answer };
};

const aborted = (reason: string) => [[3, { message: expect.any(String) }, reason]];

test('BP-SESS-02: HELLO is answered with WELCOME, a random session id and the roles broker and dealer', async () => {
  const { attach } = setUp();
  const { answer } = await greet(attach, 'realm1');
  expect(answer).toHaveLength(1);
  const [code, session, details] = answer[0] as [number, number, Dict];
  expect(code).toBe(2);
  expect(isId(session)).toBe(true);
  expect(Object.keys(details.roles as Dict)).toEqual(['broker', 'dealer']);
});

test('BP-SESS-03: WELCOME names the agent', async () => {
  const { join } = setUp({ agent: 'my-router 1.0' });
  expect((await join()).details.agent).toBe('my-router 1.0');
});

test('CONF-01: WELCOME announces exactly the features that work', async () => {
  const { join } = setUp();
  expect((await join()).details.roles).toEqual({
    broker: {
      reflection: true,
      features: {
        publisher_identification: true,
        publisher_exclusion: true,
        subscriber_blackwhite_listing: true,
        pattern_based_subscription: true,
        payload_passthru_mode: true,
        event_retention: true,
        session_meta_api: true,
        subscription_meta_api: true,
        subscription_revocation: true,
      },
    },
    dealer: {
      reflection: true,
      features: {
        caller_identification: true,
        call_canceling: true,
        progressive_call_results: true,
        progressive_call_invocations: true,
        pattern_based_registration: true,
        payload_passthru_mode: true,
        shared_registration: true,
        call_timeout: true,
        call_reroute: true,
        registration_revocation: true,
        registration_meta_api: true,
        session_meta_api: true,
        testament_meta_api: true,
      },
    },
  });
});

test('BP-ID-02: session ids are random over the whole range', async () => {
  const { join } = setUp();
  const ids = await Promise.all(Array.from({ length: 40 }, async () => (await join()).session));
  expect(new Set(ids).size).toBe(40);
  expect(Math.max(...ids)).toBeGreaterThan(2 ** 45);
});

test('BP-ID-02: a session id that is taken is not given again', async () => {
  const ids = [7, 7, 7, 8];
  const { join } = setUp({
    realms: [{ name: 'realm1', metaApi: false }],
    ids: { next: () => ids.shift() ?? 99 },
  });
  expect((await join()).session).toBe(7);
  expect((await join()).session).toBe(8);
});

test.each([{}, { roles: {} }, { roles: { broker: {} } }, { roles: [] }])(
  'BP-SESS-01, A6: HELLO with details %j is a protocol violation',
  async (details) => {
    const { attach } = setUp();
    const { peer, answer } = await greet(attach, 'realm1', details as Dict);
    expect(answer).toEqual(aborted('wamp.error.protocol_violation'));
    expect(peer.closed).not.toBeNull();
  },
);

test('BP-SESS-04, AUTH-04: an unknown realm gives no_such_realm', async () => {
  const { attach } = setUp();
  const { peer, answer } = await greet(attach, 'realm9');
  expect(answer).toEqual(aborted('wamp.error.no_such_realm'));
  expect(peer.closed).not.toBeNull();
});

test.each(['', 'a..b', 'a b', '.a', 'a#b'])('BP-URI-06, A2: realm %j gives invalid_uri', async (realm) => {
  const { attach } = setUp();
  expect((await greet(attach, realm)).answer).toEqual(aborted('wamp.error.invalid_uri'));
});

test('AUTH-04: a peer attached for some realms finds no other', async () => {
  const { router } = setUp();
  const attach = (peer: Peer): void => router.attach(peer, { realms: ['realm2'] });
  expect((await greet(attach, 'realm1')).answer).toEqual(aborted('wamp.error.no_such_realm'));
  expect((await greet(attach, 'realm2')).answer[0]?.[0]).toBe(2);
});

test('BP-SESS-06: GOODBYE is answered with goodbye_and_out and the session is over once', async () => {
  const { join, left } = setUp();
  const peer = await join();
  const answer = await peer.exchange(new Goodbye(emptyDict, 'wamp.close.close_realm'));
  expect(answer).toEqual([[6, {}, 'wamp.close.goodbye_and_out']]);
  expect(peer.closed).toBeNull();
  await peer.drop();
  expect(left).toHaveLength(1);
  expect(left[0]).toMatchObject({ reason: 'wamp.close.close_realm', session: { session: peer.session } });
});

test('BP-TRN-04: a transport carries one session after another, also of another realm, with counters of its own', async () => {
  const { join } = setUp({ realms: [{ name: 'realm1', requestIds: 'strict' }, { name: 'realm2' }] });
  const peer = await join('realm1');
  await peer.exchange(new Register(1, {}, 'a.b'));
  expect(await peer.exchange(new Call(2, {}, 'a.b'))).toEqual([[68, 1, expect.any(Number), {}]]);
  const first = peer.session;
  await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  await peer.hello('realm2');
  expect(peer.session).not.toBe(first);
  await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  await peer.hello('realm1');
  await peer.exchange(new Register(1, {}, 'a.b'));
  expect(await peer.exchange(new Call(2, {}, 'a.b'))).toEqual([[68, 1, expect.any(Number), {}]]);
});

test('BP-SESS-05: ABORT of a client is not answered and ends session and transport', async () => {
  const { join, left } = setUp();
  const [callee, caller] = [await join(), await join()];
  await callee.exchange(new Register(1, {}, 'a.b'));
  await caller.exchange(new Call(1, {}, 'a.b'));
  expect(await callee.exchange(new Abort({ message: 'no' }, 'com.example.broken'))).toEqual([
    [68, 1, expect.any(Number), {}],
  ]);
  expect(callee.closed).not.toBeNull();
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
  expect(left).toHaveLength(1);
  expect(left[0]).toMatchObject({ reason: 'com.example.broken', message: 'no' });
});

test('BP-SESS-05: ABORT before WELCOME ends the transport without an answer', async () => {
  const { attach } = setUp();
  const peer = new ScriptedPeer();
  attach(peer.far);
  expect(await peer.exchange(new Abort({}, 'wamp.close.system_shutdown'))).toEqual([]);
  expect(peer.closed).not.toBeNull();
});

test('BP-SESS-07: the end of a session, whatever its way, takes subscriptions and registrations away once', async () => {
  const ways: ((peer: ScriptedPeer) => Promise<unknown>)[] = [
    (peer) => peer.exchange(new Goodbye({}, 'wamp.close.close_realm')),
    (peer) => peer.exchange(new Abort({}, 'com.example.broken')),
    (peer) => peer.exchange(new Hello('realm1', { roles: allRoles })),
    (peer) => peer.drop(),
  ];
  for (const end of ways) {
    const { join, left, bugs } = setUp();
    const [leaver, stayer] = [await join(), await join()];
    await leaver.exchange(new Subscribe(1, {}, 'a.topic'), new Register(2, {}, 'a.procedure'));
    await end(leaver);
    expect(left).toHaveLength(1);
    leaver.take();
    await stayer.exchange(new Publish(1, {}, 'a.topic'));
    expect(leaver.take()).toEqual([]);
    expect((await stayer.exchange(new Register(2, {}, 'a.procedure')))[0]?.[0]).toBe(65);
    expect(bugs).toEqual([]);
  }
});

test('BP-SESS-08: close says GOODBYE system_shutdown to sessions and ABORT to handshakes, and is done when they left', async () => {
  const { router, attach, join, left, clock } = setUp();
  const peer = await join();
  const waiting = new ScriptedPeer();
  attach(waiting.far);
  const closed = router.close();
  await turn();
  expect(peer.take()).toEqual([[6, { message: expect.any(String) }, CloseUri.SystemShutdown]]);
  expect(waiting.take()).toEqual(aborted(CloseUri.SystemShutdown));
  expect(waiting.closed).not.toBeNull();
  expect(left).toHaveLength(1);
  expect(peer.closed).toBeNull();
  await peer.exchange(new Goodbye({}, 'wamp.close.goodbye_and_out'));
  await closed;
  expect(peer.closed).not.toBeNull();
  expect(clock.timers).toBe(0);
});

test('BP-SESS-06: after the GOODBYE of the router nothing but GOODBYE counts, and nothing more is sent', async () => {
  const { router, join, clock } = setUp();
  const peer = await join();
  const closed = router.close();
  await turn();
  peer.take();
  const late = [new Publish(1, { acknowledge: true }, 'a.b'), new Call(2, {}, 'a.b'), new Yield(9, {})];
  expect(await peer.exchange(...late, new Hello('realm1', { roles: allRoles }))).toEqual([]);
  expect(peer.closed).toBeNull();
  clock.advance(60_000);
  await closed;
  await turn();
  expect(peer.take()).toEqual([]);
  expect(peer.closed).not.toBeNull();
});

test('BP-SESS-08: within the grace, open calls finish and no new ones begin but what a callee needs', async () => {
  const { router, join } = setUp();
  const [caller, callee, helper] = [await join(), await join(), await join()];
  await callee.exchange(new Register(1, {}, 'a.b'));
  await helper.exchange(new Register(1, {}, 'a.helper'));
  await caller.exchange(new Call(1, {}, 'a.b'));
  const closed = router.close({ grace: 5_000 });
  expect(await caller.exchange(new Call(2, {}, 'a.b'))).toEqual([
    [8, 48, 2, {}, 'wamp.error.unavailable', [expect.any(String)]],
  ]);
  await callee.exchange(new Call(2, {}, 'a.helper'));
  await helper.exchange(new Yield(1, {}));
  await callee.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([
    [50, 1, {}],
    [6, expect.anything(), CloseUri.SystemShutdown],
  ]);
  for (const peer of [caller, callee, helper]) peer.send(new Goodbye({}, 'wamp.close.goodbye_and_out'));
  await closed;
});

test('BP-SESS-08: after the grace, open calls are answered before GOODBYE, and close is idempotent', async () => {
  const { router, join, clock } = setUp();
  const [callee, caller] = [await join(), await join()];
  await callee.exchange(new Register(1, {}, 'a.b'));
  await caller.exchange(new Call(1, {}, 'a.b'));
  const closed = router.close({ grace: 5_000 });
  expect(router.close()).toBe(closed);
  await turn();
  expect(caller.take()).toEqual([]);
  clock.advance(5_000);
  await turn();
  expect(caller.take()).toEqual([
    [8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]],
    [6, expect.anything(), CloseUri.SystemShutdown],
  ]);
  clock.advance(5_000);
  await closed;
});

test('BP-SESS-08: who arrives, or says HELLO again, while the router closes gets ABORT', async () => {
  const { router, attach, join, clock } = setUp();
  const [callee, caller, leaver] = [await join(), await join(), await join()];
  await callee.exchange(new Register(1, {}, 'a.b'));
  await caller.exchange(new Call(1, {}, 'a.b'));
  const closed = router.close({ grace: 5_000 });
  const late = new ScriptedPeer();
  attach(late.far);
  await turn();
  expect(late.take()).toEqual(aborted(CloseUri.SystemShutdown));
  await leaver.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  expect(await leaver.exchange(new Hello('realm1', { roles: allRoles }))).toEqual(
    aborted(CloseUri.SystemShutdown),
  );
  await callee.drop();
  await caller.drop();
  await closed;
  expect(clock.timers).toBe(0);
});

test('BP-SESS-09: a peer that says no HELLO in time gets ABORT and is closed', async () => {
  const { attach, clock } = setUp({ handshakeTimeout: 3_000 });
  const peer = new ScriptedPeer();
  attach(peer.far);
  clock.advance(2_999);
  await turn();
  expect(peer.closed).toBeNull();
  clock.advance(1);
  await turn();
  expect(peer.take()).toEqual(aborted('wamp.error.timeout'));
  expect(peer.closed).not.toBeNull();
});

test('BP-SESS-09: a joined session has no handshake timer; after GOODBYE a new one runs, and ends without a word', async () => {
  const { join, clock } = setUp();
  const peer = await join();
  expect(clock.timers).toBe(0);
  await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  expect(clock.timers).toBe(1);
  clock.advance(10_000);
  await turn();
  expect(peer.take()).toEqual([]);
  expect(peer.closed).not.toBeNull();
});

test('BP-SESS-10: the text of ABORT says what is wrong', async () => {
  const { attach } = setUp();
  const { answer } = await greet(attach, 'no such realm');
  expect(answer[0]?.[1]).toEqual({ message: 'invalid URI "no such realm": whitespace at 2' });
});

test('BP-SESS-07: a hook that throws is reported as a bug, and no session is left half ended', async () => {
  const bugs: unknown[] = [];
  const boom = (): never => {
    throw new Error('boom');
  };
  const { join } = setUp({ events: { sessionLeft: boom, bug: (info) => bugs.push(info) } });
  const [peer, other] = [await join(), await join()];
  await peer.exchange(new Register(1, {}, 'a.b'));
  await peer.drop();
  expect(bugs).toMatchObject([{ realm: 'realm1', error: new Error('boom') }]);
  expect((await other.exchange(new Register(1, {}, 'a.b')))[0]?.[0]).toBe(65);
});

test('BP-SESS-07: a throw within dispatch ends that session alone', async () => {
  const bugs: unknown[] = [];
  const boom = (): never => {
    throw new Error('boom');
  };
  const roles = [{ name: 'anonymous', permissions: [] }];
  const { anonymousAuthenticator } = await import('../index.js');
  const { join } = setUp({
    realms: [{ name: 'realm1', roles, authenticators: [anonymousAuthenticator({ role: 'anonymous' })] }],
    events: { denied: boom, bug: (info) => bugs.push(info) },
  });
  const [peer, other] = [await join(), await join()];
  expect(await peer.exchange(new Subscribe(1, {}, 'a.b'))).toEqual(aborted('wamp.error.runtime_error'));
  expect(peer.closed).not.toBeNull();
  expect(bugs).toMatchObject([{ session: peer.session, error: new Error('boom') }]);
  expect(other.closed).toBeNull();
});

test('BP-SESS-07: transports that go in every state leave no timer behind', async () => {
  const { attach, join, clock, router } = setUp();
  const fresh = new ScriptedPeer();
  attach(fresh.far);
  await fresh.drop();
  const left = await join();
  await left.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  await left.drop();
  await (await join()).drop();
  const leaving = await join();
  const closed = router.close();
  await turn();
  await leaving.drop();
  await closed;
  expect(clock.timers).toBe(0);
});

test('CONF-01: realms of a router are URIs and given once', () => {
  expect(() => new Router({ realms: [{ name: 'a..b' }] })).toThrow(
    'realm "a..b": no URI: empty component at 2',
  );
  expect(() => new Router({ realms: [{ name: 'a' }, { name: 'a' }] })).toThrow('realm "a" is given twice');
});
