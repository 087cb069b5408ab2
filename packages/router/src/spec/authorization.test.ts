import { Call, type Peer, Publish, Register, Subscribe } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { anonymousAuthenticator, type Denied, type Permission, type RoleOptions, Router } from '../index.js';

const all = ['call', 'register', 'publish', 'subscribe'] as const;

/** A guest with the given permissions, and a root that may do everything. */
const setUp = async (permissions: readonly Permission[]) => {
  const denied: Denied[] = [];
  const roles: RoleOptions[] = [
    { name: 'guest', permissions },
    { name: 'root', permissions: [{ uri: '', match: 'prefix', allow: all }] },
  ];
  const authenticators = [
    anonymousAuthenticator({ role: 'guest' }),
    { ...anonymousAuthenticator({ role: 'root' }), method: 'root' },
  ];
  const router = new Router({
    realms: [{ name: 'realm1', authenticators, roles }],
    events: { denied: (info) => denied.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const guest = await ScriptedPeer.join(attach);
  const root = await ScriptedPeer.join(attach, 'realm1', { authmethods: ['root'] });
  return { guest, root, denied };
};

const refused = (type: number, request: number) => [
  [8, type, request, {}, 'wamp.error.not_authorized', [expect.stringContaining('role "guest" may not ')]],
];

test('AZ-01, AZ-02: a role without permissions may do nothing', async () => {
  const { guest } = await setUp([]);
  expect(await guest.exchange(new Subscribe(1, {}, 'a.b'))).toEqual(refused(32, 1));
  expect(await guest.exchange(new Register(2, {}, 'a.b'))).toEqual(refused(64, 2));
  expect(await guest.exchange(new Call(3, {}, 'a.b'))).toEqual(refused(48, 3));
  expect(await guest.exchange(new Publish(4, { acknowledge: true }, 'a.b'))).toEqual(refused(16, 4));
  expect(guest.closed).toBeNull();
});

test('AZ-02, BP-PS-04: an unauthorized PUBLISH without acknowledge is silent and reaches nobody', async () => {
  const { guest, root } = await setUp([]);
  await root.exchange(new Subscribe(1, {}, 'a.b'));
  expect(await guest.exchange(new Publish(1, {}, 'a.b'))).toEqual([]);
  expect(root.take()).toEqual([]);
});

test('AZ-01: each action is allowed for itself', async () => {
  for (const action of all) {
    const { guest } = await setUp([{ uri: 'a.b', allow: [action] }]);
    const answers = await guest.exchange(
      new Call(1, {}, 'a.b'),
      new Register(2, {}, 'a.b'),
      new Publish(3, { acknowledge: true }, 'a.b'),
      new Subscribe(4, {}, 'a.b'),
    );
    const denied = answers.filter((answer) => answer[4] === 'wamp.error.not_authorized');
    expect(denied.map((answer) => answer[2])).toEqual([1, 2, 3, 4].filter((n) => all[n - 1] !== action));
  }
});

test('AZ-01: the most specific rule decides', async () => {
  const { guest } = await setUp([
    { uri: 'a.', match: 'prefix', allow: ['subscribe'] },
    { uri: 'a.secret.', match: 'prefix', allow: [] },
    { uri: 'a.secret.open', allow: ['subscribe'] },
  ]);
  const topics = ['a.b', 'a.secret.x', 'a.secret.open', 'b'];
  const answers = await guest.exchange(...topics.map((topic, i) => new Subscribe(i + 1, {}, topic)));
  expect(answers.map(([code]) => code)).toEqual([33, 8, 33, 8]);
});

test('AZ-04: who may not call, register or subscribe learns nothing of what exists', async () => {
  const { guest, root } = await setUp([]);
  await root.exchange(new Register(1, {}, 'a.there'), new Subscribe(2, {}, 'a.there'));
  const there = await guest.exchange(new Call(1, {}, 'a.there'), new Register(2, {}, 'a.there'));
  const absent = await guest.exchange(new Call(1, {}, 'a.xxxxx'), new Register(2, {}, 'a.xxxxx'));
  expect(JSON.stringify(there).replaceAll('a.there', '?')).toBe(
    JSON.stringify(absent).replaceAll('a.xxxxx', '?'),
  );
  expect(root.take()).toEqual([]);
});

test.each([
  ['prefix', 'a.', false],
  ['prefix', 'a.secret', false],
  ['prefix', '', false],
  ['prefix', 'a.open.', true],
  ['wildcard', 'a..x', false],
  ['wildcard', 'a.open.', true],
  ['wildcard', '..', false],
])('AZ-03: the %s pattern %j cannot slip past a rule that denies: %s', async (match, pattern, allowed) => {
  const { guest, root } = await setUp([
    { uri: 'a.', match: 'prefix', allow: ['subscribe', 'register'] },
    { uri: 'a.secret.', match: 'prefix', allow: [] },
  ]);
  const code = async (message: Subscribe | Register) => (await guest.exchange(message))[0]?.[0];
  expect(await code(new Subscribe(1, { match }, pattern))).toBe(allowed ? 33 : 8);
  expect(await code(new Register(2, { match }, pattern))).toBe(allowed ? 65 : 8);
  await root.exchange(new Publish(1, {}, 'a.secret.x'));
  expect(guest.take()).toEqual([]);
});

test('AZ-02: the hook learns the rule that denied, the session does not', async () => {
  const { guest, denied } = await setUp([{ uri: 'a.secret.', match: 'prefix', allow: [] }]);
  const answer = await guest.exchange(new Subscribe(1, {}, 'a.secret.x'));
  expect(denied).toEqual([
    {
      realm: 'realm1',
      session: guest.session,
      action: 'subscribe',
      uri: 'a.secret.x',
      rule: 'prefix "a.secret."',
      failed: false,
    },
  ]);
  expect(JSON.stringify(answer)).not.toContain('prefix');
});

test('AZ-01: a procedure of the meta API is subject to permissions as any other', async () => {
  const { guest, root } = await setUp([{ uri: 'wamp.session.count', allow: ['call'] }]);
  expect((await guest.exchange(new Call(1, {}, 'wamp.session.count')))[0]?.[0]).toBe(50);
  expect(await guest.exchange(new Call(2, {}, 'wamp.session.list'))).toEqual(refused(48, 2));
  expect((await root.exchange(new Call(1, {}, 'wamp.session.list')))[0]?.[0]).toBe(50);
});
