import { cookie, ticket } from '@wampkit/auth';
import { cryptosignPublicKey, generateCryptosignKey, signCryptosign } from '@wampkit/auth/cryptosign';
import { wampScram } from '@wampkit/auth/wamp-scram';
import { wampcra } from '@wampkit/auth/wampcra';
import { Authenticate, type Dict, type TransportInfo } from '@wampkit/protocol';
import { FakeClock, Greeter, nextOf, reasonOf } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { cryptosignAuthenticator } from '../cryptosign.js';
import {
  type Authenticator,
  anonymousAuthenticator,
  CookieAuthenticator,
  type RealmOptions,
  Router,
  ticketAuthenticator,
} from '../index.js';
import { describeSession } from '../session/session-details.js';
import { wampScramAuthenticator } from '../wamp-scram.js';
import { wampcraAuthenticator } from '../wampcra.js';

const role = 'user';
const roles = [{ name: role, permissions: [] }];
const users = { joe: { ticket: 'secret', role }, ann: { ticket: 'other', role } };
const limits = { authFailuresPerMinute: 3 };
const from = (address: string): TransportInfo => ({ type: 'websocket', peer: `${address}:5000` });
const welcome = [2, expect.any(Number), expect.anything()];
const denied = 'wamp.error.authentication_denied';

const world = (authenticators: readonly Authenticator[], realm: Partial<RealmOptions> = {}) => {
  const clock = new FakeClock();
  const router = new Router({ realms: [{ name: 'realm1', authenticators, roles, ...realm }], clock });
  const { greet, join } = new Greeter((peer) => router.attach(peer));
  const attempt = async (authid: string, secret: string, address: string) =>
    reasonOf((await join(ticket(authid, secret), { transport: from(address) })).message);
  return { greet, join, attempt };
};
const byTicket = ticketAuthenticator({ users });

test('AUTH-04: who is locked out for its address cannot lock out others by their names', async () => {
  const { attempt } = world([byTicket], { limits });
  for (let count = 0; count < 3; count++) await attempt('ann', 'wrong', '192.0.2.1');
  for (let count = 0; count < 9; count++) expect(await attempt('joe', 'wrong', '192.0.2.1')).toBe(denied);
  expect(await attempt('joe', 'secret', '192.0.2.2')).toEqual(welcome);
});

test('AUTH-04: who tries in vain while its name is locked out does not lock out its address', async () => {
  const { attempt } = world([byTicket], { limits });
  for (const index of [1, 2, 3]) await attempt('joe', 'wrong', `192.0.2.${index}`);
  for (let count = 0; count < 9; count++) expect(await attempt('joe', 'secret', '192.0.2.9')).toBe(denied);
  expect(await attempt('ann', 'other', '192.0.2.9')).toEqual(welcome);
});

test('AUTH-04: to be let in as somebody else makes nobody forget the failures of a name', async () => {
  const { attempt, greet } = world([byTicket, anonymousAuthenticator({ role })], { limits });
  for (const index of [1, 2]) await attempt('joe', 'wrong', `192.0.2.${index}`);
  const { answer } = await greet({ authmethods: ['anonymous'], authid: 'joe' });
  expect(answer[0]).toBe(2);
  await attempt('joe', 'wrong', '192.0.2.3');
  expect(await attempt('joe', 'secret', '192.0.2.4')).toBe(denied);
});

test('AUTH-04, SCRAM-08: names that SASLprep makes one share their failures', async () => {
  const scram = wampScramAuthenticator({ users: { joe: { password: 'secret', role } } });
  const { join } = world([scram], { limits });
  const attempt = async (authid: string, password: string, address: string) =>
    reasonOf((await join(wampScram(authid, password), { transport: from(address) })).message);
  for (const [index, name] of ['j\u00adoe', 'jo\u200de', '\uff4aoe'].entries())
    expect(await attempt(name, 'wrong', `192.0.2.${index}`)).toBe(denied);
  expect(await attempt('joe', 'secret', '192.0.2.9')).toBe(denied);
});

