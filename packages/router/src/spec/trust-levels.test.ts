import { Call, ConfigError, type Peer, Register } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, Router } from '../index.js';

const as = (authrole: string): Authenticator => ({
  method: authrole,
  start: () => ({ type: 'accept', authid: 'a', authrole }),
});
const everything = {
  uri: '',
  match: 'prefix' as const,
  allow: ['call', 'register'] as const,
  disclose: ['caller'] as const,
};

const setUp = async (levels: Readonly<Record<string, number | undefined>>) => {
  const names = Object.keys(levels);
  const roles = names.map((name) => {
    const trustlevel = levels[name];
    return { name, permissions: [everything], ...(trustlevel === undefined ? {} : { trustlevel }) };
  });
  const router = new Router({ realms: [{ name: 'realm1', authenticators: names.map(as), roles }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (role: string) => ScriptedPeer.join(attach, 'realm1', { authmethods: [role] });
  const callee = await join(names[0] as string);
  await callee.exchange(new Register(1, {}, 'a.b'));
  return { join, callee };
};

test('CTL-01: the dealer announces call_trustlevels where some role has one', async () => {
  const { callee } = await setUp({ low: 1, none: undefined });
  expect(callee.details.roles).toHaveProperty('dealer.features.call_trustlevels', true);
});

test('CTL-01: without roles that have one it is not announced', async () => {
  const { callee } = await setUp({ none: undefined });
  expect(callee.details.roles).not.toHaveProperty('dealer.features.call_trustlevels');
});

test.each([
  ['low', 0, { trustlevel: 0 }],
  ['high', 7, { trustlevel: 7 }],
  ['none', undefined, {}],
])('CTL-01: INVOCATION.Details of calls of role %s with level %s are %j', async (role, level, details) => {
  const { join, callee } = await setUp({ other: 3, [role]: level });
  const caller = await join(role);
  await caller.exchange(new Call(1, {}, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, expect.any(Number), details]]);
});

test('CTL-01, CID-02: beside what else is told', async () => {
  const { join, callee } = await setUp({ low: 2 });
  const caller = await join('low');
  await caller.exchange(new Call(1, { disclose_me: true, receive_progress: true }, 'a.b'));
  expect(callee.take()[0]?.[3]).toEqual({
    receive_progress: true,
    trustlevel: 2,
    caller: caller.session,
    caller_authid: 'a',
    caller_authrole: 'low',
  });
});

test.each([-1, 1.5, Number.NaN, 2 ** 60])('CTL-01: level %d is a config error', (trustlevel) => {
  const roles = [{ name: 'r', permissions: [], trustlevel }];
  expect(() => new Router({ realms: [{ name: 'realm1', roles }] })).toThrow(ConfigError);
});
