import { Abort, Authenticate, type Dict, Hello, type Peer, Publish, Subscribe } from '@wampkit/protocol';
import { allRoles, FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import {
  type Authenticator,
  type AuthRequest,
  type AuthStep,
  anonymousAuthenticator,
  type RealmOptions,
  type RoleOptions,
  Router,
  ticketAuthenticator,
} from '../index.js';

const roles: readonly RoleOptions[] = ['guest', 'user'].map((name) => ({
  name,
  permissions: [{ uri: '', match: 'prefix', allow: ['call', 'publish', 'register', 'subscribe'] }],
}));

const users = { joe: { ticket: 'secret', role: 'user' }, ann: { ticket: 'other', role: 'ghost' } };

const setUp = (realm: Partial<RealmOptions> = {}) => {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const refused: unknown[] = [];
  const router = new Router({
    realms: [
      {
        name: 'realm1',
        authenticators: [ticketAuthenticator({ users }), anonymousAuthenticator({ role: 'guest' })],
        roles,
        ...realm,
      },
    ],
    clock,
    events: { bug: (info) => bugs.push(info), joinRefused: (info) => refused.push(info) },
  });
  const greet = async (details: Dict) => {
    const peer = new ScriptedPeer();
    router.attach(peer.far);
    const answer = await peer.exchange(new Hello('realm1', { roles: allRoles, ...details }));
    return { peer, answer };
  };
  return { router, clock, bugs, refused, greet };
};

const aborted = (reason: string) => [[3, { message: expect.any(String) }, reason]];
const welcome = (details: Dict) => [[2, expect.any(Number), expect.objectContaining(details)]];

test('AUTH-03: an open realm grants authmethod anonymous and a generated authid', async () => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const [one, two] = [await ScriptedPeer.join(attach), await ScriptedPeer.join(attach)];
  expect(one.details).toMatchObject({
    realm: 'realm1',
    authid: expect.any(String),
    authrole: 'anonymous',
    authmethod: 'anonymous',
    authprovider: 'static',
  });
  expect(one.details.authid).not.toBe(two.details.authid);
});

test('AUTH-03: an anonymous session does not get the authid it asks for', async () => {
  const { greet } = setUp();
  const { answer } = await greet({ authid: 'joe' });
  const generated = expect.stringMatching(/^anonymous-/);
  expect(answer).toEqual(welcome({ authid: generated, authmethod: 'anonymous', authrole: 'guest' }));
});

test.each([
  [undefined, 'anonymous'],
  [[], 'anonymous'],
  [['anonymous'], 'anonymous'],
  [['cryptosign', 'anonymous', 'ticket'], 'anonymous'],
])('AUTH-01: of authmethods %j the first that the realm has is taken: %s', async (authmethods, method) => {
  const { greet } = setUp();
  const { answer } = await greet({ authid: 'joe', ...(authmethods && { authmethods }) });
  expect(answer).toEqual(welcome({ authmethod: method }));
});

test('AUTH-01: the order of the client decides, not that of the realm', async () => {
  const { greet } = setUp();
  expect((await greet({ authid: 'joe', authmethods: ['ticket', 'anonymous'] })).answer).toEqual([
    [4, 'ticket', {}],
  ]);
});

test('AUTH-01: an empty authid is none, as clients send it that always send one', async () => {
  const asked: AuthRequest[] = [];
  const method = 'anonymous';
  const start = (request: AuthRequest): AuthStep => {
    asked.push(request);
    return { type: 'accept', authid: 'ann', authrole: 'user' };
  };
  const { greet } = setUp({ authenticators: [{ method, start }, ticketAuthenticator({ users })] });
  await greet({ authid: '' });
  expect(asked).toHaveLength(1);
  expect(asked[0]).not.toHaveProperty('authid');
  const { answer } = await greet({ authid: '', authmethods: ['ticket'] });
  expect(answer).toEqual(aborted('wamp.error.authentication_required'));
});

test.each([
  [{}, undefined],
  [{ authenticators: [ticketAuthenticator({ users })] }, undefined],
  [{ authenticators: [ticketAuthenticator({ users })] }, ['anonymous', 'wampcra']],
  [{ authenticators: [] }, ['anonymous']],
])('AUTH-01: without a common method there is no_matching_auth_method', async (realm, authmethods) => {
  const { greet } = setUp(realm);
  const { peer, answer } = await greet({ authmethods: authmethods ?? ['scram'] });
  expect(answer).toEqual(aborted('wamp.error.no_matching_auth_method'));
  expect(peer.closed).not.toBeNull();
});

test('AUTH-01: a realm with roles alone lets nobody in', async () => {
  const router = new Router({ realms: [{ name: 'realm1', roles }] });
  const peer = new ScriptedPeer();
  router.attach(peer.far);
  expect(await peer.exchange(new Hello('realm1', { roles: allRoles }))).toEqual(
    aborted('wamp.error.no_matching_auth_method'),
  );
});

