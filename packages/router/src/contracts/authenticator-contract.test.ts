import { type ClientAuthenticator, cookie, ticket as ticketClient } from '@wampkit/auth';
import { cryptosign, generateCryptosignKey } from '@wampkit/auth/cryptosign';
import { wampScram } from '@wampkit/auth/wamp-scram';
import { wampcra } from '@wampkit/auth/wampcra';
import { Payload } from '@wampkit/protocol';
import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { anonymousAuthenticator } from '../authentication/anonymous.js';
import type { Authenticator } from '../authentication/authenticator.js';
import { CookieAuthenticator } from '../authentication/cookie.js';
import { cryptosignAuthenticator } from '../authentication/cryptosign.js';
import { jwtAuthenticator } from '../authentication/jwt.js';
import { usersByProcedure } from '../authentication/procedure-users.js';
import { ticketAuthenticator } from '../authentication/ticket.js';
import { tlsAuthenticator } from '../authentication/tls.js';
import { wampScramAuthenticator } from '../authentication/wamp-scram.js';
import { wampcraAuthenticator } from '../authentication/wampcra.js';
import {
  type AuthAttempt,
  type AuthenticatorFixture,
  authenticatorContract,
} from './authenticator-contract.js';

const ticket = (signature: string) => () => ({ signature });

/** What a client's half does. */
const by = (client: ClientAuthenticator, transport = { type: 'memory' }): AuthAttempt => {
  const half = 'begin' in client ? client.begin({ transport }) : client;
  const { authid, authextra } = half;
  return {
    ...(authid === undefined ? {} : { authid }),
    ...(authextra === undefined ? {} : { authextra }),
    transport,
    answer: (extra) => half.answer(extra),
  };
};

const [key, other] = [generateCryptosignKey(), generateCryptosignKey()];
const showing = (fingerprint: string) => ({
  type: 'rawsocket',
  clientCertificate: { fingerprint, subject: 'CN=a', authorized: false },
});
const shared = 'a shared key of thirty-two octets';
const token = (role: string, secret = shared) =>
  new SignJWT({ sub: 'joe', role })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
const signedBy = (secret: string): AuthAttempt => ({
  answer: async () => ({ signature: await token('user', secret) }),
});
const remembered = (): CookieAuthenticator => {
  const cookies = new CookieAuthenticator();
  const identity = { authid: 'joe', authrole: 'user', authmethod: 'ticket', authprovider: 'static' };
  const transport = { type: 'websocket', cookie: 'one' };
  cookies.joined({ realm: 'realm1', identity, transport, expires: Number.POSITIVE_INFINITY });
  return cookies;
};

