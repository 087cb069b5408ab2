import { anonymous, jwt, ticket, tls } from '@wampkit/auth';
import { cryptosign, generateCryptosignKey } from '@wampkit/auth/cryptosign';
import { wampScram } from '@wampkit/auth/wamp-scram';
import { wampcra } from '@wampkit/auth/wampcra';
import { type Dict, ErrorMessage, Payload, Register, type TransportInfo, Yield } from '@wampkit/protocol';
import { FakeClock, Greeter, reasonOf, ScriptedPeer, turn, type WireMessage } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { cryptosignAuthenticator } from '../cryptosign.js';
import {
  type Authenticator,
  anonymousAuthenticator,
  type RealmOptions,
  Router,
  ticketAuthenticator,
  tlsAuthenticator,
  usersByProcedure,
} from '../index.js';
import { jwtAuthenticator } from '../jwt.js';
import { wampScramAuthenticator } from '../wamp-scram.js';
import { wampcraAuthenticator } from '../wampcra.js';

const users = usersByProcedure('com.a.authenticate', { realm: 'backend' });
const roles = [{ name: 'user', permissions: [] }];

type Reply = unknown | ((args: readonly unknown[]) => unknown);
const silent = Symbol('no answer');

/** A realm whose users a procedure in another realm tells. */
const world = async (authenticator: Authenticator, reply: Reply, more: Partial<RealmOptions> = {}) => {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const router = new Router({
    realms: [
      { name: 'realm1', authenticators: [authenticator], roles, ...more },
      { name: 'realm2', authenticators: [], roles },
      { name: 'backend' },
    ],
    clock,
    events: { bug: ({ error }) => bugs.push(error) },
  });
  const calls: (readonly unknown[])[] = [];
  const backend = await ScriptedPeer.join((peer) => router.attach(peer), 'backend');
  await backend.exchange(new Register(1, {}, 'com.a.authenticate'));
  const serve = async (): Promise<void> => {
    for (const message of await backend.exchange()) if (message[0] === 68) answer(message);
  };
  const answer = ([, request, , , args]: WireMessage): void => {
    calls.push(args as readonly unknown[]);
    const given = typeof reply === 'function' ? reply(args) : reply;
    if (given === silent) return;
    if (given instanceof ErrorMessage)
      backend.send(new ErrorMessage(68, request as number, {}, given.error, given.payload));
    else backend.send(new Yield(request as number, {}, Payload.of([given])));
  };
  const { greet, join } = new Greeter((peer) => router.attach(peer));
  const serving = { on: true };
  const loop = async () => {
    while (serving.on) await serve();
  };
  const whileServed = async <T>(work: Promise<T>): Promise<T> => {
    const served = loop();
    try {
      return await work;
    } finally {
      serving.on = false;
      await served;
      serving.on = true;
    }
  };
  return {
    calls,
    bugs,
    clock,
    greet: (...given: Parameters<typeof greet>) => whileServed(greet(...given)),
    join: (...given: Parameters<typeof join>) => whileServed(join(...given)),
    plain: { greet, join },
    serve,
  };
};

const error = (uri: string, ...args: unknown[]) => new ErrorMessage(68, 1, {}, uri, Payload.of(args));
const key = generateCryptosignKey();
const salted = { salt: 'salt123', iterations: 1000, keylen: 32 };
const certificate = { fingerprint: 'ab'.repeat(32), subject: 'CN=device', authorized: true };
const secure: TransportInfo = {
  type: 'websocket',
  peer: '192.0.2.7:5000',
  headers: { cookie: 'a=b', authorization: 'Basic x', origin: 'https://a.example' },
  clientCertificate: certificate,
  cookie: 'internal',
  channelBinding: () => null,
};

