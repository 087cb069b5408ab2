import { ticket } from '@wampkit/auth';
import { Authenticate, type TransportInfo } from '@wampkit/protocol';
import { FakeClock, Greeter, nextOf, reasonOf } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import {
  type Authenticator,
  type AuthStep,
  type JoinRefused,
  type LockedOut,
  type RealmOptions,
  Router,
  ticketAuthenticator,
} from '../index.js';

const roles = [{ name: 'user', permissions: [] }];
const users = { joe: { ticket: 'secret', role: 'user' }, ann: { ticket: 'other', role: 'user' } };

const world = (realm: Partial<RealmOptions> = {}) => {
  const clock = new FakeClock();
  const refused: JoinRefused[] = [];
  const lockedOut: LockedOut[] = [];
  const left: unknown[] = [];
  const options = { authenticators: [ticketAuthenticator({ users })], roles, ...realm };
  const router = new Router({
    realms: [
      { name: 'realm1', ...options },
      { template: 'tenant-*', ...options },
    ],
    clock,
    events: {
      joinRefused: (info) => refused.push(info),
      lockedOut: (info) => lockedOut.push(info),
      sessionLeft: (info) => left.push(info),
    },
  });
  const { greet, join } = new Greeter((peer) => router.attach(peer));
  const attempt = async (authid: string, secret: string, peer: string, name = 'realm1') =>
    reasonOf((await join(ticket(authid, secret), { transport: from(peer), realm: name })).message);
  return { clock, refused, lockedOut, left, greet, join, attempt };
};

const from = (address: string): TransportInfo => ({ type: 'websocket', peer: `${address}:5000` });
const limited = { limits: { authFailuresPerMinute: 3 } };
const denied = 'wamp.error.authentication_denied';
const welcome = [2, expect.any(Number), expect.anything()];

test('AUTH-04: too many failures from one address deny it for a minute, also with a right secret', async () => {
  const { attempt, clock, refused } = world(limited);
  expect(await attempt('joe', 'a', '192.0.2.1')).toBe(denied);
  expect(await attempt('ann', 'b', '192.0.2.1')).toBe(denied);
  expect(await attempt('nobody', 'c', '192.0.2.1')).toBe('wamp.error.no_such_principal');
  expect(await attempt('joe', 'secret', '192.0.2.1')).toBe(denied);
  expect(refused.at(-1)?.message).toMatch(/too many/);
  expect(refused.map(({ authid }) => authid)).toEqual(['joe', 'ann', 'nobody', 'joe']);
  expect(await attempt('joe', 'secret', '192.0.2.2')).toEqual(welcome);
  clock.advance(60_000);
  expect(await attempt('joe', 'secret', '192.0.2.1')).toEqual(welcome);
});

test.each(['joe', 'nobody'])(
  'AUTH-04: too many failures for %s deny it from everywhere, whether it exists or not',
  async (authid) => {
    const { attempt, clock, refused } = world(limited);
    for (const index of [1, 2, 3]) await attempt(authid, 'wrong', `192.0.2.${index}`);
    expect(await attempt(authid, 'secret', '192.0.2.9')).toBe(denied);
    expect(refused.at(-1)?.message).toMatch(/too many/);
    expect(await attempt('ann', 'other', '192.0.2.9')).toEqual(welcome);
    clock.advance(60_000);
    expect((await attempt(authid, 'secret', '192.0.2.9')) === denied).toBe(false);
  },
);

test('AUTH-04: a lock-out is told once, with the address or the authid that it is for', async () => {
  const { attempt, clock, lockedOut } = world(limited);
  for (const index of [1, 2, 3, 4]) await attempt('joe', 'wrong', `192.0.2.${index}`);
  expect(lockedOut).toEqual([{ realm: 'realm1', address: null, authid: 'joe' }]);
  for (const authid of ['ann', 'bob', 'eve', 'sue']) await attempt(authid, 'wrong', '192.0.2.9');
  expect(lockedOut.slice(1)).toEqual([{ realm: 'realm1', address: '192.0.2.9', authid: null }]);
  clock.advance(60_000);
  for (const _ of [1, 2, 3]) await attempt('joe', 'wrong', '192.0.2.9');
  expect(lockedOut.slice(2)).toEqual([
    { realm: 'realm1', address: '192.0.2.9', authid: null },
    { realm: 'realm1', address: null, authid: 'joe' },
  ]);
});

