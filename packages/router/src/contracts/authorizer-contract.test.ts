import { type Invocation, MessageCode, Payload, RandomIds, Register, Yield } from '@wampkit/protocol';
import { FakeClock } from '@wampkit/testkit';
import { describe, expect, test } from 'vitest';
import type { Authorizer } from '../authorization/authorizer.js';
import { permissionsAuthorizer } from '../authorization/permissions-authorizer.js';
import { ProcedureAuthorizer } from '../authorization/procedure-authorizer.js';
import type { Permission } from '../authorization/role-permissions.js';
import { Realm } from '../realm/realm.js';
import { routerHooks } from '../router-events.js';
import { openLocalSession } from '../session/local-session.js';
import {
  type AuthorizationAttempt,
  type AuthorizerFixture,
  authorizerContract,
} from './authorizer-contract.js';

const permissions: Permission[] = [
  { uri: 'a.', match: 'prefix', allow: ['call', 'subscribe'] },
  { uri: 'a.secret.', match: 'prefix', allow: [] },
];
const allowed: AuthorizationAttempt[] = [
  { action: 'call', uri: 'a.b' },
  { action: 'subscribe', uri: 'a.b.', match: 'prefix' },
];
const denied: AuthorizationAttempt[] = [
  { action: 'register', uri: 'a.b' },
  { action: 'call', uri: 'a.secret.b' },
  { action: 'subscribe', uri: 'a.', match: 'prefix' },
];

/** A procedure that asks the rules, a little later. */
const procedureAuthorizer = (): Authorizer => {
  const shared = { ids: new RandomIds(), hooks: routerHooks(), clock: new FakeClock() };
  const realm = new Realm({ name: 'realm1' }, { ...shared, findRealm: () => undefined });
  const rules = permissionsAuthorizer(permissions);
  const answer = async ({ request, payload }: Invocation): Promise<void> => {
    const [session, uri, action, options] = payload.args();
    const verdict = await rules.authorize(session as never, uri as never, action as never, options as never);
    callee.send(new Yield(request, {}, Payload.of([verdict])));
  };
  const callee = openLocalSession(realm, {
    authid: 'callee',
    receive: (message) => {
      if (message.code === MessageCode.Invocation) void answer(message);
    },
  });
  callee.send(new Register(1, {}, 'a.decide'));
  return new ProcedureAuthorizer('a.decide', realm, () => realm);
};

const fixtures: Record<string, AuthorizerFixture> = {
  permissions: { create: () => permissionsAuthorizer(permissions), allowed, denied },
  procedure: { create: procedureAuthorizer, allowed, denied },
};

describe.each(Object.entries(fixtures))('%s', (_, fixture) => {
  for (const { name, run } of authorizerContract(fixture)) test(name, run);
});

const failing = async (create: () => Authorizer): Promise<string[]> => {
  const failed: string[] = [];
  for (const { name, run } of authorizerContract({ create, allowed, denied }))
    await run().catch(() => failed.push(name));
  return failed;
};

test('AZ-01, AZ-02: the contract finds an authorizer that allows all, denies all, or answers nonsense', async () => {
  const count = async (authorize: Authorizer['authorize']) =>
    (await failing(() => ({ name: 'x', authorize }))).length;
  expect(await count(() => true)).toBe(4);
  expect(await count(() => false)).toBe(4);
  expect(await count(() => 'yes' as never)).toBe(8);
  expect(await failing(() => ({ ...permissionsAuthorizer(permissions), name: '' }))).toEqual([
    'AZ-02: it has a name',
  ]);
});

test('AZ-03, AZ-04: the contract finds an authorizer that mixes questions up, or changes what it said to hold', async () => {
  let uri = '';
  const mixing: Authorizer['authorize'] = async (session, asked, action, options) => {
    uri = asked;
    await Promise.resolve();
    return permissionsAuthorizer(permissions).authorize(session, uri, action, options);
  };
  expect(await failing(() => ({ name: 'x', authorize: mixing }))).toEqual([
    'AZ-04: questions that are open at a time do not touch each other',
  ]);
  let n = 0;
  expect(
    await failing(() => ({ name: 'x', authorize: () => ({ allow: n++ % 2 === 0, cache: true }) })),
  ).toContain('AZ-03: an answer is the same as long as the generation is');
});