test.each<[string, Authenticator, Parameters<Greeter['join']>[0], unknown, Dict]>([
  [
    'anonymous',
    anonymousAuthenticator({ users }),
    anonymous(),
    'user',
    { authid: expect.stringMatching(/^anonymous-/) },
  ],
  ['ticket', ticketAuthenticator({ users }), ticket('joe', 'secret'), 'user', { authid: 'joe' }],
  [
    'ticket',
    ticketAuthenticator({ users }),
    ticket('joe', 'secret'),
    { role: 'user', authid: 'joseph', extra: { a: 1 } },
    { authid: 'joseph', authextra: { a: 1 } },
  ],
  [
    'wampcra',
    wampcraAuthenticator({ users }),
    wampcra('ann', 'secret'),
    { role: 'user', secret: 'secret' },
    { authid: 'ann' },
  ],
  [
    'wampcra',
    wampcraAuthenticator({ users }),
    wampcra('ann', 'secret'),
    { role: 'user', secret: 'secret', ...salted },
    { authid: 'ann' },
  ],
  [
    'wamp-scram',
    wampScramAuthenticator({ users }),
    wampScram('eve', 'password'),
    { role: 'user', password: 'password', extra: { a: 1 } },
    { authid: 'eve', authextra: { a: 1, verifier: expect.any(String) } },
  ],
  [
    'cryptosign',
    cryptosignAuthenticator({ users }),
    cryptosign(key.privateKey),
    { role: 'user', authid: 'device', pubkey: key.publicKey },
    { authid: 'device' },
  ],
  [
    'cryptosign',
    cryptosignAuthenticator({ users }),
    cryptosign(key.privateKey, { authid: 'd' }),
    { role: 'user', authorizedKeys: [key.publicKey] },
    { authid: 'd' },
  ],
  [
    'cryptosign',
    cryptosignAuthenticator({ users }),
    cryptosign(key.privateKey),
    'user',
    { authid: key.publicKey },
  ],
  ['tls', tlsAuthenticator({ users }), tls('device'), 'user', { authid: 'device' }],
  ['tls', tlsAuthenticator({ users }), tls(), 'user', { authid: 'CN=device' }],
  ['jwt', jwtAuthenticator({ users }), jwt('a.b.c'), { role: 'user', authid: 'joe' }, { authid: 'joe' }],
])('DYN-01: %s by a procedure', async (method, authenticator, client, reply, granted) => {
  const { join, bugs } = await world(authenticator, reply);
  const { details } = await join(client, { transport: secure });
  expect(details).toMatchObject({
    authrole: 'user',
    authmethod: method,
    authprovider: 'dynamic',
    ...granted,
  });
  expect(bugs).toEqual([]);
});

test('DYN-01, AUTH-05: the procedure is told the realm, the authid and what is known of the session', async () => {
  const { join, calls } = await world(ticketAuthenticator({ users }), 'user');
  const { message } = await join(ticket('joe', 'secret'), {
    transport: secure,
    details: { authextra: { a: [1] }, transport: { auth: 'forged' } },
  });
  expect(calls).toEqual([
    [
      'realm1',
      'joe',
      {
        session: message[1],
        authmethod: 'ticket',
        authextra: { a: [1] },
        ticket: 'secret',
        transport: {
          type: 'websocket',
          peer: '192.0.2.7:5000',
          headers: { origin: 'https://a.example' },
          auth: { cookie: 'a=b', authorization: 'Basic x', certificate },
        },
      },
    ],
  ]);
});

test('DYN-01: who names nobody is null', async () => {
  const { join, calls } = await world(anonymousAuthenticator({ users }), 'user');
  await join(anonymous());
  expect(calls[0]?.slice(0, 2)).toEqual(['realm1', null]);
});

test('DYN-01: a procedure can let a session into another realm', async () => {
  const { join } = await world(ticketAuthenticator({ users }), { role: 'user', realm: 'realm2' });
  expect((await join(ticket('joe', 's'))).details).toMatchObject({ realm: 'realm2', authid: 'joe' });
});

test('DYN-01: a realm that there is not ends in ABORT', async () => {
  const { join } = await world(ticketAuthenticator({ users }), { role: 'user', realm: 'realm3' });
  expect(reasonOf((await join(ticket('joe', 's'))).message)).toBe('wamp.error.no_such_realm');
});

test.each([
  ['com.example.blocked', ['come back tomorrow'], 'come back tomorrow'],
  ['wamp.error.authentication_denied', [], expect.any(String)],
  ['wamp.error.no_such_principal', [{ no: 'text' }], expect.any(String)],
])('DYN-01: ERROR %s of the procedure goes into ABORT', async (uri, args, message) => {
  const { join } = await world(ticketAuthenticator({ users }), error(uri, ...args));
  expect((await join(ticket('joe', 's'))).message).toEqual([3, { message }, uri]);
});

