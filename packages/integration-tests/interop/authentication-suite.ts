import { type Client, connect } from '@wampkit/client';
import { anonymousAuthenticator, ticketAuthenticator } from '@wampkit/router';
import { cryptosignAuthenticator } from '@wampkit/router/cryptosign';
import { wampScramAuthenticator } from '@wampkit/router/wamp-scram';
import { wampcraAuthenticator } from '@wampkit/router/wampcra';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import type { AuthWay } from './feature.js';
import type { ForeignCell, ForeignClient, ForeignKind, ForeignUser } from './foreign-client.js';
import { deviceKey, devicePublicKey, strangerKey } from './other-routers.js';

/** One way to authenticate: who joins by it, and who must not. */
interface Trial {
  readonly way: AuthWay;
  /** The requirements that joining shows, and being refused. */
  readonly ids: readonly [join: string, refusal: string];
  readonly user: ForeignUser;
  /** What is wrong in place of the right secret. */
  readonly wrongSecret: string;
  /** What ABORT tells of it. */
  readonly abort: { readonly reason: string; readonly message: RegExp };
}

const denied = (message: RegExp) => ({ reason: 'wamp.error.authentication_denied', message });
const keyDenied = denied(/wrong key/);
const device = { method: 'cryptosign', secret: deviceKey } as const;

const trials: readonly Trial[] = [
  {
    way: 'ticket',
    ids: ['TICK-01', 'TICK-01, AUTH-04'],
    user: { method: 'ticket', authid: 'joe', secret: 'joe-ticket' },
    wrongSecret: 'guess',
    abort: denied(/wrong ticket/),
  },
  {
    way: 'wampcra',
    ids: ['CRA-01, CRA-03', 'CRA-05, AUTH-04'],
    user: { method: 'wampcra', authid: 'ann', secret: 'ann-secret' },
    wrongSecret: 'guess',
    abort: denied(/wrong/),
  },
  {
    way: 'wampcra, salted',
    ids: ['CRA-04', 'CRA-04, CRA-05, AUTH-04'],
    user: { method: 'wampcra', authid: 'bob', secret: 'bob-secret' },
    wrongSecret: 'guess',
    abort: denied(/wrong/),
  },
  {
    way: 'cryptosign',
    ids: ['CS-03', 'CS-03, AUTH-04'],
    user: { ...device, authid: 'device-1' },
    wrongSecret: strangerKey,
    abort: keyDenied,
  },
  {
    way: 'cryptosign without authid',
    ids: ['CS-01', 'CS-01, AUTH-04'],
    user: device,
    wrongSecret: strangerKey,
    abort: { reason: 'wamp.error.no_such_principal', message: /no user/ },
  },
  {
    way: 'cryptosign, tls-unique',
    ids: ['CS-04', 'CS-04, AUTH-04'],
    user: { ...device, authid: 'device-1', channelBinding: 'tls-unique' },
    wrongSecret: strangerKey,
    abort: keyDenied,
  },
];

/**
 * Everything by which somebody else's client authenticates at our router, over the first and the last of its cells.
 *
 * @param name of the client, in the names of the tests
 */
export function authenticationSuite(name: string, kind: ForeignKind): void {
  const cells = [kind.cells.at(0), kind.cells.at(-1)] as readonly ForeignCell[];
  let router: TestRouter;
  let ours: Client;

  beforeAll(async () => {
    router = await startRouterForAll();
    ours = await connect(router.url('ws'), { realm: 'realm1' });
  });
  afterAll(async () => {
    await ours?.close();
    await router?.[Symbol.asyncDispose]();
  });

  describe.each(cells)('$transport/$serializer', (cell) => {
    const join = (user: ForeignUser): Promise<ForeignClient> => {
      const secure = user.channelBinding !== undefined;
      const address = secure ? new URL(router.url('wss')).host : router.address;
      return kind.connect({ ...cell, address, secure, realm: 'realm1', user });
    };
    const identityOf = async ({ session }: ForeignClient): Promise<unknown> =>
      (await ours.call('wamp.session.get', { args: [session] })).value;

    test(`AUTH-03: ${name} joins by anonymous, and not as whom it says it is`, {
      meta: { authWay: 'anonymous', lackedAuth: kind.lackedAuth },
    }, async () => {
      const guest = await join({ method: 'anonymous', authid: 'joe' });
      expect(guest.authid).toMatch(/^anonymous-/);
      expect(await identityOf(guest)).toMatchObject({ authmethod: 'anonymous', authid: guest.authid });
      await guest.close();
    });

    for (const { way, ids, user, wrongSecret, abort } of trials) {
      // channels are bound under WebSocket only, once
      if (kind.lackedAuth[way] !== undefined || (user.channelBinding && cell !== cells[0])) continue;

      test(`${ids[0]}: ${name} joins by ${way}`, { meta: { authWay: way } }, async () => {
        const member = await join(user);
        const { authid = 'device-1', method: authmethod } = user;
        expect(member.authid).toBe(authid);
        expect(await identityOf(member)).toMatchObject({ authid, authmethod, authrole: 'user' });
        await member.close();
      });

      test(`${ids[1]}: ${name} is refused by ${way}, and told so`, { meta: { authWay: way } }, async () => {
        await expect(join({ ...user, secret: wrongSecret })).rejects.toThrow(abort[kind.abortIsToldBy]);
      });
    }
  });
}

/** A router whose `realm1` has a user for each method. */
export function startRouterForAll(): Promise<TestRouter> {
  const role = 'user';
  const bob = { secret: 'bob-secret', role, salt: 'bob-salt', iterations: 100, keylen: 32 };
  return startRouter({
    authenticators: [
      anonymousAuthenticator({ role }),
      ticketAuthenticator({ users: { joe: { ticket: 'joe-ticket', role } } }),
      wampcraAuthenticator({ users: { ann: { secret: 'ann-secret', role }, bob } }),
      wampScramAuthenticator({ users: { eve: { password: 'eve-password', role } } }),
      cryptosignAuthenticator({ users: { 'device-1': { authorizedKeys: [devicePublicKey], role } } }),
    ],
    roles: [{ name: role, permissions: [{ uri: 'wamp.session.get', match: 'exact', allow: ['call'] }] }],
  });
}