test('AUTH-01: an open realm has no other method than anonymous', async () => {
  const { greet } = setUp({ authenticators: undefined, roles: undefined } as never);
  expect((await greet({ authmethods: ['ticket'] })).answer).toEqual(
    aborted('wamp.error.no_matching_auth_method'),
  );
});

test('TICK-01, AUTH-02: CHALLENGE ticket, AUTHENTICATE with the ticket, WELCOME', async () => {
  const { greet } = setUp();
  const { peer, answer } = await greet({ authmethods: ['ticket'], authid: 'joe' });
  expect(answer).toEqual([[4, 'ticket', {}]]);
  expect(await peer.exchange(new Authenticate('secret', {}))).toEqual(
    welcome({ authid: 'joe', authrole: 'user', authmethod: 'ticket', authprovider: 'static' }),
  );
});

test.each([
  ['joe', 'wrong', 'wamp.error.authentication_denied'],
  ['joe', '', 'wamp.error.authentication_denied'],
  ['joe', 'secret2', 'wamp.error.authentication_denied'],
  ['nobody', 'secret', 'wamp.error.no_such_principal'],
  ['nobody', '', 'wamp.error.no_such_principal'],
  ['constructor', '', 'wamp.error.no_such_principal'],
  ['ann', 'other', 'wamp.error.no_such_role'],
])(
  'TICK-01, AUTH-04: authid %s with ticket %j gives %s, after the same challenge',
  async (authid, ticket, reason) => {
    const { greet } = setUp();
    const { peer, answer } = await greet({ authmethods: ['ticket'], authid });
    expect(answer).toEqual([[4, 'ticket', {}]]);
    expect(await peer.exchange(new Authenticate(ticket, {}))).toEqual(aborted(reason));
    expect(peer.closed).not.toBeNull();
  },
);

test.each([{}, { authid: null }])(
  'TICK-01, AUTH-04: ticket authentication with %j is required to name somebody',
  async (details) => {
    const { greet } = setUp();
    const { answer } = await greet({ authmethods: ['ticket'], ...details });
    expect(answer).toEqual(aborted('wamp.error.authentication_required'));
  },
);

test.each([{}, { authmethods: [] }, { authmethods: ['anonymous'] }])(
  'AUTH-04: %j in a realm that lets nobody in without authentication gives authentication_required',
  async (details) => {
    const { greet } = setUp({ authenticators: [ticketAuthenticator({ users })] });
    expect((await greet({ authid: 'joe', ...details })).answer).toEqual(
      aborted('wamp.error.authentication_required'),
    );
  },
);

test.each([new Publish(1, {}, 'a.b'), new Hello('realm1', { roles: allRoles })])(
  'AUTH-02: message $code between CHALLENGE and AUTHENTICATE is a violation',
  async (message) => {
    const { greet } = setUp();
    const { peer } = await greet({ authmethods: ['ticket'], authid: 'joe' });
    expect(await peer.exchange(message, new Authenticate('secret', {}))).toEqual(
      aborted('wamp.error.protocol_violation'),
    );
    expect(peer.closed).not.toBeNull();
  },
);

test('AUTH-02, BP-SESS-05: ABORT of a challenged client is not answered, and its place is free', async () => {
  const { greet, clock } = setUp();
  const { peer } = await greet({ authmethods: ['ticket'], authid: 'joe' });
  expect(await peer.exchange(new Abort({}, 'com.example.no'))).toEqual([]);
  expect(peer.closed).not.toBeNull();
  expect(clock.timers).toBe(0);
});

test('BP-SESS-09: a challenge that is not answered in time ends with ABORT', async () => {
  const { greet, clock } = setUp();
  const { peer } = await greet({ authmethods: ['ticket'], authid: 'joe' });
  clock.advance(10_000);
  await turn();
  expect(peer.take()).toEqual(aborted('wamp.error.timeout'));
  expect(peer.closed).not.toBeNull();
});

/** An authenticator that a test answers by hand. */
const setUpSlow = () => {
  const requests: AuthRequest[] = [];
  const settle: { resolve(step: AuthStep): void; reject(error: unknown): void }[] = [];
  const slow: Authenticator = {
    method: 'slow',
    start: (request) => {
      requests.push(request);
      return new Promise((resolve, reject) => {
        settle.push({ resolve, reject });
      });
    },
  };
  return { ...setUp({ authenticators: [slow] }), requests, settle };
};

const accept: AuthStep = { type: 'accept', authid: 'joe', authrole: 'user' };

