import { expect, test } from 'vitest';
import { readConfig } from './load-config.js';
import type { ConfigInput } from './schema.js';

type Realm = NonNullable<ConfigInput['realms']>[number];

type Rule = NonNullable<NonNullable<Realm['roles']>[number]['permissions']>[number];

const everything: Rule = { uri: '', match: 'prefix', allow: ['call', 'register'] };
const denied: Rule = { uri: 'com.example.decide', allow: [] };
const decider = 'com.example.decide';
const warning =
  'anybody may register or call com.example.decide, which decides for others; deny it here, or put it into a realm of its own';

function warningsOf(...realms: Realm[]): readonly string[] {
  return readConfig({ realms }).warnings;
}

function realmOf(
  permissions: NonNullable<Realm['roles']>[number]['permissions'],
  more: Partial<Realm> = {},
): Realm {
  return {
    name: 'a',
    authentication: [
      { method: 'anonymous', role: 'guest' },
      { method: 'ticket', authenticator: decider },
    ],
    roles: [{ name: 'guest', permissions }],
    ...more,
  };
}

test('DYN-01: a procedure that decides who joins and that anybody may register or call is warned of', () => {
  expect(warningsOf(realmOf([everything]))).toEqual([`realms[0].roles[0]: ${warning}`]);
  for (const action of ['call', 'register'] as const)
    expect(warningsOf(realmOf([{ uri: decider, allow: [action] }]))).toHaveLength(1);
});

test('AZ-03: so is one that decides what others may do', () => {
  const authentication = [{ method: 'anonymous', role: 'guest' }] as const;
  const roles = [
    { name: 'guest', permissions: [everything] },
    { name: 'asking', authorizer: decider },
  ];
  expect(warningsOf({ name: 'a', authentication: [...authentication], roles })).toEqual([
    `realms[0].roles[0]: ${warning}`,
  ]);
});

test('DYN-01: so is one in a realm that is open', () => {
  const authentication: Realm['authentication'] = [
    { method: 'ticket', authenticator: decider, authenticatorRealm: 'b' },
  ];
  expect(warningsOf(realmOf([everything], { authentication }), { name: 'b' })).toEqual([
    `realms[1]: ${warning}`,
  ]);
});

test('DYN-01: one that is denied by name, or is kept where only backends join, is not', () => {
  expect(warningsOf(realmOf([everything, denied]))).toEqual([]);
  const authentication: Realm['authentication'] = [
    { method: 'anonymous', role: 'guest' },
    { method: 'ticket', authenticator: decider, authenticatorRealm: 'b' },
  ];
  const backend: Realm = {
    name: 'b',
    authentication: [{ method: 'ticket', users: { x: { ticket: 'y', role: 'backend' } } }],
    roles: [{ name: 'backend', permissions: [everything] }],
  };
  expect(warningsOf(realmOf([everything], { authentication }), backend)).toEqual([]);
});
