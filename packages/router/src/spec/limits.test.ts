import {
  Call,
  ErrorUri,
  Goodbye,
  Hello,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Unregister,
  Unsubscribe,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { allRoles, ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type EventDropped, type RealmOptions, Router, type SessionLeft } from '../index.js';

const setUp = (options: Partial<RealmOptions> = {}) => {
  const dropped: EventDropped[] = [];
  const left: SessionLeft[] = [];
  const router = new Router({
    realms: [{ name: 'realm1', ...options }],
    events: { eventDropped: (info) => dropped.push(info), sessionLeft: (info) => left.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (): Promise<ScriptedPeer> => ScriptedPeer.join(attach);
  return { attach, join, dropped, left };
};

const unavailable = (type: number, request: number) => [
  [8, type, request, {}, 'wamp.error.unavailable', [expect.stringMatching(/\b2\b/)]],
];

test('BP-PS-05: subscriptions above the bound are refused, and lose nothing else', async () => {
  const { join } = setUp({ limits: { subscriptionsPerSession: 2 } });
  const [peer, other] = [await join(), await join()];
  const answers = await peer.exchange(new Subscribe(1, {}, 'a.a'), new Subscribe(2, {}, 'a.b'));
  expect(await peer.exchange(new Subscribe(3, {}, 'a.c'))).toEqual(unavailable(32, 3));
  // BP-PS-01: a repeated one takes no place
  expect(await peer.exchange(new Subscribe(4, {}, 'a.a'))).toEqual([[33, 4, answers[0]?.[2]]]);
  expect((await other.exchange(new Subscribe(1, {}, 'a.c')))[0]?.[0]).toBe(33);
  await peer.exchange(new Unsubscribe(5, answers[0]?.[2] as number));
  expect((await peer.exchange(new Subscribe(6, {}, 'a.c')))[0]?.[0]).toBe(33);
});

test('BP-RPC-01: registrations above the bound are refused, and lose nothing else', async () => {
  const { join } = setUp({ limits: { registrationsPerSession: 2 } });
  const peer = await join();
  const answers = await peer.exchange(new Register(1, {}, 'a.a'), new Register(2, {}, 'a.b'));
  expect(await peer.exchange(new Register(3, {}, 'a.c'))).toEqual(unavailable(64, 3));
  await peer.exchange(new Unregister(4, answers[0]?.[2] as number));
  expect((await peer.exchange(new Register(5, {}, 'a.c')))[0]?.[0]).toBe(65);
});

test('SMETA-01: bounds of sessions are not for the router: the whole meta API is served however low they are', async () => {
  const { join } = setUp({
    limits: { registrationsPerSession: 1 },
    history: [{ topic: 'a.b', limit: 1 }],
  });
  const peer = await join();
  const procedures = [
    'wamp.session.count',
    'wamp.session.kill_all',
    'wamp.registration.list',
    'wamp.subscription.list',
  ];
  for (const [index, procedure] of procedures.entries())
    expect((await peer.exchange(new Call(index + 1, {}, procedure)))[0]?.[0], procedure).toBe(50);
});

test('BP-RPC-07: pending calls above the bound are refused, and lose nothing else', async () => {
  const { join } = setUp({ limits: { pendingCallsPerSession: 2 } });
  const [caller, callee] = [await join(), await join()];
  await callee.exchange(new Register(1, {}, 'a.b'));
  await caller.exchange(new Call(1, {}, 'a.b'), new Call(2, {}, 'a.b'));
  expect(await caller.exchange(new Call(3, {}, 'a.b'))).toEqual(unavailable(48, 3));
  await callee.exchange(new Yield(1, {}));
  expect(await caller.exchange(new Call(4, {}, 'a.b'))).toEqual([[50, 1, {}]]);
  expect(callee.received.map(([code]) => code)).toEqual([2, 65, 68, 68, 68]);
});

test('BP-SESS-02: sessions above the bound get ABORT, until one leaves', async () => {
  const { attach, join } = setUp({ limits: { sessions: 2 } });
  const peer = await join();
  await join();
  const third = new ScriptedPeer();
  attach(third.far);
  expect(await third.exchange(new Hello('realm1', { roles: allRoles }))).toEqual([
    [3, { message: expect.any(String) }, 'wamp.error.unavailable'],
  ]);
  await peer.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  await join();
});

test('BP-PS-05: a bound of 0 is none', async () => {
  const none = { subscriptionsPerSession: 0, registrationsPerSession: 0, pendingCallsPerSession: 0 };
  const { join } = setUp({ limits: none });
  const peer = await join();
  const answers = await peer.exchange(
    ...Array.from({ length: 100 }, (_, i) => new Subscribe(i + 1, {}, `a.${i}`)),
    new Register(101, {}, 'a.b'),
    new Call(102, {}, 'a.b'),
  );
  expect(answers.map(([code]) => code)).toEqual([...Array(100).fill(33), 65, 68]);
});

test('BP-ORD-01: events to a congested subscriber are dropped and told, and nobody else loses one', async () => {
  const { join, dropped } = setUp();
  const [publisher, slow, quick] = [await join(), await join(), await join()];
  const [subscribed] = await slow.exchange(new Subscribe(1, {}, 'a.b'));
  await quick.exchange(new Subscribe(1, {}, 'a.b'));
  const publish = (n: number) =>
    publisher.exchange(new Publish(n, { acknowledge: true }, 'a.b', Payload.of([n])));
  await publish(1);
  slow.far.congested = true;
  const [published] = await publish(2);
  slow.far.congested = false;
  await publish(3);
  const seen = (peer: ScriptedPeer) => peer.take().map((event) => event[4]);
  expect(seen(quick)).toEqual([[1], [2], [3]]);
  expect(seen(slow)).toEqual([[1], [3]]);
  expect(dropped).toEqual([
    {
      realm: 'realm1',
      session: slow.session,
      subscription: subscribed?.[2],
      publication: published?.[2],
      cause: 'congested',
    },
  ]);
});

test('BP-PS-05: with the policy disconnect a congested subscriber is ended, and nobody else', async () => {
  const { join, dropped, left } = setUp({ slowConsumer: { events: 'disconnect' } });
  const [publisher, slow, quick] = [await join(), await join(), await join()];
  for (const peer of [slow, quick])
    await peer.exchange(new Subscribe(1, {}, 'a.b'), new Subscribe(2, { match: 'prefix' }, 'a'));
  slow.far.congested = true;
  await publisher.exchange(new Publish(1, { acknowledge: true }, 'a.b'));
  expect(slow.take()).toEqual([[3, { message: expect.any(String) }, 'wamp.error.network_failure']]);
  expect(slow.closed).not.toBeNull();
  expect(quick.take()).toHaveLength(2);
  expect(dropped).toHaveLength(1);
  expect(left).toMatchObject([{ session: { session: slow.session } }]);
});

test('BP-RPC-04: calls to and results for a congested peer are never dropped', async () => {
  const { join, dropped } = setUp();
  const [caller, callee] = [await join(), await join()];
  await callee.exchange(new Register(1, {}, 'a.b'));
  caller.far.congested = true;
  callee.far.congested = true;
  await caller.exchange(new Call(1, {}, 'a.b'));
  await callee.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([[50, 1, {}]]);
  expect(dropped).toEqual([]);
});

test.each([
  [ErrorUri.PayloadSizeExceeded, 'too_large'],
  [ErrorUri.InvalidArgument, 'unencodable'],
])(
  'BP-RPC-09: an EVENT that a subscriber cannot take, %s, is dropped for it alone and told as %s',
  async (uri, cause) => {
    const { join, dropped } = setUp();
    const [publisher, small, big] = [await join(), await join(), await join()];
    for (const peer of [small, big]) await peer.exchange(new Subscribe(1, {}, 'a.b'));
    small.far.refuses = (message) => (message.code === 36 ? new WampError('no', { uri }) : null);
    expect((await publisher.exchange(new Publish(1, { acknowledge: true }, 'a.b')))[0]?.[0]).toBe(17);
    expect(small.take()).toEqual([]);
    expect(big.take()).toHaveLength(1);
    expect(dropped).toMatchObject([{ session: small.session, cause }]);
    expect(small.closed).toBeNull();
  },
);

test('BP-URI-06: a subscription or registration of a URI too long to be kept is refused', async () => {
  const { join } = setUp();
  const peer = await join();
  const long = `com.${'a'.repeat(4093)}`;
  const refused = expect.stringContaining('it is longer than 4096 characters');
  let request = 0;
  for (const match of ['exact', 'prefix', 'wildcard']) {
    expect(await peer.exchange(new Subscribe(++request, { match }, long))).toEqual([
      [8, 32, request, {}, 'wamp.error.invalid_uri', [refused]],
    ]);
    expect(await peer.exchange(new Register(++request, { match }, long))).toEqual([
      [8, 64, request, {}, 'wamp.error.invalid_uri', [refused]],
    ]);
    expect((await peer.exchange(new Subscribe(++request, { match }, long.slice(1))))[0]?.[0]).toBe(33);
  }
});

test('BP-RPC-03: a refusal shows only the beginning of a long URI, so that it can always be sent', async () => {
  const { join } = setUp();
  const [answer] = await (await join()).exchange(new Call(1, {}, `com.${'a'.repeat(1_000_000)}`));
  expect(answer?.slice(0, 5)).toEqual([8, 48, 1, {}, 'wamp.error.no_such_procedure']);
  expect(JSON.stringify(answer).length).toBeLessThan(1000);
});