test('AUTH-06: the session id is known to the authenticator before WELCOME, with what HELLO said', async () => {
  const { greet, requests, settle } = setUpSlow();
  const details = { authmethods: ['slow'], authid: 'joe', authextra: { key: 1 } };
  const { peer, answer } = await greet(details);
  expect(answer).toEqual([]);
  expect(requests).toEqual([
    {
      realm: 'realm1',
      session: expect.any(Number),
      authid: 'joe',
      authextra: { key: 1 },
      transport: { type: 'memory' },
      isWanted: expect.any(Function),
      call: expect.any(Function),
    },
  ]);
  settle[0]?.resolve(accept);
  await turn();
  expect(peer.take()[0]?.[1]).toBe(requests[0]?.session);
});

test('AUTH-05: a transport that the client claims in HELLO is not believed', async () => {
  const { greet, requests } = setUpSlow();
  await greet({ authmethods: ['slow'], transport: { type: 'websocket', peer: '127.0.0.1' } });
  expect(requests[0]?.transport).toEqual({ type: 'memory' });
});

test('AUTH-02: what a client sends while its authentication is under way waits behind it, in order', async () => {
  const { greet, settle } = setUpSlow();
  const { peer } = await greet({ authmethods: ['slow'] });
  expect(await peer.exchange(new Subscribe(1, {}, 'a.b'), new Subscribe(2, {}, 'a.c'))).toEqual([]);
  settle[0]?.resolve(accept);
  await turn();
  expect(peer.take().map(([code]) => code)).toEqual([2, 33, 33]);
});

test('AUTH-02: a client that went meanwhile is not welcomed', async () => {
  const { greet, settle, bugs, clock } = setUpSlow();
  const { peer } = await greet({ authmethods: ['slow'] });
  clock.advance(10_000);
  await turn();
  expect(peer.take()).toEqual(aborted('wamp.error.timeout'));
  settle[0]?.resolve(accept);
  await turn();
  expect(peer.take()).toEqual([]);
  expect(bugs).toEqual([]);
});

test.each(['rejects', 'throws', 'throws later', 'gives nonsense', 'gives nonsense later'])(
  'AUTH-04: an authenticator that %s gives authentication_failed, and is reported',
  async (how) => {
    const start: Record<string, () => never> = {
      rejects: () => Promise.reject(new Error('down')) as never,
      throws: () => {
        throw new Error('down');
      },
      'throws later': (async () => {
        throw new Error('down');
      }) as never,
      'gives nonsense': () => undefined as never,
      'gives nonsense later': (async () => undefined) as never,
    };
    const { greet, bugs, refused } = setUp({
      authenticators: [{ method: 'broken', start: start[how] as never }],
    });
    const { peer, answer } = await greet({ authmethods: ['broken'] });
    expect(answer).toEqual(aborted('wamp.error.authentication_failed'));
    expect(peer.closed).not.toBeNull();
    expect(bugs).toHaveLength(1);
    expect(refused).toMatchObject([{ realm: 'realm1', reason: 'wamp.error.authentication_failed' }]);
  },
);

test('AUTH-02: two rounds of challenges, and authextra and authprovider come with WELCOME', async () => {
  const step = (round: number): AuthStep => ({
    type: 'challenge',
    extra: { round },
    answer: async (signature, extra) =>
      signature === `r${round}` && extra.ok === true
        ? round === 2
          ? { ...accept, authprovider: 'dynamic', authextra: { verifier: 'v' } }
          : step(round + 1)
        : { type: 'deny', reason: 'wamp.error.authentication_denied', message: 'no' },
  });
  const { greet } = setUp({ authenticators: [{ method: 'two', start: () => step(1) }] });
  const { peer, answer } = await greet({ authmethods: ['two'] });
  expect(answer).toEqual([[4, 'two', { round: 1 }]]);
  expect(await peer.exchange(new Authenticate('r1', { ok: true }))).toEqual([[4, 'two', { round: 2 }]]);
  expect(await peer.exchange(new Authenticate('r2', { ok: true }))).toEqual(
    welcome({ authid: 'joe', authprovider: 'dynamic', authextra: { verifier: 'v' } }),
  );
});

test('AUTH-04: the reason and text of a denial are those of the authenticator', async () => {
  const deny: AuthStep = { type: 'deny', reason: 'com.example.closed', message: 'come back tomorrow' };
  const { greet } = setUp({ authenticators: [{ method: 'anonymous', start: () => deny }] });
  expect((await greet({})).answer).toEqual([[3, { message: 'come back tomorrow' }, 'com.example.closed']]);
});

test('AUTH-04: a role that the realm does not have gives no_such_role', async () => {
  const { greet } = setUp({ authenticators: [anonymousAuthenticator({ role: 'ghost' })] });
  expect((await greet({})).answer).toEqual(aborted('wamp.error.no_such_role'));
});

test('CONF-01: methods and roles are given once', () => {
  const guest = anonymousAuthenticator({ role: 'guest' });
  expect(() => setUp({ authenticators: [guest, guest] })).toThrow('method "anonymous" is given twice');
  expect(() => setUp({ roles: [...roles, ...roles] })).toThrow('role "guest" is given twice');
});