test.each<unknown>([
  error('wamp.error.runtime_error', 'the password was hunter2'),
  error('wamp.error.canceled'),
  error('wamp.error.not_authorized'),
  null,
  '',
  5,
  [],
  {},
  { role: '' },
  { role: 5 },
  { role: 'user', authid: '' },
  { role: 'user', authid: 5 },
  { role: 'user', realm: [] },
  { role: 'user', extra: 'a' },
])(
  'DYN-01, AUTH-04: %j instead of a decision gives authentication_failed, and nothing of it is told',
  async (reply) => {
    const { join, bugs } = await world(ticketAuthenticator({ users }), reply);
    const { message } = await join(ticket('joe', 's'));
    expect(reasonOf(message)).toBe('wamp.error.authentication_failed');
    expect(JSON.stringify(message)).not.toContain('hunter2');
    expect(bugs).toEqual([]);
  },
);

test.each<[string, Authenticator, Parameters<Greeter['join']>[0], unknown]>([
  ['wampcra', wampcraAuthenticator({ users }), wampcra('ann', 's'), { role: 'user' }],
  ['wampcra', wampcraAuthenticator({ users }), wampcra('ann', 's'), { role: 'user', secret: 's', salt: 5 }],
  [
    'wampcra',
    wampcraAuthenticator({ users }),
    wampcra('ann', 's'),
    { role: 'user', secret: 's', salt: 'a', iterations: -1 },
  ],
  ['wamp-scram', wampScramAuthenticator({ users }), wampScram('eve', 'p'), { role: 'user' }],
  [
    'wamp-scram',
    wampScramAuthenticator({ users }),
    wampScram('eve', 'p'),
    { role: 'user', kdf: 'md5', salt: 'AAAA', iterations: 1, storedKey: 'AAAA', serverKey: 'AAAA' },
  ],
  [
    'wamp-scram',
    wampScramAuthenticator({ users }),
    wampScram('eve', 'p'),
    { role: 'user', kdf: 'argon2id13', salt: 'AAAA', iterations: 1, storedKey: 'AAAA', serverKey: 'AAAA' },
  ],
  [
    'cryptosign',
    cryptosignAuthenticator({ users }),
    cryptosign(key.privateKey),
    { role: 'user', pubkey: 'ab' },
  ],
  ['jwt', jwtAuthenticator({ users }), jwt('a.b.c'), 'user'],
])(
  'DYN-01: %s without what its users hold gives authentication_failed',
  async (_, authenticator, client, reply) => {
    const { join } = await world(authenticator, reply);
    expect(reasonOf((await join(client)).message)).toBe('wamp.error.authentication_failed');
  },
);

test('DYN-01: a procedure that does not answer is not waited for', async () => {
  const { plain, clock, serve } = await world(ticketAuthenticator({ users }), silent);
  const joining = plain.join(ticket('joe', 's'));
  await turn();
  await turn();
  await serve();
  clock.advance(5_000);
  expect(reasonOf((await joining).message)).toBe('wamp.error.authentication_failed');
  expect(clock.timers).toBe(0);
});

test.each([
  ['no such procedure', usersByProcedure('com.a.other', { realm: 'backend' })],
  ['no such realm', usersByProcedure('com.a.authenticate', { realm: 'nowhere' })],
  ['the realm that is joined, where nobody serves it', usersByProcedure('com.a.authenticate')],
])('DYN-01: %s gives authentication_failed', async (_, nobody) => {
  const { join } = await world(ticketAuthenticator({ users: nobody }), 'user');
  expect(reasonOf((await join(ticket('joe', 's'))).message)).toBe('wamp.error.authentication_failed');
});

test('DYN-01: a role that the realm does not have gives no_such_role', async () => {
  const { join } = await world(ticketAuthenticator({ users }), 'ghost');
  expect(reasonOf((await join(ticket('joe', 's'))).message)).toBe('wamp.error.no_such_role');
});

test('DYN-01: a client that goes meanwhile leaves nothing behind', async () => {
  const { plain, serve, bugs } = await world(ticketAuthenticator({ users }), 'user');
  const { peer } = await plain.greet({ authmethods: ['ticket'], authid: 'joe' });
  const { Authenticate } = await import('@wampkit/protocol');
  peer.send(new Authenticate('s', {}));
  await peer.drop();
  await serve();
  await turn();
  expect(peer.take()).toEqual([]);
  expect(bugs).toEqual([]);
});
