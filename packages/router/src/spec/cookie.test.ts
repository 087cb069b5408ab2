import { cookie, ticket } from '@wampkit/auth';
import { Call, type Dict, Payload } from '@wampkit/protocol';
import { FakeClock, Greeter, reasonOf, type ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import {
  type Authenticator,
  CookieAuthenticator,
  type CookieAuthenticatorOptions,
  Router,
  ticketAuthenticator,
} from '../index.js';
import { COOKIES_KEPT } from '../limits.js';

const roles = [{ name: 'user', permissions: [{ uri: 'wamp.', match: 'prefix', allow: ['call'] }] }] as const;
const users = { joe: { ticket: 'secret', role: 'user' }, ann: { ticket: 'other', role: 'user' } };

const world = (options: Omit<CookieAuthenticatorOptions, 'clock'> = {}, more: Authenticator[] = []) => {
  const clock = new FakeClock();
  const cookies = new CookieAuthenticator({ ...options, clock });
  const authenticators = [cookies, ticketAuthenticator({ users }), ...more];
  const realm = { authenticators, roles };
  const router = new Router({
    realms: [
      { name: 'realm1', ...realm },
      { template: 'tenant-*', ...realm },
    ],
    clock,
  });
  const { greet, join } = new Greeter((peer) => router.attach(peer));
  return { clock, cookies, greet, join };
};

const browser = (id: string, origin = 'https://a.example') => ({
  transport: { type: 'websocket', cookie: id, headers: { origin } },
});

test('AUTH-05: who joined by another method joins again by its cookie, as the same user', async () => {
  const { join } = world();
  await join(ticket('joe', 'secret'), browser('one'));
  const { details } = await join(cookie(), browser('one'));
  expect(details).toMatchObject({
    authid: 'joe',
    authrole: 'user',
    authmethod: 'cookie',
    authprovider: 'static',
  });
});

test.each([
  ['another browser', browser('two')],
  ['a page of another origin', browser('one', 'https://evil.example')],
  ['a transport without a cookie', { transport: { type: 'websocket' } }],
  [
    'a cookie that the client itself brings',
    { transport: { type: 'websocket', headers: { cookie: 'wampkit=one', origin: 'https://a.example' } } },
  ],
  ['another realm of the same template', { ...browser('one'), realm: 'tenant-b' }],
])('AUTH-05, AUTH-04: %s gets nothing by it', async (_, options) => {
  const { join } = world();
  await join(ticket('joe', 'secret'), { ...browser('one'), realm: 'tenant-a' });
  await join(ticket('ann', 'other'), browser('three'));
  expect(reasonOf((await join(cookie(), { realm: 'tenant-a', ...options })).message)).toBe(
    'wamp.error.authentication_required',
  );
});

test('AUTH-01, AUTH-05: without a cookie that is known the next method of the client is taken', async () => {
  const { greet } = world();
  const hello = { authmethods: ['cookie', 'ticket'], authid: 'joe' };
  expect((await greet(hello, browser('one'))).answer.slice(0, 2)).toEqual([4, 'ticket']);
});

test('AUTH-05: a cookie is good for its user alone, and for who joined last with it', async () => {
  const { join } = world();
  await join(ticket('joe', 'secret'), browser('one'));
  expect(reasonOf((await join(cookie('ann'), browser('one'))).message)).toBe(
    'wamp.error.authentication_denied',
  );
  await join(ticket('ann', 'other'), browser('one'));
  expect((await join(cookie(), browser('one'))).details).toMatchObject({ authid: 'ann' });
});

test('AUTH-05: a cookie ends after its time, however often it was used', async () => {
  const { join, clock } = world({ maxAge: 1_000 });
  await join(ticket('joe', 'secret'), browser('one'));
  clock.advance(999);
  expect((await join(cookie(), browser('one'))).details).toMatchObject({ authid: 'joe' });
  clock.advance(1);
  expect(reasonOf((await join(cookie(), browser('one'))).message)).toBe('wamp.error.authentication_required');
});

test('AUTH-05: a cookie lasts no longer than the token behind it, and ends the session with it', async () => {
  const expires = Date.UTC(2026, 0, 1) + 5_000;
  const token: Authenticator = {
    method: 'token',
    start: () => ({ type: 'accept', authid: 'tom', authrole: 'user', expires }),
  };
  const { greet, join, clock } = world({}, [token]);
  await greet({ authmethods: ['token'] }, browser('one'));
  const { peer } = await join(cookie(), browser('one'));
  clock.advance(5_000);
  expect((await peer.exchange()).map(([code]) => code)).toEqual([6]);
  expect(reasonOf((await join(cookie(), browser('one'))).message)).toBe('wamp.error.authentication_required');
});

const call = async (peer: ScriptedPeer, procedure: string, ...args: unknown[]) =>
  (await peer.exchange(new Call(1, {}, procedure, Payload.of(args)))).at(-1);

test('AUTH-05: the meta API forgets the cookie of its caller', async () => {
  const { join } = world();
  const { peer } = await join(ticket('joe', 'secret'), browser('one'));
  await join(ticket('ann', 'other'), browser('two'));
  expect(await call(peer, 'wamp.cookie.forget')).toEqual([50, 1, {}]);
  expect(reasonOf((await join(cookie(), browser('one'))).message)).toBe('wamp.error.authentication_required');
  expect((await join(cookie(), browser('two'))).details).toMatchObject({ authid: 'ann' });
});

test('AUTH-05: the meta API revokes the cookies of a user, or all, in its own realm', async () => {
  const { join } = world();
  const { peer } = await join(ticket('joe', 'secret'), browser('one'));
  await join(ticket('joe', 'secret'), browser('two'));
  await join(ticket('ann', 'other'), browser('three'));
  await join(ticket('joe', 'secret'), { ...browser('four'), realm: 'tenant-a' });
  expect((await call(peer, 'wamp.cookie.revoke_by_authid', 5))?.[4]).toBe('wamp.error.invalid_argument');
  const { peer: other } = await join(ticket('joe', 'secret'));
  expect(await call(other, 'wamp.cookie.revoke_by_authid', 'joe')).toEqual([50, 1, {}, [2]]);
  const { peer: third } = await join(ticket('joe', 'secret'));
  expect(await call(third, 'wamp.cookie.revoke_all')).toEqual([50, 1, {}, [1]]);
  for (const id of ['one', 'two', 'three'])
    expect(reasonOf((await join(cookie(), browser(id))).message)).toBe('wamp.error.authentication_required');
  expect((await join(cookie(), { ...browser('four'), realm: 'tenant-a' })).details).toMatchObject({
    authid: 'joe',
  });
});

test('AUTH-05: who confirms can change the role, and refuse for good', async () => {
  const answers: unknown[] = [{ role: 'user', extra: { renewed: true } }, undefined];
  const source = {
    authprovider: 'dynamic',
    judges: true,
    find: () => answers.shift() as never,
    decoy: () => undefined,
  };
  const { join } = world({ users: source });
  await join(ticket('joe', 'secret'), browser('one'));
  expect((await join(cookie(), browser('one'))).details).toMatchObject({
    authid: 'joe',
    authprovider: 'dynamic',
    authextra: { renewed: true } as Dict,
  });
  expect(reasonOf((await join(cookie(), browser('one'))).message)).toBe('wamp.error.authentication_denied');
  expect(reasonOf((await join(cookie(), browser('one'))).message)).toBe('wamp.error.authentication_required');
});

test('AUTH-05: what is remembered is bounded', () => {
  const { cookies } = world();
  const identity = { authid: 'joe', authrole: 'user', authmethod: 'ticket', authprovider: 'static' };
  for (let index = 0; index < COOKIES_KEPT + 10; index++)
    cookies.joined({
      realm: 'r',
      identity,
      transport: browser(`b${index}`).transport,
      expires: Number.POSITIVE_INFINITY,
    });
  expect(cookies.revoke(() => true)).toBe(COOKIES_KEPT);
});
