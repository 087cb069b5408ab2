import { createHash, createPrivateKey, sign } from 'node:crypto';
import {
  cryptosign,
  cryptosignPublicKey,
  generateCryptosignKey,
  signCryptosign,
  verifyCryptosign,
} from '@wampkit/auth/cryptosign';
import { Authenticate, type Dict, type TransportInfo } from '@wampkit/protocol';
import { Greeter, nextOf, reasonOf } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { cryptosignAuthenticator } from '../cryptosign.js';
import { Router } from '../index.js';

const one = generateCryptosignKey();
const two = generateCryptosignKey();
const router = generateCryptosignKey();

const roles = [{ name: 'device', permissions: [] }];

const world = (options: { routerKey?: string } = { routerKey: router.privateKey }) => {
  const users = {
    'device-1': { authorizedKeys: [one.publicKey.toUpperCase()], role: 'device' },
    'device-2': { authorizedKeys: [two.publicKey, 'ab'.repeat(32)], role: 'device' },
  };
  const authenticators = [cryptosignAuthenticator({ users, ...options })];
  const host = new Router({ realms: [{ name: 'realm1', authenticators, roles }] });
  return new Greeter((peer) => host.attach(peer));
};

const hello = (pubkey: string, more: Dict = {}) => ({
  authmethods: ['cryptosign'],
  authextra: { pubkey, ...more },
});

const channel = new Uint8Array(32).fill(7);
const secure: TransportInfo = {
  type: 'websocket',
  secure: true,
  channelBinding: (type) =>
    type === 'tls-server-end-point' ? null : type === 'tls-unique' ? channel.subarray(0, 12) : channel,
};

test.each([
  [undefined, one, 'device-1'],
  ['device-1', one, 'device-1'],
  [undefined, two, 'device-2'],
])('CS-01: a client that names %s joins by its key as whom that belongs to', async (authid, key, name) => {
  const { join } = world();
  const { details } = await join(cryptosign(key.privateKey, { ...(authid && { authid }) }));
  expect(details).toMatchObject({ authid: name, authrole: 'device', authmethod: 'cryptosign' });
});

test('CS-02: the challenge is 32 random octets in hex, with no binding and no proof that was not asked for', async () => {
  const { greet } = world();
  const asked = await Promise.all([greet(hello(one.publicKey)), greet(hello(one.publicKey))]);
  const extras = asked.map(({ answer }) => answer[2] as Dict);
  for (const extra of extras)
    expect(extra).toEqual({ challenge: expect.stringMatching(/^[0-9a-f]{64}$/), channel_binding: null });
  expect(extras[0]?.challenge).not.toBe(extras[1]?.challenge);
});

test('CS-03: what is signed by node:crypto, with the challenge behind it, is let in', async () => {
  const { greet } = world();
  const { peer, answer } = await greet(hello(one.publicKey));
  const { challenge } = answer[2] as { challenge: string };
  const der = Buffer.from(`302e020100300506032b657004220420${one.privateKey}`, 'hex');
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const signature = sign(null, Buffer.from(challenge, 'hex'), key).toString('hex');
  peer.send(new Authenticate(signature + challenge, {}));
  expect((await nextOf(peer))[0]).toBe(2);
});

test.each<[string, (challenge: string) => string]>([
  ['over another challenge', () => signCryptosign(one.privateKey, 'cd'.repeat(32))],
  [
    'over another challenge, which names this one',
    (challenge) => signCryptosign(one.privateKey, 'cd'.repeat(32)).slice(0, 128) + challenge,
  ],
  ['of another key', (challenge) => signCryptosign(two.privateKey, challenge)],
  ['without the challenge behind it', (challenge) => signCryptosign(one.privateKey, challenge).slice(0, 128)],
  ['that is no hex', () => 'x'.repeat(192)],
  ['that is empty', () => ''],
])('CS-03: a signature %s is refused', async (_, make) => {
  const { greet } = world();
  const { peer, answer } = await greet(hello(one.publicKey));
  peer.send(new Authenticate(make((answer[2] as { challenge: string }).challenge), {}));
  expect(reasonOf(await nextOf(peer))).toBe('wamp.error.authentication_denied');
});

test('CS-03: a signature of another session is refused', async () => {
  const { greet } = world();
  const mine = await greet(hello(one.publicKey));
  const other = await greet(hello(one.publicKey));
  const { challenge } = mine.answer[2] as { challenge: string };
  other.peer.send(new Authenticate(signCryptosign(one.privateKey, challenge), {}));
  expect(reasonOf(await nextOf(other.peer))).toBe('wamp.error.authentication_denied');
});

// Both are optional, and the router takes part in neither: what a client says of them neither helps nor harms it.
test.each([
  ['CS-01, CS-06: a client with a known key joins, whatever trust root it names', one, 2],
  ['CS-06: a trust root and certificates let no unknown key in', generateCryptosignKey(), 3],
])('%s', async (_, key, code) => {
  const { greet } = world();
  const trustroot = '0xf766Dc789CF04CD18aE75af2c5fAf2DA6650Ff57';
  const certificates = [[{ domain: {}, message: { csPubKey: `0x${key.publicKey}` } }, '00'.repeat(65)]];
  const { peer, answer } = await greet(hello(key.publicKey, { trustroot, certificates }));
  const { challenge } = answer[2] as { challenge: string };
  peer.send(new Authenticate(signCryptosign(key.privateKey, challenge), {}));
  expect((await nextOf(peer))[0]).toBe(code);
});

