import { createHmac } from 'node:crypto';
import {
  anonymous,
  type ClientAuthenticator,
  type ConnectOptions,
  connect,
  ErrorUri,
  JoinError,
  jwt,
  ticket,
} from '@wampkit/client';
import { cryptosign, cryptosignPublicKey, generateCryptosignKey } from '@wampkit/client/auth/cryptosign';
import { wampScram } from '@wampkit/client/auth/wamp-scram';
import { signWampcra, wampcra } from '@wampkit/client/auth/wampcra';
import { anonymousAuthenticator, ticketAuthenticator } from '@wampkit/router';
import { cryptosignAuthenticator } from '@wampkit/router/cryptosign';
import { jwtAuthenticator } from '@wampkit/router/jwt';
import { wampScramAuthenticator } from '@wampkit/router/wamp-scram';
import { wampcraAuthenticator } from '@wampkit/router/wampcra';
import { testTls } from '@wampkit/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scheme, serializers, startRouter, type TestRouter } from '../src/start-router.js';

const device = generateCryptosignKey();
const routerKeys = generateCryptosignKey();
const stranger = generateCryptosignKey();
const shared = 'a key that issuer and router share';
// What `wamp-cli derive scram` made of the password, with little work.
const stored = {
  kdf: 'argon2id13',
  salt: 'W22ZaJ0SNY7soEsUEjb6gQ==',
  iterations: 1,
  memory: 8192,
} as const;

let router: TestRouter;

beforeAll(async () => {
  const { deriveScramKeys } = await import('@wampkit/auth/wamp-scram');
  const role = 'user';
  router = await startRouter({
    authenticators: [
      ticketAuthenticator({ users: { joe: { ticket: 'joe-ticket', role } } }),
      wampcraAuthenticator({
        users: {
          ann: { secret: 'ann-secret', role },
          bob: { secret: 'bob-secret', role, salt: 'bob-salt', iterations: 100, keylen: 32 },
        },
      }),
      wampScramAuthenticator({
        users: {
          eve: { password: 'eve-pässword', role },
          'zoë,=': { ...stored, ...(await deriveScramKeys('zoe-password', stored)), role },
        },
      }),
      cryptosignAuthenticator({
        routerKey: routerKeys.privateKey,
        users: { 'device-1': { authorizedKeys: [device.publicKey], role } },
      }),
      jwtAuthenticator({ keys: { secret: shared } }),
      anonymousAuthenticator({ role }),
    ],
    roles: [{ name: role, permissions: [] }],
  });
});
afterAll(() => router[Symbol.asyncDispose]());

async function join(scheme: Scheme, auth: ConnectOptions['auth'], own: Partial<ConnectOptions> = {}) {
  const tls = { ca: testTls().cert };
  return connect(router.url(scheme), { realm: 'realm1', reconnect: false, tls, auth, ...own });
}

async function expectJoined(
  scheme: Scheme,
  auth: ClientAuthenticator,
  own: Partial<ConnectOptions> = {},
): Promise<string | undefined> {
  await using client = await join(scheme, auth, own);
  expect(client.session).toMatchObject({ authmethod: auth.method, authrole: 'user' });
  return client.session?.authid;
}

async function refusal(scheme: Scheme, auth: ClientAuthenticator): Promise<JoinError> {
  const error = await join(scheme, auth).then(
    () => null,
    (reason) => reason,
  );
  expect(error).toBeInstanceOf(JoinError);
  return error;
}

