import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { deriveScramKeys, wampScram } from '@wampkit/auth/wamp-scram';
import { Authenticate, type Dict, type TransportInfo } from '@wampkit/protocol';
import { Greeter, nextOf, reasonOf } from '@wampkit/testkit';
import { beforeAll, expect, test } from 'vitest';
import { Router } from '../index.js';
import { type ScramUser, wampScramAuthenticator } from '../wamp-scram.js';

const pbkdf2 = {
  kdf: 'pbkdf2',
  salt: Buffer.from('a salt of 20 octets!').toString('base64'),
  iterations: 4096,
} as const;
const argon2 = {
  kdf: 'argon2id13',
  salt: Buffer.from('sixteen octets!!').toString('base64'),
  iterations: 1,
  memory: 8192,
} as const;
const users: Record<string, ScramUser> = { eve: { password: 'eve-password', role: 'user' } };

beforeAll(async () => {
  users.pia = { ...pbkdf2, ...(await deriveScramKeys('pia-password', pbkdf2)), role: 'user' };
  users.ari = { ...argon2, ...(await deriveScramKeys('ari-password', argon2)), role: 'user' };
});

const roles = [{ name: 'user', permissions: [] }];

const world = (some: Record<string, ScramUser> = users) => {
  const bugs: unknown[] = [];
  const authenticators = [wampScramAuthenticator({ users: some, decoySecret: 'a' })];
  const realms = [{ name: 'realm1', authenticators, roles }];
  const router = new Router({ realms, events: { bug: ({ error }) => bugs.push(error) } });
  const { greet, join } = new Greeter((peer) => router.attach(peer));
  return { greet, join, bugs };
};

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const xor = (left: Buffer, right: Buffer) =>
  Buffer.from(left.map((octet, index) => octet ^ (right[index] as number)));

/** The client's half, written from RFC 5802, for the user eve. */
function proofOf(
  extra: Dict,
  {
    clientNonce,
    password = 'eve-password',
    authid = 'eve',
    binding = 'biws',
  }: { clientNonce: string; password?: string; authid?: string; binding?: string },
) {
  const { nonce, salt, iterations } = extra as { nonce: string; salt: string; iterations: number };
  const saltedPassword = pbkdf2Sync(password, Buffer.from(salt, 'base64'), iterations, 32, 'sha256');
  const clientKey = hmac(saltedPassword, 'Client Key');
  const message = `n=${authid},r=${clientNonce},r=${nonce},s=${salt},i=${iterations},c=${binding},r=${nonce}`;
  const proof = xor(clientKey, hmac(sha256(clientKey), message)).toString('base64');
  const verifier = hmac(hmac(saltedPassword, 'Server Key'), message).toString('base64');
  return { proof, verifier };
}

const begin = async (authid = 'eve', more: Dict = {}, transport: TransportInfo = { type: 'memory' }) => {
  const clientNonce = randomBytes(16).toString('base64');
  const authextra = { nonce: clientNonce, channel_binding: null, ...more };
  const met = await world().greet({ authmethods: ['wamp-scram'], authid, authextra }, { transport });
  return { ...met, clientNonce, extra: met.answer[2] as Dict };
};

test.each([
  ['eve', 'eve-password'],
  ['pia', 'pia-password'],
  ['ari', 'ari-password'],
])('SCRAM-01, SCRAM-09: %s joins by %s', async (authid, password) => {
  const { join } = world();
  const { details } = await join(wampScram(authid, password));
  expect(details).toMatchObject({
    authid,
    authrole: 'user',
    authmethod: 'wamp-scram',
    authprovider: 'static',
  });
});

test('SCRAM-04, SCRAM-07, SCRAM-08: an exchange by RFC 5802, to the verifier in WELCOME', async () => {
  const { peer, extra, clientNonce } = await begin();
  expect(extra).toEqual({
    nonce: expect.stringMatching(/^[A-Za-z0-9+/]{22}==[A-Za-z0-9+/]{22}==$/),
    salt: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
    kdf: 'pbkdf2',
    iterations: 10_000,
  });
  expect(String(extra.nonce).startsWith(clientNonce)).toBe(true);
  const { proof, verifier } = proofOf(extra, { clientNonce });
  peer.send(new Authenticate(proof, { nonce: extra.nonce, channel_binding: null, cbind_data: null }));
  expect((await nextOf(peer))[2]).toMatchObject({ authid: 'eve', authextra: { verifier } });
});

test('SCRAM-04: the stored salt and costs are those of the challenge; memory with argon2 alone', async () => {
  expect((await begin('pia')).extra).toEqual({ nonce: expect.any(String), ...pbkdf2 });
  expect((await begin('ari')).extra).toEqual({ nonce: expect.any(String), ...argon2 });
});

test.each([
  [
    'a wrong password',
    (extra: Dict, clientNonce: string) => [
      proofOf(extra, { clientNonce, password: 'x' }).proof,
      { nonce: extra.nonce },
    ],
  ],
  ['no proof', (extra: Dict) => ['', { nonce: extra.nonce }]],
  ['what is no base64', (extra: Dict) => ['%%%', { nonce: extra.nonce }]],
  [
    'another nonce',
    (extra: Dict, clientNonce: string) => [
      proofOf(extra, { clientNonce }).proof,
      { nonce: `${extra.nonce}A` },
    ],
  ],
  ['no nonce', (extra: Dict, clientNonce: string) => [proofOf(extra, { clientNonce }).proof, {}]],
  [
    'a binding that was not asked for',
    (extra: Dict, clientNonce: string) => [
      proofOf(extra, { clientNonce }).proof,
      { nonce: extra.nonce, channel_binding: 'tls-unique', cbind_data: 'AA==' },
    ],
  ],
] as const)('SCRAM-07: %s is refused', async (_, make) => {
  const { peer, extra, clientNonce } = await begin();
  const [signature, answer] = make(extra, clientNonce) as [string, Dict];
  peer.send(new Authenticate(signature, answer));
  expect(reasonOf(await nextOf(peer))).toBe('wamp.error.authentication_denied');
});

