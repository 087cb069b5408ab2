import { createHmac, pbkdf2Sync } from 'node:crypto';
import { deriveWampcraKey, wampcra } from '@wampkit/auth/wampcra';
import { Authenticate, type Dict } from '@wampkit/protocol';
import { FakeClock, Greeter, nextOf, reasonOf } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type AttachOptions, Router } from '../index.js';
import { type WampcraUser, wampcraAuthenticator } from '../wampcra.js';

const roles = [{ name: 'user', permissions: [] }];

const meet = (users: Record<string, WampcraUser>, attach: AttachOptions = {}) => {
  const clock = new FakeClock();
  const authenticators = [wampcraAuthenticator({ users, decoySecret: 'a', clock })];
  const router = new Router({ realms: [{ name: 'realm1', authenticators, roles }], clock });
  const { greet, join } = new Greeter((peer) => router.attach(peer, attach));
  return { greet, join, clock };
};

const salted = { role: 'user', salt: 'salt123', iterations: 1000, keylen: 32 };
const world = async () => {
  const stored = await deriveWampcraKey('carl-secret', salted);
  const users = {
    ann: { secret: 'ann-secret', role: 'user' },
    bob: { secret: 'bob-secret', ...salted },
    carl: { secret: stored, ...salted },
  };
  return meet(users);
};

test.each([
  ['ann', 'ann-secret'],
  ['bob', 'bob-secret'],
  ['carl', 'carl-secret'],
])('CRA-01, CRA-03, CRA-04: %s joins by secret %s', async (authid, secret) => {
  const { join } = await world();
  expect((await join(wampcra(authid, secret))).details).toMatchObject({
    authid,
    authrole: 'user',
    authmethod: 'wampcra',
    authprovider: 'static',
  });
});

test('CRA-01, AUTH-04: without authid authentication is required', async () => {
  const { greet } = await world();
  expect(reasonOf((await greet({ authmethods: ['wampcra'] })).answer)).toBe(
    'wamp.error.authentication_required',
  );
});

test('CRA-02, AUTH-06: the challenge is a JSON string that names the session which then is welcomed', async () => {
  const { greet } = await world();
  const { peer, answer } = await greet({ authmethods: ['wampcra'], authid: 'ann' });
  const { challenge, ...more } = answer[2] as { challenge: string };
  expect(more).toEqual({});
  const said = JSON.parse(challenge);
  expect(said).toEqual({
    authid: 'ann',
    authrole: 'user',
    authmethod: 'wampcra',
    authprovider: 'static',
    nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
    timestamp: '2026-01-01T00:00:00.000Z',
    session: expect.any(Number),
  });
  const signature = createHmac('sha256', 'ann-secret').update(challenge).digest('base64');
  peer.send(new Authenticate(signature, {}));
  expect((await nextOf(peer)).slice(0, 2)).toEqual([2, said.session]);
});

test('CRA-04: the key of a salted challenge is the base64 text that PBKDF2 gives', async () => {
  const { greet } = await world();
  const { peer, answer } = await greet({ authmethods: ['wampcra'], authid: 'bob' });
  const { challenge, ...costs } = answer[2] as { challenge: string };
  expect(costs).toEqual({ salt: 'salt123', iterations: 1000, keylen: 32 });
  const key = pbkdf2Sync('bob-secret', 'salt123', 1000, 32, 'sha256').toString('base64');
  peer.send(new Authenticate(createHmac('sha256', key).update(challenge).digest('base64'), {}));
  expect((await nextOf(peer))[0]).toBe(2);
});

test.each([
  ['ann', 'bob-secret', 'wamp.error.authentication_denied'],
  ['bob', 'ann-secret', 'wamp.error.authentication_denied'],
  ['nobody', 'ann-secret', 'wamp.error.no_such_principal'],
])('CRA-05, AUTH-04: %s with %s is refused: %s', async (authid, secret, reason) => {
  const { join } = await world();
  expect(reasonOf((await join(wampcra(authid, secret))).message)).toBe(reason);
});

test.each(['', 'no base64', 'AAAA'])('CRA-05: signature %j is refused', async (signature) => {
  const { greet } = await world();
  const { peer } = await greet({ authmethods: ['wampcra'], authid: 'ann' });
  peer.send(new Authenticate(signature, {}));
  expect(reasonOf(await nextOf(peer))).toBe('wamp.error.authentication_denied');
});

test('CRA-05: a signature of one challenge opens no other session', async () => {
  const { greet } = await world();
  const one = await greet({ authmethods: ['wampcra'], authid: 'ann' });
  const other = await greet({ authmethods: ['wampcra'], authid: 'ann' });
  const { challenge } = one.answer[2] as { challenge: string };
  const signature = createHmac('sha256', 'ann-secret').update(challenge).digest('base64');
  other.peer.send(new Authenticate(signature, {}));
  expect(reasonOf(await nextOf(other.peer))).toBe('wamp.error.authentication_denied');
});

test('CRA-05: a challenge that is answered after its time is refused, though the handshake may go on', async () => {
  const { greet, clock } = meet({ ann: { secret: 's', role: 'user' } }, { handshakeTimeout: 3_600_000 });
  const { peer, answer } = await greet({ authmethods: ['wampcra'], authid: 'ann' });
  clock.advance(60_001);
  const { challenge } = answer[2] as { challenge: string };
  peer.send(new Authenticate(createHmac('sha256', 's').update(challenge).digest('base64'), {}));
  expect(await nextOf(peer)).toEqual([
    3,
    { message: 'the CHALLENGE was answered too late' },
    'wamp.error.authentication_denied',
  ]);
});

test('AUTH-04: who does not exist is challenged as somebody who does, each time in the same way', async () => {
  const { greet } = await world();
  const ask = async (authid: string) => {
    const { answer } = await greet({ authmethods: ['wampcra'], authid });
    const { challenge, ...costs } = answer[2] as { challenge: string } & Dict;
    const { nonce: _, session: __, ...said } = JSON.parse(challenge);
    return { said, costs };
  };
  const names = Array.from({ length: 20 }, (_, index) => `nobody-${index}`);
  const first = await Promise.all(names.map(ask));
  expect(await Promise.all(names.map(ask))).toEqual(first);
  const shapes = new Set(first.map(({ costs }) => Object.keys(costs).sort().join()));
  expect(shapes).toEqual(new Set(['', 'iterations,keylen,salt']));
  const salts = first.flatMap(({ costs }) => (costs.salt as string | undefined) ?? []);
  expect(new Set(salts).size).toBe(salts.length);
  for (const salt of salts) expect(salt).toMatch(/^[a-z0-9]{7}$/);
});
