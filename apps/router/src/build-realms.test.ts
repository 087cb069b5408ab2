import { FakeClock } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { queueBounds } from './build-listeners.js';
import { buildRealms, describeClosedRealms } from './build-realms.js';
import { readConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { WatchedFiles } from './watched-files.js';

type Realm = NonNullable<ConfigInput['realms']>[number];
const user = { name: 'user', permissions: [{ uri: 'com.a', allow: ['call' as const] }] };

const surroundings = { clock: new FakeClock(), env: {}, files: new WatchedFiles(new FakeClock()), log: null };

function build(realm: Realm) {
  return buildRealms(readConfig({ realms: [realm] }).config, surroundings);
}

test('config: neither authentication nor roles leave a realm open', () => {
  const [realm] = build({ name: 'a', metaApi: false, uriCheck: 'strict', limits: { sessions: 3 } });
  expect(realm).toEqual({
    name: 'a',
    uriCheck: 'strict',
    requestIds: 'lenient',
    metaApi: false,
    sessionKill: true,
    history: [],
    retain: { maxTopics: 10_000, maxSize: 64 * 1024 ** 2 },
    callTimeout: 0,
    maxCallTimeout: 0,
    slowConsumer: { events: 'drop' },
    limits: {
      sessions: 3,
      subscriptionsPerSession: 10_000,
      registrationsPerSession: 10_000,
      pendingCallsPerSession: 10_000,
      authFailuresPerMinute: 0,
    },
    hideUnknownUsers: false,
  });
});

test('config: the time limits of calls are passed on in milliseconds', () => {
  const [realm] = build({ name: 'a', callTimeout: '30s', maxCallTimeout: '5m' });
  expect(realm).toMatchObject({ callTimeout: 30_000, maxCallTimeout: 300_000 });
});

test('config: a role tells its trust level, if it has one', () => {
  const [realm] = build({ name: 'a', roles: [user, { ...user, name: 'operator', trustlevel: 5 }] });
  expect(realm!.roles!.map((role) => role.trustlevel)).toEqual([undefined, 5]);
  expect(realm!.roles![0]).not.toHaveProperty('trustlevel');
});

test('config: with roles alone no method is offered, and the start says that nobody can join', () => {
  const realms = build({ name: 'a', roles: [user] });
  expect(realms[0]).toMatchObject({ authenticators: [], roles: [{ name: 'user' }] });
  expect(describeClosedRealms(realms)).toEqual([
    'realm a offers no authentication method, so nobody can join it',
  ]);
});

test('config: an empty list closes too', () => {
  expect(build({ name: 'a', authentication: [] })[0]).toMatchObject({ authenticators: [], roles: [] });
  expect(build({ name: 'a', roles: [] })[0]).toMatchObject({ authenticators: [], roles: [] });
});

test('config: each method is offered, static and dynamic, in the order of the config', () => {
  const authenticator = 'com.a';
  const roles = [user];
  const role = 'user';
  const methods = [
    { method: 'wampcra', users: { a: { secret: 'b', role } } },
    { method: 'wamp-scram', users: { a: { password: 'b', role } } },
    { method: 'cryptosign', users: {} },
    { method: 'jwt', key: 'k'.repeat(32), role },
    { method: 'tls', users: {} },
    { method: 'cookie' },
    { method: 'ticket', users: {} },
    { method: 'anonymous', role },
  ] as const;
  const names = methods.map(({ method }) => method);
  const offered = (authentication: Realm['authentication']) =>
    build({ name: 'a', roles, authentication })[0]!.authenticators!.map(({ method }) => method);
  expect(offered([...methods])).toEqual(names);
  expect(offered(names.map((method) => ({ method, authenticator })))).toEqual(names);
});

test('AZ-03: an authorizer reaches its role, with its realm and its times; permissions stand beside it', () => {
  const device = { ...user, name: 'device', authorizer: 'com.a', authorizerTimeout: '2s' };
  const [realm] = build({
    name: 'a',
    roles: [user, { ...device, authorizerRealm: 'a' }, { name: 'b', authorizer: 'com.b' }],
  });
  expect(realm!.roles!.map(({ permissions, ...role }) => [permissions.length, role])).toEqual([
    [1, { name: 'user' }],
    [
      1,
      {
        name: 'device',
        authorizer: { procedure: 'com.a', realm: 'a' },
        authorizerTimeout: 2_000,
        authorizerCacheTime: 60_000,
      },
    ],
    [
      0,
      {
        name: 'b',
        authorizer: { procedure: 'com.b' },
        authorizerTimeout: 5_000,
        authorizerCacheTime: 60_000,
      },
    ],
  ]);
});

test('config: a template is one, with the options beside it', () => {
  expect(build({ template: 'tenant-*', metaApi: false })[0]).toMatchObject({
    template: 'tenant-*',
    metaApi: false,
  });
  expect(describeClosedRealms(build({ template: 'tenant-*', roles: [] }))).toEqual([
    'realm template tenant-* offers no authentication method, so nobody can join it',
  ]);
});

test('config: history, retain and sessionKill reach the realm', () => {
  const history = [
    { topic: 'com.a.', match: 'prefix' as const, limit: 5, maxAge: '1h' },
    { topic: 'com.b', limit: 1 },
  ];
  const [realm] = build({
    name: 'a',
    sessionKill: false,
    history,
    retain: { maxTopics: 0, maxSize: '1KiB' },
  });
  expect(realm).toMatchObject({ sessionKill: false, retain: { maxTopics: 0, maxSize: 1024 } });
  expect(realm?.history).toEqual([
    { topic: 'com.a.', match: 'prefix', limit: 5, maxAge: 3_600_000 },
    { topic: 'com.b', match: 'exact', limit: 1 },
  ]);
});

test('config: a listener takes the narrowest queue of the realms that it serves', () => {
  const { config } = readConfig({
    listeners: [{}, { bind: '127.0.0.1:1', realms: ['b'] }],
    realms: [
      { name: 'a', slowConsumer: { highWaterMark: '1MiB', hardLimit: '8MiB' } },
      { name: 'b', slowConsumer: { highWaterMark: '2MiB', hardLimit: '4MiB' } },
    ],
  });
  const MIB = 1024 ** 2;
  expect(config.listeners.map((listener) => queueBounds(config, listener))).toEqual([
    { highWaterMark: MIB, hardLimit: 4 * MIB },
    { highWaterMark: 2 * MIB, hardLimit: 4 * MIB },
  ]);
});