test('AUTH-04: a success forgets the failures of its authid', async () => {
  const { attempt } = world(limited);
  for (let round = 0; round < 3; round++) {
    await attempt('joe', 'wrong', `192.0.2.${round}`);
    expect(await attempt('joe', 'secret', `192.0.3.${round}`)).toEqual(welcome);
  }
});

test('AUTH-04: handshakes that were begun before are denied too, however many', async () => {
  const { greet, clock } = world(limited);
  const hello = { authmethods: ['ticket'], authid: 'joe' };
  const begun = [];
  for (let index = 0; index < 6; index++) begun.push(await greet(hello, { transport: from('192.0.2.1') }));
  const ends = [];
  for (const [index, { peer }] of begun.entries()) {
    peer.send(new Authenticate(index === 5 ? 'secret' : 'wrong', {}));
    ends.push(reasonOf(await nextOf(peer)));
  }
  expect(ends).toEqual(new Array(6).fill(denied));
  expect(clock.timers).toBe(0);
});

test('AUTH-04: guesses that are judged at the same time open nothing once there were too many', async () => {
  const settle: ((step: AuthStep) => void)[] = [];
  const slow: Authenticator = {
    method: 'slow',
    start: () => new Promise((resolve) => settle.push(resolve)),
  };
  const { greet } = world({ authenticators: [slow], ...limited });
  const hellos = [0, 1, 2, 3].map(() => greet({ authmethods: ['slow'] }, { transport: from('192.0.2.1') }));
  const { vi } = await import('vitest');
  await vi.waitFor(() => expect(settle).toHaveLength(4));
  for (const resolve of settle.slice(0, 3)) resolve({ type: 'deny', reason: denied });
  await Promise.all(hellos.slice(0, 3));
  settle[3]?.({ type: 'accept', authid: 'joe', authrole: 'user' });
  expect(reasonOf((await hellos[3])?.answer as never)).toBe(denied);
});

test('AUTH-04: realms that a template makes forget no failures when they are gone', async () => {
  const { attempt } = world(limited);
  for (const name of ['tenant-a', 'tenant-b', 'tenant-c']) await attempt('joe', 'wrong', '192.0.2.1', name);
  expect(await attempt('joe', 'secret', '192.0.2.1', 'tenant-a')).toBe(denied);
  const again = world(limited);
  for (const index of [1, 2, 3]) await again.attempt('joe', 'wrong', `192.0.2.${index}`, 'tenant-a');
  expect(await again.attempt('joe', 'secret', '192.0.2.9', 'tenant-a')).toBe(denied);
});

test('AUTH-04: what fails technically is no guess, and without a limit nothing is counted', async () => {
  const broken: Authenticator = {
    method: 'ticket',
    start: () => ({ type: 'deny', reason: 'wamp.error.authentication_failed' }),
  };
  const { attempt, refused } = world({ authenticators: [broken], ...limited });
  for (let count = 0; count < 5; count++) await attempt('joe', 'x', '192.0.2.1');
  expect(refused.every(({ reason }) => reason === 'wamp.error.authentication_failed')).toBe(true);
  const open = world();
  for (let count = 0; count < 20; count++) await open.attempt('joe', 'wrong', '192.0.2.1');
  expect(await open.attempt('joe', 'secret', '192.0.2.1')).toEqual(welcome);
});