const fixtures: Record<string, AuthenticatorFixture> = {
  anonymous: { create: () => anonymousAuthenticator({ role: 'guest' }), welcome: {}, unwelcome: [] },
  ticket: {
    create: () => ticketAuthenticator({ users: { joe: { ticket: 'secret', role: 'user' } } }),
    welcome: { authid: 'joe', answer: ticket('secret') },
    unwelcome: [
      { authid: 'joe', answer: ticket('wrong') },
      { authid: 'nobody', answer: ticket('secret') },
      { answer: ticket('secret') },
    ],
  },
  'ticket by a procedure': {
    create: () => ticketAuthenticator({ users: usersByProcedure('com.a.b') }),
    welcome: by(ticketClient('joe', 'secret')),
    unwelcome: [by(ticketClient('joe', 'wrong')), by(ticketClient('nobody', 'secret'))],
    call: async ({ payload }) => {
      const [, authid, details] = payload.args() as [string, string, { ticket: string }];
      return Payload.of([authid === 'joe' && details.ticket === 'secret' ? 'user' : null]);
    },
  },
  wampcra: {
    create: () =>
      wampcraAuthenticator({
        users: { ann: { secret: 'secret', role: 'user' }, bob: { secret: 'b', salt: 'salt', role: 'user' } },
      }),
    welcome: by(wampcra('ann', 'secret')),
    unwelcome: [by(wampcra('ann', 'wrong')), by(wampcra('nobody', 'secret')), by(wampcra('bob', 'secret'))],
  },
  'wampcra, salted': {
    create: () => wampcraAuthenticator({ users: { bob: { secret: 'b', salt: 'salt', role: 'user' } } }),
    welcome: by(wampcra('bob', 'b')),
    unwelcome: [by(wampcra('bob', 'wrong')), by(wampcra('nobody', 'b'))],
  },
  'wamp-scram': {
    create: () => wampScramAuthenticator({ users: { eve: { password: 'password', role: 'user' } } }),
    welcome: by(wampScram('eve', 'password')),
    unwelcome: [by(wampScram('eve', 'wrong')), by(wampScram('nobody', 'password')), { authid: 'eve' }],
  },
  cryptosign: {
    create: () =>
      cryptosignAuthenticator({ users: { device: { authorizedKeys: [key.publicKey], role: 'device' } } }),
    welcome: by(cryptosign(key.privateKey)),
    unwelcome: [by(cryptosign(other.privateKey)), by(cryptosign(key.privateKey, { authid: 'x' })), {}],
  },
  tls: {
    create: () =>
      tlsAuthenticator({ users: { device: { fingerprint: `sha256:${'ab'.repeat(32)}`, role: 'device' } } }),
    welcome: { transport: showing('ab'.repeat(32)) },
    unwelcome: [
      { transport: showing('cd'.repeat(32)) },
      { authid: 'x', transport: showing('ab'.repeat(32)) },
      {},
    ],
  },
  jwt: {
    create: () => jwtAuthenticator({ keys: { secret: shared } }),
    welcome: signedBy(shared),
    unwelcome: [signedBy('another key of thirty-two octets!'), { answer: ticket('') }],
  },
  cookie: {
    create: remembered,
    welcome: by(cookie(), { type: 'websocket', cookie: 'one' } as never),
    unwelcome: [by(cookie(), { type: 'websocket', cookie: 'two' } as never), by(cookie())],
  },
};

describe.each(Object.entries(fixtures))('%s', (_, fixture) => {
  for (const { name, run } of authenticatorContract(fixture)) test(name, run);
});

const failing = async (create: () => Authenticator): Promise<string[]> => {
  const fixture = {
    create,
    welcome: { answer: ticket('x') },
    unwelcome: [{ authid: 'bad', answer: ticket('y') }],
  };
  const failed: string[] = [];
  for (const { name, run } of authenticatorContract(fixture))
    await run().catch(() => failed.push(name.split(':')[0] as string));
  return failed;
};

test('AUTH-03, AUTH-04: the contract finds an authenticator that lets everybody in, or nobody', async () => {
  const accept = { type: 'accept', authid: 'a', authrole: 'r' } as const;
  expect(await failing(() => ({ method: 'm', start: () => accept }))).toEqual(['AUTH-02', 'AUTH-04']);
  const deny = { type: 'deny', reason: 'no uri' } as const;
  expect(await failing(() => ({ method: '', start: () => deny }))).toEqual([
    'AUTH-01',
    'AUTH-03',
    'AUTH-02',
    'AUTH-04',
  ]);
});

test('AUTH-02: the contract finds an authenticator that keeps an exchange in a field', async () => {
  let authid: string | undefined;
  const forgetful: Authenticator = {
    method: 'm',
    start: (request) => {
      authid = request.authid;
      return {
        type: 'challenge',
        extra: {},
        answer: () =>
          authid === undefined
            ? { type: 'accept', authid: 'a', authrole: 'r' }
            : { type: 'deny', reason: 'wamp.error.authentication_denied' },
      };
    },
  };
  expect(await failing(() => forgetful)).toEqual(['AUTH-02']);
});

test('AUTH-02: the contract finds an authenticator that challenges for ever', async () => {
  const step = { type: 'challenge' as const, extra: {}, answer: () => step };
  expect(await failing(() => ({ method: 'm', start: () => step }))).toEqual([
    'AUTH-03',
    'AUTH-02',
    'AUTH-04',
  ]);
});