test('SCRAM-07: a proof of one challenge does not do for another', async () => {
  const first = await begin();
  const second = await begin();
  const { proof } = proofOf(first.extra, first);
  second.peer.send(new Authenticate(proof, { nonce: second.extra.nonce }));
  expect(reasonOf(await nextOf(second.peer))).toBe('wamp.error.authentication_denied');
});

test.each<[Dict, string]>([
  [{ authid: 'eve' }, 'wamp.error.authentication_failed'],
  [{ authid: 'eve', authextra: { nonce: 'no base64!' } }, 'wamp.error.authentication_failed'],
  [{ authid: 'eve', authextra: { nonce: 5 } }, 'wamp.error.authentication_failed'],
  [{ authextra: { nonce: 'AAAA' } }, 'wamp.error.authentication_required'],
  [{ authid: 'e\u0007ve', authextra: { nonce: 'AAAA' } }, 'wamp.error.authentication_failed'],
  [
    { authid: 'eve', authextra: { nonce: 'AAAA', channel_binding: 'tls-exporter' } },
    'wamp.error.authentication_failed',
  ],
  [
    { authid: 'eve', authextra: { nonce: 'AAAA', channel_binding: 'other' } },
    'wamp.error.authentication_failed',
  ],
])('SCRAM-02, SCRAM-03: HELLO with %j is refused: %s', async (details, reason) => {
  const { greet, bugs } = world();
  expect(reasonOf((await greet({ authmethods: ['wamp-scram'], ...details })).answer)).toBe(reason);
  expect(bugs).toEqual([]);
});

test('SCRAM-03: who does not exist is challenged as somebody who does, with a salt that stays, and refused like a wrong password', async () => {
  const ask = async (authid: string) => {
    const { extra } = await begin(authid);
    const { nonce: _, ...costs } = extra;
    return costs;
  };
  const names = Array.from({ length: 24 }, (_, index) => `nobody-${index}`);
  const { greet, join } = world();
  const again = async (authid: string) => {
    const { answer } = await greet({ authmethods: ['wamp-scram'], authid, authextra: { nonce: 'AAAA' } });
    const { nonce: _, ...costs } = answer[2] as Dict;
    return costs;
  };
  const first = await Promise.all(names.map(again));
  expect(await Promise.all(names.map(again))).toEqual(first);
  const known = await Promise.all(['eve', 'pia', 'ari'].map(ask));
  const shape = ({ salt, ...costs }: Dict) => JSON.stringify([costs, (salt as string).length]);
  expect(new Set(first.map(shape))).toEqual(new Set(known.map(shape)));
  expect(new Set(first.map(({ salt }) => salt)).size).toBe(names.length);
  const { message } = await join(wampScram('nobody', 'eve-password'));
  expect(message).toEqual([3, { message: 'wrong password' }, 'wamp.error.authentication_denied']);
});

const channel = new Uint8Array(32).fill(7);
const secure: TransportInfo = {
  type: 'websocket',
  secure: true,
  channelBinding: (type) => (type === 'tls-exporter' ? channel : null),
};

test('SCRAM-10: a client joins with channel binding', async () => {
  const { join } = world();
  const client = wampScram('pia', 'pia-password', { channelBinding: 'tls-exporter' });
  expect((await join(client, { transport: secure })).details).toMatchObject({ authid: 'pia' });
});

test('SCRAM-10: what was proven over another channel is refused', async () => {
  const { greet } = world();
  const clientNonce = randomBytes(16).toString('base64');
  const authextra = { nonce: clientNonce, channel_binding: 'tls-exporter' };
  const { peer, answer } = await greet(
    { authmethods: ['wamp-scram'], authid: 'eve', authextra },
    { transport: secure },
  );
  const extra = answer[2] as Dict;
  const other = Buffer.alloc(32, 8);
  const binding = Buffer.concat([Buffer.from('p=tls-exporter,,'), other]).toString('base64');
  const { proof } = proofOf(extra, { clientNonce, binding });
  peer.send(
    new Authenticate(proof, {
      nonce: extra.nonce,
      channel_binding: 'tls-exporter',
      cbind_data: other.toString('base64'),
    }),
  );
  expect(reasonOf(await nextOf(peer))).toBe('wamp.error.authentication_denied');
});

test('SCRAM-10: a client cannot drop the binding that it asked for', async () => {
  const { greet } = world();
  const clientNonce = randomBytes(16).toString('base64');
  const authextra = { nonce: clientNonce, channel_binding: 'tls-exporter' };
  const { peer, answer } = await greet(
    { authmethods: ['wamp-scram'], authid: 'eve', authextra },
    { transport: secure },
  );
  const extra = answer[2] as Dict;
  peer.send(
    new Authenticate(proofOf(extra, { clientNonce }).proof, { nonce: extra.nonce, channel_binding: null }),
  );
  expect(reasonOf(await nextOf(peer))).toBe('wamp.error.authentication_denied');
});

test('SCRAM-08: an authid with comma and equals sign joins', async () => {
  const { join } = world({ 'a,b=c': { password: 'p', role: 'user' } });
  expect((await join(wampScram('a,b=c', 'p'))).details).toMatchObject({ authid: 'a,b=c' });
});