test('AUTH-04: who does not exist can be hidden from clients, not from those who run the router', async () => {
  const { join, refused } = world({ hideUnknownUsers: true });
  const ends = [
    (await join(ticket('joe', 'wrong'))).message,
    (await join(ticket('nobody', 'wrong'))).message,
  ];
  expect(ends[0]).toEqual([3, { message: 'the authentication was denied' }, denied]);
  expect(ends[1]).toEqual(ends[0]);
  expect(refused.map(({ reason }) => reason)).toEqual([denied, 'wamp.error.no_such_principal']);
});

const failed = 'wamp.error.authentication_failed';

test.each([
  [{ authid: 'x'.repeat(1025) }, failed],
  [{ authid: 'joe', authextra: { a: 'x'.repeat(70_000) } }, failed],
  [{ authid: 'joe', authextra: { a: [[[[[[[[[[]]]]]]]]]] } }, failed],
])('AUTH-01: HELLO %# with too much is refused before any method is asked', async (details, reason) => {
  const { greet } = world();
  expect(reasonOf((await greet({ authmethods: ['ticket'], ...details })).answer)).toBe(reason);
});

test('AUTH-01: methods behind the 32nd that a client offers are not looked at', async () => {
  const { greet } = world();
  const many = Array.from({ length: 32 }, (_, index) => `method-${index}`);
  expect(reasonOf((await greet({ authmethods: [...many, 'ticket'], authid: 'joe' })).answer)).toBe(
    'wamp.error.no_matching_auth_method',
  );
  expect((await greet({ authmethods: [...many.slice(1), 'ticket'], authid: 'joe' })).answer[0]).toBe(4);
});

test.each([
  ['x'.repeat(70_000), {}],
  ['secret', { a: 'x'.repeat(70_000) }],
])('AUTH-02: AUTHENTICATE %# with too much is refused', async (signature, extra) => {
  const { greet } = world();
  const { peer } = await greet({ authmethods: ['ticket'], authid: 'joe' });
  peer.send(new Authenticate(signature, extra));
  expect(reasonOf(await nextOf(peer))).toBe(failed);
});

const accept = { type: 'accept', authid: 'joe', authrole: 'user' } as const;
const START = Date.UTC(2026, 0, 1);

test('AUTH-02: a session ends when what it proved itself with does, even after months', async () => {
  const expires = START + 90 * 24 * 3_600_000;
  const { greet, clock, left } = world({
    authenticators: [{ method: 'token', start: () => ({ ...accept, expires }) }],
  });
  const { peer, answer } = await greet({ authmethods: ['token'] });
  expect(answer[0]).toBe(2);
  clock.advance(90 * 24 * 3_600_000 - 1);
  expect(left).toEqual([]);
  clock.advance(1);
  expect(await nextOf(peer)).toEqual([
    6,
    { message: 'what it proved itself with has expired' },
    'wamp.error.authentication_required',
  ]);
  expect(left).toHaveLength(1);
});

test('AUTH-02: a session that ends before leaves no timer', async () => {
  const { greet, clock } = world({
    authenticators: [{ method: 'token', start: () => ({ ...accept, expires: START + 5_000 }) }],
  });
  const { peer } = await greet({ authmethods: ['token'] });
  await peer.drop();
  expect(clock.timers).toBe(0);
});

test('AUTH-02: what has expired already opens nothing', async () => {
  const { greet } = world({
    authenticators: [{ method: 'token', start: () => ({ ...accept, expires: START }) }],
  });
  expect(reasonOf((await greet({ authmethods: ['token'] })).answer)).toBe(denied);
});

test('AUTH-02: an authenticator that challenges without end is stopped', async () => {
  const step: AuthStep = { type: 'challenge', extra: {}, answer: () => step };
  const { greet } = world({ authenticators: [{ method: 'endless', start: () => step }] });
  const { peer, answer } = await greet({ authmethods: ['endless'] });
  let last = answer;
  let rounds = 0;
  while (last[0] === 4) {
    rounds++;
    peer.send(new Authenticate('', {}));
    last = await nextOf(peer);
  }
  expect([rounds, reasonOf(last)]).toEqual([10, failed]);
});
