import { expect, test } from 'vitest';
import { readConfig } from './load-config.js';
import type { ConfigInput } from './schema.js';
import { unbuiltKeys } from './unbuilt-keys.js';

const roles = [{ name: 'user' }];
type Realm = NonNullable<ConfigInput['realms']>[number];

function warningsOf(realm: Partial<Realm>): readonly string[] {
  return readConfig({ realms: [{ name: 'a', ...realm }] }).warnings;
}

test.each<[Partial<Realm>, ...string[]]>([
  [
    { limits: { messagesPerSecond: 5 } },
    'realms[0].limits.messagesPerSecond: not built yet; messages are not limited',
  ],
])('config: %j warns', (realm, ...warnings) => {
  expect(warningsOf(realm)).toEqual(warnings);
});

test.each<Partial<Realm>>([
  {},
  { limits: { messagesPerSecond: 0, authFailuresPerMinute: 5, sessions: 5 } },
  { roles, authentication: [{ method: 'ticket', authenticator: 'com.a' }] },
  { roles, authentication: [{ method: 'ticket', users: {} }] },
])('config: %j asks for nothing unbuilt, and does not warn', (realm) => {
  expect(warningsOf(realm)).toEqual([]);
});

test('config: a realm template does not warn', () => {
  expect(readConfig({ realms: [{ template: 'tenant-*' }] }).warnings).toEqual([]);
});

test('config: no key is listed as unbuilt twice', () => {
  const paths = unbuiltKeys.map(({ path }) => path.join('.'));
  expect(new Set(paths).size).toBe(paths.length);
});

test.each([
  ['tls', {}],
  ['cookie', {}],
  ['tls', { realms: ['b'], tls: {} }],
  ['cookie', { authmethods: ['tls'], cookie: {} }],
])('config: method %s without a listener that tells what it looks at warns: %j', (method, listener) => {
  const certificate = new URL('../../fixtures/server.pem', import.meta.url).pathname;
  const key = new URL('../../fixtures/server.key', import.meta.url).pathname;
  const listeners = [{ ...listener, ...('tls' in listener ? { tls: { certificate, key } } : {}) }];
  const authentication = [{ method, ...(method === 'tls' ? { users: {} } : {}) }] as Realm['authentication'];
  const realms = [{ name: 'a', roles, authentication }, { name: 'b' }];
  expect(readConfig({ listeners, realms } as ConfigInput).warnings).toEqual([
    `realms[0].authentication[0].method: nobody can join by ${method}: no listener of this realm has ${method}`,
  ]);
  const served = [{ tls: { certificate, key }, cookie: {} }];
  expect(readConfig({ listeners: served, realms } as ConfigInput).warnings).toEqual([]);
});
