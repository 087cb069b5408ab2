import { Call, Goodbye, Hello, Payload, type Peer, Publish, Subscribe } from '@wampkit/protocol';
import { allRoles, FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, type AuthStep, Router, type RouterOptions } from '../index.js';

const setUp = (
  realms: RouterOptions['realms'] = [{ name: 'tenant-fixed', metaApi: false }, { template: 'tenant-*' }],
) => {
  const clock = new FakeClock();
  const router = new Router({ realms, clock });
  const attach = (peer: Peer, among: readonly string[] = []): void => router.attach(peer, { realms: among });
  const join = (realm: string) => ScriptedPeer.join((peer) => attach(peer), realm);
  /* WELCOME's code, or ABORT's reason. */
  const greet = async (realm: string, among: readonly string[] = []) => {
    const peer = new ScriptedPeer();
    attach(peer.far, among);
    const [answer] = await peer.exchange(new Hello(realm, { roles: allRoles }));
    return answer?.[0] === 2 ? 2 : answer?.[2];
  };
  return { router, clock, attach, join, greet };
};

const retain = (peer: ScriptedPeer) =>
  peer.exchange(new Publish(1, { retain: true, acknowledge: true }, 'a.b', Payload.of([1])));
const retained = async (peer: ScriptedPeer) =>
  (await peer.exchange(new Subscribe(2, { get_retained: true }, 'a.b'))).length === 2;

test('AUTH-04: a template makes a realm on the first join; what fits none gives no_such_realm', async () => {
  const { greet } = setUp();
  expect(await greet('tenant-a')).toBe(2);
  expect(await greet('tenant-')).toBe(2);
  for (const realm of ['tenant', 'atenant-a', 'other'])
    expect(await greet(realm)).toBe('wamp.error.no_such_realm');
  expect(await greet('tenant-a b')).toBe('wamp.error.invalid_uri');
  expect(await greet(`tenant-${'x'.repeat(300)}`)).toBe('wamp.error.no_such_realm');
});

test.each([
  ['*', 'a.b.c', true],
  ['a*', 'a', true],
  ['a*c', 'abc', true],
  ['a*c', 'ac', true],
  ['ab*bc', 'abc', false],
  ['a*b*c', 'a1b2b3c', true],
  ['a*b*c', 'a1c', false],
  ['a.*.c', 'a.b.c', true],
  ['a', 'a', true],
  ['a', 'ab', false],
])('AUTH-04: template %s and realm %s: %s', async (template, realm, fits) => {
  const { greet } = setUp([{ template }]);
  expect((await greet(realm)) === 2).toBe(fits);
});

test('BP-SESS-04: each realm of a template is its own', async () => {
  const { join } = setUp();
  const [one, same, other] = [await join('tenant-a'), await join('tenant-a'), await join('tenant-b')];
  await same.exchange(new Subscribe(1, {}, 'a.b'));
  await other.exchange(new Subscribe(1, {}, 'a.b'));
  await retain(one);
  expect(same.take()).toHaveLength(1);
  expect(other.take()).toEqual([]);
  expect((await other.exchange(new Call(2, {}, 'wamp.session.count')))[0]?.[3]).toEqual([1]);
  expect((await one.exchange(new Call(2, {}, 'wamp.session.count')))[0]?.[3]).toEqual([2]);
});

test('BP-SESS-04: a realm that is named comes before a template', async () => {
  const { join } = setUp();
  const peer = await join('tenant-fixed');
  expect((await peer.exchange(new Call(1, {}, 'wamp.session.count')))[0]?.[4]).toBe(
    'wamp.error.no_such_procedure',
  );
});

test('BP-SESS-07: a realm of a template goes with all that it kept when the last session leaves; others stay', async () => {
  const { join, clock } = setUp();
  const [one, two] = [await join('tenant-a'), await join('tenant-a')];
  await retain(one);
  await one.drop();
  expect(await retained(two)).toBe(true);
  await two.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  const three = await join('tenant-a');
  expect(await retained(three)).toBe(false);
  const fixed = await join('tenant-fixed');
  await retain(fixed);
  await fixed.drop();
  expect(await retained(await join('tenant-fixed'))).toBe(true);
  await two.drop();
  expect(clock.timers).toBe(0);
});

test('BP-SESS-07: who is on the way in keeps the realm; who is refused does not', async () => {
  const steps: ((step: AuthStep) => void)[] = [];
  const slow: Authenticator = {
    method: 'anonymous',
    start: () => new Promise((resolve) => steps.push(resolve)),
  };
  const roles = [
    {
      name: 'user',
      permissions: [{ uri: '', match: 'prefix' as const, allow: ['publish', 'subscribe'] as const }],
    },
  ];
  const { attach } = setUp([{ template: 't-*', authenticators: [slow], roles }]);
  const begin = async () => {
    const peer = new ScriptedPeer();
    attach(peer.far);
    peer.send(new Hello('t-a', { roles: allRoles }));
    await turn();
    return peer;
  };
  const accept: AuthStep = { type: 'accept', authid: 'a', authrole: 'user' };
  const [one, two] = [await begin(), await begin()];
  steps[0]?.(accept);
  await turn();
  one.take();
  await retain(one);
  await one.drop();
  steps[1]?.(accept);
  await turn();
  two.take();
  expect(await retained(two)).toBe(true); // the realm was there for who waited
  await two.drop();
  const three = await begin();
  steps[2]?.({ type: 'deny', reason: 'wamp.error.authentication_denied' });
  await turn();
  expect(three.take()[0]?.[2]).toBe('wamp.error.authentication_denied');
  const four = await begin();
  steps[3]?.(accept);
  await turn();
  four.take();
  expect(await retained(four)).toBe(false);
});

test('AUTH-04: a peer attached for some realms may name a template among them', async () => {
  const { greet, join } = setUp();
  expect(await greet('tenant-a', ['tenant-*'])).toBe(2);
  await join('tenant-b');
  expect(await greet('tenant-b', ['tenant-*'])).toBe(2);
  expect(await greet('tenant-b', ['tenant-b'])).toBe(2);
  expect(await greet('tenant-c', ['tenant-b'])).toBe('wamp.error.no_such_realm');
  expect(await greet('tenant-fixed', ['tenant-*'])).toBe('wamp.error.no_such_realm');
});

test('BP-SESS-08: close ends the realms of templates too', async () => {
  const { router, join, clock } = setUp();
  const peer = await join('tenant-a');
  const closed = router.close();
  await turn();
  expect(peer.take()).toMatchObject([[6, {}, 'wamp.close.system_shutdown']]);
  await peer.exchange(new Goodbye({}, 'wamp.close.goodbye_and_out'));
  await closed;
  expect(clock.timers).toBe(0);
});

test('BP-SESS-04: what is wrong with a template is said at once', () => {
  const make =
    (...realms: RouterOptions['realms']) =>
    () =>
      new Router({ realms });
  expect(make({ template: 'a*' }, { template: 'a*' })).toThrow('realm template "a*" is given twice');
  expect(make({ template: 'a..*' })).toThrow('no URI');
  expect(
    make({
      template: 'a*',
      roles: [
        { name: 'x', permissions: [] },
        { name: 'x', permissions: [] },
      ],
    }),
  ).toThrow('role "x" is given twice');
});
