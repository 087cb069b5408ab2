import { type ClientAuthenticator, connect, JoinError, ticket } from '@wampkit/client';
import { cryptosign } from '@wampkit/client/auth/cryptosign';
import { wampcra } from '@wampkit/client/auth/wampcra';
import { anonymousAuthenticator } from '@wampkit/router';
import { cryptosignAuthenticator } from '@wampkit/router/cryptosign';
import { wampcraAuthenticator } from '@wampkit/router/wampcra';
import autobahn from 'autobahn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Wampy } from 'wampy';
import { sign as signCryptosignOfWampy } from 'wampy/cryptosign.js';
import { sign as signWampcraOfWampy } from 'wampy/wampcra.js';
import { WebSocket } from 'ws';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { crossbar, deviceKey, devicePublicKey, type RunningRouter } from './other-routers.js';

const strangerKey = 'd511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd';

/** Who joins by a secret or a key; resolves with the authid that it got, rejects with what it was told. */
interface ForeignAuth {
  wampcra(url: string, authid: string, secret: string): Promise<string>;
  cryptosign(url: string, seed: string): Promise<string>;
}

const autobahnAuth: ForeignAuth = {
  wampcra: (url, authid, secret) =>
    joinByAutobahn(url, {
      authid,
      authmethods: ['wampcra'],
      onchallenge: (_session: unknown, _method: string, extra: Record<string, never>) => {
        const { challenge, salt, iterations, keylen } = extra;
        const key =
          salt === undefined ? secret : autobahn.auth_cra.derive_key(secret, salt, iterations, keylen);
        return autobahn.auth_cra.sign(key, challenge);
      },
    }),
  cryptosign: (url, seed) => {
    const keys = autobahn.nacl.sign.keyPair.fromSeed(Buffer.from(seed, 'hex'));
    return joinByAutobahn(url, {
      authmethods: ['cryptosign'],
      authextra: {
        pubkey: autobahn.auth_cryptosign.public_key(keys),
        challenge: null,
        channel_binding: null,
      },
      onchallenge: (_session: unknown, _method: string, extra: object) =>
        autobahn.auth_cryptosign.sign_challenge(keys, extra),
    });
  },
};

function joinByAutobahn(url: string, user: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = new autobahn.Connection({
      transports: [{ type: 'websocket', url, serializers: [new autobahn.serializer.JSONSerializer()] }],
      realm: 'realm1',
      max_retries: 0,
      retry_if_unreachable: false,
      ...user,
    });
    connection.onopen = (_session, { authid }) => {
      resolve(authid);
      connection.close();
    };
    connection.onclose = (_reason, { reason }) => {
      reject(new Error(String(reason)));
      return true;
    };
    connection.open();
  });
}

const wampyAuth: ForeignAuth = {
  wampcra: (url, authid, secret) =>
    joinByWampy(url, { authid, authmethods: ['wampcra'], onChallenge: signWampcraOfWampy(secret) }),
  cryptosign: (url, seed) => {
    const keys = autobahn.nacl.sign.keyPair.fromSeed(Buffer.from(seed, 'hex'));
    const pubkey = autobahn.auth_cryptosign.public_key(keys);
    // It wants an authid, which the router finds by the key.
    return joinByWampy(url, {
      authid: 'device-1',
      authmethods: ['cryptosign'],
      authextra: { pubkey },
      onChallenge: signCryptosignOfWampy(seed),
    });
  },
};

async function joinByWampy(url: string, user: object): Promise<string> {
  // biome-ignore lint/suspicious/noExplicitAny: wampy types its `ws` as the browser's class
  const ws = WebSocket as any;
  const client = new Wampy(url, { realm: 'realm1', ws, autoReconnect: false, ...user });
  const welcome = (await client.connect()) as { authid: string };
  await client.disconnect();
  return welcome.authid;
}

const clients = { 'npm autobahn 22': autobahnAuth, 'npm wampy': wampyAuth };

describe.each(Object.entries(clients))('%s at our router', (_name, foreign) => {
  let router: TestRouter;

  beforeAll(async () => {
    const role = 'user';
    router = await startRouter({
      authenticators: [
        anonymousAuthenticator({ role }),
        wampcraAuthenticator({
          users: {
            ann: { secret: 'ann-secret', role },
            bob: { secret: 'bob-secret', role, salt: 'bob-salt', iterations: 100, keylen: 32 },
          },
        }),
        cryptosignAuthenticator({ users: { 'device-1': { authorizedKeys: [devicePublicKey], role } } }),
      ],
      roles: [{ name: role, permissions: [] }],
    });
  });
  afterAll(() => router[Symbol.asyncDispose]());

  test.each(['ann', 'bob'])(
    'CRA-03, CRA-04: %s joins by wampcra, and not with a wrong secret',
    async (authid) => {
      expect(await foreign.wampcra(router.url('ws'), authid, `${authid}-secret`)).toBe(authid);
      await expect(foreign.wampcra(router.url('ws'), authid, 'guess')).rejects.toThrow();
    },
  );

  test('CS-03: joins by cryptosign, and not with another key', async () => {
    expect(await foreign.cryptosign(router.url('ws'), deviceKey)).toBe('device-1');
    await expect(foreign.cryptosign(router.url('ws'), strangerKey)).rejects.toThrow();
  });
});

// Skipped, and visibly so, where crossbar is not installed.
const needed = crossbar.isInstalled ? '' : ' (needs interop/crossbar/install.sh)';
describe.skipIf(!crossbar.isInstalled)(`@wampkit/client at crossbar${needed}`, () => {
  let router: RunningRouter;
  beforeAll(async () => {
    router = await crossbar.start();
  });
  afterAll(() => router?.[Symbol.asyncDispose]());

  const join = (auth: ClientAuthenticator) =>
    connect(router.url('websocket'), { realm: 'realm1', reconnect: false, auth });

  test.each<[string, string, ClientAuthenticator]>([
    ['TICK-01: ticket', 'joe', ticket('joe', 'joe-ticket')],
    ['CRA-03: wampcra', 'ann', wampcra('ann', 'ann-secret')],
    ['CRA-04: wampcra, salted', 'bob', wampcra('bob', 'bob-secret')],
    ['CS-03: cryptosign', 'device-1', cryptosign(deviceKey, { authid: 'device-1' })],
    ['CS-01: cryptosign without authid', 'device-1', cryptosign(deviceKey)],
  ])('%s joins as %s', async (_name, authid, auth) => {
    await using client = await join(auth);
    expect(client.session).toMatchObject({ authid, authrole: 'user', authmethod: auth.method });
  });

  test.each<[string, ClientAuthenticator]>([
    ['TICK-01: a wrong ticket', ticket('joe', 'guess')],
    ['CRA-05: a wrong secret', wampcra('ann', 'guess')],
    ['CRA-05: a wrong secret, salted', wampcra('bob', 'guess')],
    ['CS-03: another key', cryptosign(strangerKey, { authid: 'device-1' })],
  ])('%s is refused', async (_name, auth) => {
    await expect(join(auth)).rejects.toThrow(JoinError);
  });
});