function tokenOf(claims: Record<string, unknown>, key = shared): string {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const parts = [{ alg: 'HS256' }, { sub: 'tom', role: 'user', exp, ...claims }];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

const signer = (challenge: string) => signWampcra('ann-secret', challenge);
const good: readonly [string, string, () => ClientAuthenticator][] = [
  ['TICK-01: ticket', 'joe', () => ticket('joe', 'joe-ticket')],
  ['CRA-03: wampcra', 'ann', () => wampcra('ann', 'ann-secret')],
  ['CRA-04: wampcra, salted', 'bob', () => wampcra('bob', 'bob-secret')],
  ['CRA-05: wampcra, signed elsewhere', 'ann', () => wampcra('ann', { signer })],
  ['SCRAM-07: wamp-scram, pbkdf2', 'eve', () => wampScram('eve', 'eve-pässword')],
  ['SCRAM-09: wamp-scram, argon2id13', 'zoë,=', () => wampScram('zoë,=', 'zoe-password')],
  ['CS-03: cryptosign', 'device-1', () => cryptosign(device.privateKey)],
  [
    'CS-05: cryptosign, the router proven',
    'device-1',
    () => cryptosign(device.privateKey, { authid: 'device-1', routerKey: routerKeys.publicKey }),
  ],
  ['AUTH-02: jwt', 'tom', () => jwt(tokenOf({}))],
];
const bad: readonly [string, string, () => ClientAuthenticator][] = [
  ['TICK-01: a wrong ticket', ErrorUri.AuthenticationDenied, () => ticket('joe', 'ann-ticket')],
  ['TICK-01: nobody', ErrorUri.NoSuchPrincipal, () => ticket('nobody', 'joe-ticket')],
  ['CRA-05: a wrong secret', ErrorUri.AuthenticationDenied, () => wampcra('ann', 'bob-secret')],
  ['CRA-05: a wrong secret, salted', ErrorUri.AuthenticationDenied, () => wampcra('bob', 'ann-secret')],
  ['SCRAM-07: a wrong password', ErrorUri.AuthenticationDenied, () => wampScram('eve', 'eve-password')],
  [
    'SCRAM-03: nobody, who is told apart by nothing',
    ErrorUri.AuthenticationDenied,
    () => wampScram('nobody', 'eve-password'),
  ],
  [
    'CS-03: a key that is not of this user',
    ErrorUri.AuthenticationDenied,
    () => cryptosign(stranger.privateKey, { authid: 'device-1' }),
  ],
  ['CS-03: a key of nobody', ErrorUri.NoSuchPrincipal, () => cryptosign(stranger.privateKey)],
  [
    'CS-05: a router with another key than the pinned one',
    ErrorUri.AuthenticationFailed,
    () => cryptosign(device.privateKey, { routerKey: cryptosignPublicKey(stranger.privateKey) }),
  ],
  [
    'AUTH-02: a token by another key',
    ErrorUri.AuthenticationDenied,
    () => jwt(tokenOf({}, 'a key that nobody shares with anybody')),
  ],
];

describe.each<Scheme>(['ws', 'wss', 'http', 'tcp', 'tcps', 'unix'])('over %s', (scheme) => {
  test.each(good)('%s joins as %s', async (_name, authid, auth) => {
    expect(await expectJoined(scheme, auth())).toBe(authid);
  });

  test.each(bad)('%s is refused: %s', async (_name, uri, auth) => {
    expect((await refusal(scheme, auth())).uri).toBe(uri);
  });
});

describe.each(Object.entries(serializers))('in %s', (_name, serializer) => {
  test.each(good)('%s joins', async (_method, authid, auth) => {
    expect(await expectJoined('ws', auth(), { serializers: [serializer] })).toBe(authid);
  });
});

describe('AUTH-01: several methods at once', () => {
  test('the first that the client offers and the router has is taken', async () => {
    const methods = [cryptosign(device.privateKey), jwt(tokenOf({})), anonymous()];
    for (const [first, ...rest] of [methods, [...methods].reverse()]) {
      await using client = await join('ws', [first as ClientAuthenticator, ...rest]);
      expect(client.session?.authmethod).toBe(first?.method);
    }
  });
});

describe.each<Scheme>(['wss', 'tcps'])('channel binding over %s', (scheme) => {
  const bound = [
    ['CS-04: cryptosign', 'tls-exporter', undefined],
    ['SCRAM-10: wamp-scram', 'tls-exporter', undefined],
    ['CS-04: cryptosign', 'tls-unique', 'TLSv1.2'],
    ['SCRAM-10: wamp-scram', 'tls-unique', 'TLSv1.2'],
  ] as const;
  const options = { routerKey: routerKeys.publicKey };

  function boundMethod(name: string, channelBinding: 'tls-exporter' | 'tls-unique'): ClientAuthenticator {
    return name.endsWith('cryptosign')
      ? cryptosign(device.privateKey, { ...options, channelBinding })
      : wampScram('eve', 'eve-pässword', { channelBinding });
  }

  test.each(bound)('%s joins by %s', async (name, type, maxVersion) => {
    const tls = { ca: testTls().cert, ...(maxVersion === undefined ? {} : { maxVersion }) };
    await expectJoined(scheme, boundMethod(name, type), { tls });
  });

  test('CS-04: a binding that TLS 1.3 has not is refused here, and nothing is sent', async () => {
    await expect(join(scheme, boundMethod('cryptosign', 'tls-unique'))).rejects.toThrow('has none to offer');
  });
});
