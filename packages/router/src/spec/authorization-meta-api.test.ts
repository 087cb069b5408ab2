import {
  Call,
  type Dict,
  MessageCode,
  Payload,
  type Peer,
  Publish,
  Register,
  Yield,
} from '@wampkit/protocol';
import { ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { anonymousAuthenticator, type RoleOptions, Router } from '../index.js';

const roles: RoleOptions[] = [
  {
    name: 'user',
    permissions: [
      { uri: 'a.', match: 'prefix', allow: ['call', 'subscribe'], disclose: ['caller'] },
      { uri: 'a.secret.', match: 'prefix', allow: [] },
      { uri: 'a.news', allow: ['publish'], disclose: ['publisher'] },
    ],
  },
  {
    name: 'device',
    permissions: [{ uri: 'a.', match: 'prefix', allow: ['call'] }],
    authorizer: { procedure: 'auth.decide' },
  },
  {
    name: 'root',
    permissions: [{ uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'] }],
  },
];

const setUp = async () => {
  const authenticators = roles.map(({ name: role }) => ({
    ...anonymousAuthenticator({ role }),
    method: role,
  }));
  const router = new Router({ realms: [{ name: 'realm1', authenticators, roles }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (role: string) => ScriptedPeer.join(attach, 'realm1', { authmethods: [role] });
  const [root, user, device] = [await join('root'), await join('user'), await join('device')];
  let asked = 0;
  const authorizer = await join('root');
  await authorizer.exchange(new Register(1, {}, 'auth.decide'));
  /** Answers what the authorizer is asked, until nothing is. */
  const settle = async (verdict: unknown): Promise<void> => {
    for (;;) {
      await turn();
      const invocations = authorizer.take().filter(([code]) => code === MessageCode.Invocation);
      if (invocations.length === 0) return;
      for (const [, request] of invocations) {
        asked++;
        authorizer.send(new Yield(request as number, {}, Payload.of([verdict])));
      }
    }
  };
  let request = 0;
  const call = async (procedure: string, args: readonly unknown[], verdict: unknown = true, by = root) => {
    by.send(new Call(++request, {}, `wamp.authorization.${procedure}`, Payload.of(args)));
    await settle(verdict);
    const [given] = by.take();
    return given?.[0] === MessageCode.Result ? (given[3] as unknown[])[0] : given?.[4];
  };
  return { root, user, device, call, settle, asked: () => asked };
};

test.each<[args: unknown[], allowed: boolean, rule: string, disclose?: boolean]>([
  [['call', 'a.b'], true, 'prefix "a."', true],
  [['call', 'a.secret.b'], false, 'prefix "a.secret."'],
  [['register', 'a.b'], false, 'prefix "a."', true],
  [['publish', 'a.news'], true, 'exact "a.news"', true],
  [['call', 'b'], false, 'no rule'],
  [['subscribe', 'a.b.', { match: 'prefix' }], true, 'prefix "a."'],
  [['subscribe', 'a.', { match: 'prefix' }], false, 'exact "a.news"'],
  [['subscribe', 'a..c', { match: 'wildcard' }], false, 'prefix "a.secret."'],
  [['call', 'a..b'], false, 'invalid URI: component 2 is empty'],
  [['register', 'wamp.a'], false, 'URIs whose first component is "wamp" are the router\'s own'],
])(
  'AZ-01: explain %j tells what decides, for a session and for its role',
  async (args, allowed, rule, disclose) => {
    const { user, call } = await setUp();
    const [action, uri, options = {}] = args;
    const told = {
      role: 'user',
      action,
      uri,
      match: (options as Dict).match ?? 'exact',
      allowed,
      failed: false,
      rule: rule.startsWith('invalid') ? expect.stringContaining('invalid URI: ') : rule,
      disclose: disclose ?? false,
    };
    expect(await call('explain', [user.session, ...args])).toEqual({ session: user.session, ...told });
    expect(await call('explain', ['user', ...args])).toEqual(told);
  },
);

test('AZ-03: explain asks the authorizer about a session; of a role it tells that it would', async () => {
  const { device, call } = await setUp();
  const told = { role: 'device', action: 'call', uri: 'b', match: 'exact' };
  const asked = { ...told, session: device.session, rule: 'authorizer "auth.decide"' };
  expect(await call('explain', [device.session, 'call', 'b'], true)).toEqual({
    ...asked,
    allowed: true,
    failed: false,
    disclose: false,
  });
  expect(await call('explain', [device.session, 'call', 'b'], { allow: false, disclose: true })).toEqual({
    ...asked,
    allowed: false,
    failed: false,
    disclose: true,
  });
  expect(await call('explain', [device.session, 'call', 'b'], 'broken')).toMatchObject({
    allowed: false,
    failed: true,
    rule: 'authorizer "auth.decide": its answer is neither a bool nor a dict',
  });
  expect(await call('explain', ['device', 'call', 'b'])).toEqual({
    ...told,
    allowed: null,
    failed: false,
    disclose: false,
    rule: 'authorizer "auth.decide"',
    authorizer: 'auth.decide',
  });
  expect(await call('explain', ['device', 'call', 'a.b'])).toMatchObject({
    allowed: true,
    rule: 'prefix "a."',
  });
});

test('AZ-03: a dry run does nothing, and the session that it is about does not wait for it', async () => {
  const { root, device, call, settle } = await setUp();
  const dry = root.exchange(
    new Call(1, {}, 'wamp.authorization.explain', Payload.of([device.session, 'call', 'b'])),
  );
  expect((await device.exchange(new Call(1, {}, 'a.b')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
  expect(await dry).toEqual([]);
  await settle(true);
  expect(root.take().map(([code]) => code)).toEqual([50]);
  expect(await call('explain', ['nobody', 'call', 'b'])).toBe('wamp.error.no_such_role');
});

test.each([
  [[], 'wamp.error.invalid_argument'],
  [[1.5, 'call', 'b'], 'wamp.error.invalid_argument'],
  [['user', 'read', 'b'], 'wamp.error.invalid_argument'],
  [['user', 'call', 5], 'wamp.error.invalid_argument'],
  [['user', 'call', 'b', []], 'wamp.error.invalid_argument'],
  [['user', 'call', 'b', { match: 'prefix' }], 'wamp.error.invalid_argument'],
  [['user', 'subscribe', 'b', { match: 'regex' }], 'wamp.error.invalid_argument'],
  [['nobody', 'call', 'b'], 'wamp.error.no_such_role'],
  [[1, 'call', 'b'], 'wamp.error.no_such_session'],
])('AZ-01: explain %j gives %s', async (args, error) => {
  const { call } = await setUp();
  expect(await call('explain', args)).toBe(error);
});

test('AZ-03: flush_cache gives up what is held: of all, of a session, of a role', async () => {
  const { root, device, call, settle, asked } = await setUp();
  const allow = { allow: true, cache: true };
  const publish = async (): Promise<number> => {
    device.send(new Publish(1, {}, 'b'));
    await settle(allow);
    return asked();
  };
  expect([await publish(), await publish()]).toEqual([1, 1]);
  for (const [args, count] of [
    [[], 1],
    [[device.session], 1],
    [['device'], 1],
  ] as const) {
    const before = asked();
    expect(await call('flush_cache', args)).toBe(count);
    expect(await publish()).toBe(before + 1);
  }
  const before = asked();
  expect([await call('flush_cache', ['root']), await call('flush_cache', [root.session])]).toEqual([0, 0]);
  expect(await publish()).toBe(before);
  expect(await call('flush_cache', ['nobody'])).toBe('wamp.error.no_such_role');
  expect(await call('flush_cache', [1])).toBe('wamp.error.no_such_session');
  expect(await call('flush_cache', [true])).toBe('wamp.error.invalid_argument');
});

test('AZ-03: an answer that was under way when the cache was flushed is not held', async () => {
  const { root, device, settle, asked } = await setUp();
  await device.exchange(new Publish(1, {}, 'b'));
  await root.exchange(new Call(1, {}, 'wamp.authorization.flush_cache'));
  await settle({ allow: true, cache: true });
  device.send(new Publish(2, {}, 'b'));
  await settle(true);
  expect(asked()).toBe(2);
});

test('AZ-01: explain and flush_cache are subject to permissions as any procedure', async () => {
  const { user, call } = await setUp();
  for (const procedure of ['explain', 'flush_cache'])
    expect(await call(procedure, ['user', 'call', 'b'], true, user)).toBe('wamp.error.not_authorized');
});
