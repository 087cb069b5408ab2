import { type ClientAuthenticator, connect, JoinError, ticket } from '@wampkit/client';
import { cryptosign } from '@wampkit/client/auth/cryptosign';
import { wampcra } from '@wampkit/client/auth/wampcra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestRouter } from '../src/start-router.js';
import { authenticationSuite, startRouterForAll } from './authentication-suite.js';
import { autobahnJs26, node24 } from './autobahn-js-26-client.js';
import { autobahnJs } from './autobahn-js-client.js';
import { autobahnAsyncio, autobahnTwisted, hasPython } from './autobahn-python-client.js';
import type { AuthWay } from './feature.js';
import type { ForeignKind } from './foreign-client.js';
import { hasGoClients, nexusGo, xconnGo } from './go-clients.js';
import { crossbar, deviceKey, type RunningRouter, strangerKey } from './other-routers.js';
import { wampy } from './wampy-client.js';

const clients: readonly [name: string, kind: ForeignKind, isInstalled: boolean][] = [
  ['npm autobahn 26.3.1', autobahnJs26, node24 !== undefined],
  ['npm autobahn 22.11.1', autobahnJs, true],
  ['PyPI autobahn 26.10.2, asyncio', autobahnAsyncio, hasPython],
  ['PyPI autobahn 26.10.2, Twisted', autobahnTwisted, hasPython],
  ['Go nexus client 3.3.0', nexusGo, hasGoClients],
  ['Go xconn-go 0.1.0', xconnGo, hasGoClients],
  ['npm wampy 8.0.2', wampy, true],
];

// Skipped, and visibly so, where one is not installed: see CONTRIBUTING.
for (const [name, kind, isInstalled] of clients)
  describe.skipIf(!isInstalled)(`${name}${isInstalled ? '' : ' (not installed)'}`, () =>
    authenticationSuite(name, kind),
  );

/* Its SCRAM has another name and other words on the wire than the specification's: `argon2id-13`, an empty `c=`, no nonce
   in AUTHENTICATE and `scram_server_signature` in WELCOME; and its PBKDF2 takes no salt that comes as text (A21). */
describe.skipIf(!hasPython).each([
  ['asyncio', autobahnAsyncio],
  ['Twisted', autobahnTwisted],
] as const)('the SCRAM of PyPI autobahn, %s', (_name, kind) => {
  let router: TestRouter;
  beforeAll(async () => {
    router = await startRouterForAll();
  });
  afterAll(() => router?.[Symbol.asyncDispose]());

  test('SCRAM-01, AUTH-01: is refused as a method that the router does not have', async () => {
    const refused = kind.connect({
      transport: 'websocket',
      serializer: 'json',
      address: router.address,
      realm: 'realm1',
      user: { method: 'scram', authid: 'eve', secret: 'eve-password' },
    });
    await expect(refused).rejects.toThrow('wamp.error.no_matching_auth_method');
  });
});

const device = { authid: 'device-1' };

// Skipped, and visibly so, where crossbar is not installed.
const needed = crossbar.isInstalled ? '' : ' (needs interop/crossbar/install.sh)';
describe.skipIf(!crossbar.isInstalled)(`@wampkit/client at crossbar 26.10.1${needed}`, () => {
  let router: RunningRouter;
  beforeAll(async () => {
    router = await crossbar.start();
  });
  afterAll(() => router?.[Symbol.asyncDispose]());

  const join = (auth?: ClientAuthenticator) =>
    connect(router.url('websocket'), { realm: 'realm1', reconnect: false, ...(auth ? { auth } : {}) });

  const lackedAuth = { 'wamp-scram': 'has another, of an early draft, which it calls `scram`' };
  test('AUTH-03: our client joins crossbar by anonymous', {
    meta: { authWay: 'anonymous', lackedAuth },
  }, async () => {
    await using client = await join();
    expect(client.session).toMatchObject({ authrole: 'anonymous', authmethod: 'anonymous' });
  });

  const trials: readonly [ids: string, way: AuthWay, authid: string, ...auth: ClientAuthenticator[]][] = [
    ['TICK-01', 'ticket', 'joe', ticket('joe', 'joe-ticket'), ticket('joe', 'guess')],
    ['CRA-03', 'wampcra', 'ann', wampcra('ann', 'ann-secret'), wampcra('ann', 'guess')],
    ['CRA-04', 'wampcra, salted', 'bob', wampcra('bob', 'bob-secret'), wampcra('bob', 'guess')],
    ['CS-03', 'cryptosign', 'device-1', cryptosign(deviceKey, device), cryptosign(strangerKey, device)],
    ['CS-01', 'cryptosign without authid', 'device-1', cryptosign(deviceKey), cryptosign(strangerKey)],
  ];
  for (const [ids, way, authid, right, wrong] of trials) {
    test(`${ids}: our client joins crossbar by ${way}`, { meta: { authWay: way } }, async () => {
      await using client = await join(right);
      expect(client.session).toMatchObject({ authid, authrole: 'user', authmethod: right?.method });
    });

    test(`${ids}: our client is refused by crossbar by ${way}, and told so`, {
      meta: { authWay: way },
    }, async () => {
      await expect(join(wrong)).rejects.toThrow(JoinError);
    });
  }
});