test('AUTH-04: who proves itself by nothing has guessed nothing', async () => {
  const { attempt, greet } = world([byTicket], { limits });
  for (let count = 0; count < 5; count++) {
    const { answer } = await greet({ authmethods: ['ticket'] }, { transport: from('192.0.2.1') });
    expect(reasonOf(answer)).toBe('wamp.error.authentication_required');
  }
  expect(await attempt('joe', 'secret', '192.0.2.1')).toEqual(welcome);
});

test('CRA-02: the challenge of a name that nobody has tells no name of a user', async () => {
  const known = { carl: { secret: 'a', role, authid: 'carl.real' } };
  const { greet } = world([wampcraAuthenticator({ users: known })]);
  const { answer } = await greet({ authmethods: ['wampcra'], authid: 'nobody' });
  expect(JSON.stringify(answer)).not.toContain('carl');
});

test('CS-05: what the router signs to prove itself lets nobody in as the router', async () => {
  const routerKey = generateCryptosignKey().privateKey;
  const pubkey = cryptosignPublicKey(routerKey);
  const known = { twin: { authorizedKeys: [pubkey], role } };
  const { greet } = world([cryptosignAuthenticator({ users: known, routerKey })]);
  const hello = (more: Dict): Dict => ({ authmethods: ['cryptosign'], authextra: { pubkey, ...more } });
  const { answer } = await greet(hello({}));
  expect(reasonOf(answer)).toBe(denied);
  // what it would have been answered with, had it been challenged
  expect(signCryptosign(routerKey, 'ab'.repeat(32))).toHaveLength(192);
});

test('AUTH-05: sessions that have proven nothing take no place among the cookies that are remembered', async () => {
  const cookies = new CookieAuthenticator();
  const { greet, join } = world([cookies, byTicket, anonymousAuthenticator({ role })]);
  const browser = { transport: { type: 'websocket', cookie: 'one' } };
  await greet({ authmethods: ['anonymous'] }, browser);
  expect(cookies.revoke(() => true)).toBe(0);
  await join(ticket('joe', 'secret'), browser);
  await greet({ authmethods: ['anonymous'] }, browser);
  expect((await join(cookie(), browser)).details).toMatchObject({ authid: 'joe' });
});

test('AUTH-05, SMETA-05: of a transport others learn what is listed, and nothing that comes to be', () => {
  const transport = {
    type: 'websocket',
    serializer: 'json',
    peer: '192.0.2.1:5000',
    secure: true,
    cookie: 'one',
    headers: { cookie: 'a=b', authorization: 'Bearer x' },
    clientCertificate: { fingerprint: 'ab', subject: 'CN=a', authorized: true },
    channelBinding: () => null,
    comesToBe: 'secret',
  };
  const identity = { authid: 'a', authrole: 'b', authmethod: 'c', authprovider: 'd' };
  expect(describeSession(1, identity, transport).transport).toEqual({
    type: 'websocket',
    serializer: 'json',
    peer: '192.0.2.1:5000',
    secure: true,
  });
});

test('CRA-02, AUTH-02: a challenge is answered once, and none that another session got', async () => {
  const { greet } = world([wampcraAuthenticator({ users: { ann: { secret: 'ann-secret', role } } })]);
  const hello = { authmethods: ['wampcra'], authid: 'ann' };
  const [one, other] = [await greet(hello), await greet(hello)];
  const { signature } = await wampcra('ann', 'ann-secret').answer(one.extra);
  other.peer.send(new Authenticate(signature, {}));
  expect(reasonOf(await nextOf(other.peer))).toBe(denied);
  one.peer.send(new Authenticate('wrong', {}));
  one.peer.send(new Authenticate(signature, {}));
  expect(reasonOf(await nextOf(one.peer))).toMatch(/denied|protocol_violation/);
});