test('CS-07: no client is asked to attest, and a quote that comes unasked is nothing', async () => {
  const { greet } = world();
  const { peer, answer } = await greet(hello(one.publicKey));
  const extra = answer[2] as { challenge: string };
  expect(Object.keys(extra)).not.toContain('attest');
  const attestation = { quote: 'AAAA', measurement: 'BBBB' };
  peer.send(new Authenticate(signCryptosign(one.privateKey, extra.challenge), attestation));
  expect((await nextOf(peer))[0]).toBe(2);
});

test.each([
  ['an unknown key', undefined, generateCryptosignKey(), 'wamp.error.no_such_principal'],
  ['an unknown authid', 'nobody', one, 'wamp.error.no_such_principal'],
  ["another's key", 'device-2', one, 'wamp.error.authentication_denied'],
])('CS-01, AUTH-04: %s is challenged, and then refused: %s', async (_, authid, key, reason) => {
  const { greet } = world();
  const { peer, answer } = await greet({ ...hello(key.publicKey), ...(authid && { authid }) });
  expect(answer[0]).toBe(4);
  const { challenge } = answer[2] as { challenge: string };
  peer.send(new Authenticate(signCryptosign(key.privateKey, challenge), {}));
  expect(reasonOf(await nextOf(peer))).toBe(reason);
});

test.each<[Dict, string]>([
  [{}, 'wamp.error.authentication_required'],
  [{ pubkey: null }, 'wamp.error.authentication_required'],
  [{ pubkey: 'ab' }, 'wamp.error.authentication_failed'],
  [{ pubkey: 5 }, 'wamp.error.authentication_failed'],
  [{ pubkey: one.publicKey, challenge: 'ab' }, 'wamp.error.authentication_failed'],
])('CS-01: authextra %j is refused: %s', async (authextra, reason) => {
  const { greet } = world();
  expect(reasonOf((await greet({ authmethods: ['cryptosign'], authextra })).answer)).toBe(reason);
});

test.each(['tls-exporter', 'tls-unique'] as const)(
  'CS-04: a client joins with channel binding %s',
  async (channelBinding) => {
    const { join } = world();
    const client = cryptosign(one.privateKey, { channelBinding, routerKey: router.publicKey });
    expect((await join(client, { transport: secure })).details).toMatchObject({ authid: 'device-1' });
  },
);

test('CS-04, A16: with a binding the challenge is signed mixed with the channel: tls-unique as SHA-256', async () => {
  const { greet } = world();
  const { peer, answer } = await greet(hello(one.publicKey, { channel_binding: 'tls-unique' }), {
    transport: secure,
  });
  const { challenge, channel_binding } = answer[2] as { challenge: string; channel_binding: string };
  expect(channel_binding).toBe('tls-unique');
  const id = createHash('sha256').update(channel.subarray(0, 12)).digest();
  peer.send(new Authenticate(signCryptosign(one.privateKey, challenge, id), {}));
  expect((await nextOf(peer))[0]).toBe(2);
});

test('CS-04: what was signed over another channel is refused', async () => {
  const { greet } = world();
  const details = hello(one.publicKey, { channel_binding: 'tls-exporter' });
  for (const channelId of [undefined, new Uint8Array(32).fill(8)]) {
    const { peer, answer } = await greet(details, { transport: secure });
    const { challenge } = answer[2] as { challenge: string };
    peer.send(new Authenticate(signCryptosign(one.privateKey, challenge, channelId), {}));
    expect(reasonOf(await nextOf(peer))).toBe('wamp.error.authentication_denied');
  }
});

test.each(['tls-exporter', 'tls-server-end-point', 'other', 5])(
  'CS-04, A16: a binding that there is not, %j, is answered with none',
  async (type) => {
    const { greet } = world();
    const { answer } = await greet(hello(one.publicKey, { channel_binding: type }));
    expect(answer[2]).toMatchObject({ channel_binding: null });
  },
);

test('CS-05: the router proves itself to a client that sends a challenge', async () => {
  const { greet, join } = world();
  const challenge = 'ef'.repeat(32);
  const { answer } = await greet(hello(one.publicKey, { challenge }));
  const { pubkey, signature } = answer[2] as { pubkey: string; signature: string };
  expect(pubkey).toBe(cryptosignPublicKey(router.privateKey));
  expect(verifyCryptosign(pubkey, signature, challenge)).toBe(true);
  const client = cryptosign(one.privateKey, { routerKey: router.publicKey });
  expect((await join(client)).details).toMatchObject({ authid: 'device-1' });
});

test('CS-05: a router without a key proves nothing', async () => {
  const { greet } = world({});
  const { answer } = await greet(hello(one.publicKey, { challenge: 'ef'.repeat(32) }));
  expect(answer[2]).toEqual({ challenge: expect.any(String), channel_binding: null });
});

test('CS-05: what is no key of a router is refused when it is made', () => {
  expect(() => world({ routerKey: 'SECRET' })).toThrow(/64 hex digits/);
  expect(() => world({ routerKey: 'SECRET' })).not.toThrow(/SECRET/);
});
