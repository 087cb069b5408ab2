import { Call, type Dict, type Peer, Publish, Register, Subscribe } from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { anonymousAuthenticator, type Permission, Router } from '../index.js';

const setUp = async (permissions?: readonly Permission[]) => {
  const closed = permissions && {
    authenticators: [anonymousAuthenticator({ role: 'guest' })],
    roles: [{ name: 'guest', permissions }],
  };
  const router = new Router({ realms: [{ name: 'realm1', ...closed }] });
  const attach = (peer: Peer): void => router.attach(peer);
  return { one: await ScriptedPeer.join(attach), two: await ScriptedPeer.join(attach) };
};

const allow = ['call', 'register', 'publish', 'subscribe'] as const;
const silent: readonly Permission[] = [{ uri: '', match: 'prefix', allow }];
const open: readonly Permission[] = [{ uri: '', match: 'prefix', allow, disclose: ['caller', 'publisher'] }];

const who = (peer: ScriptedPeer, as: 'caller' | 'publisher'): Dict => ({
  [as]: peer.session,
  [`${as}_authid`]: peer.details.authid,
  [`${as}_authrole`]: peer.details.authrole,
});

test.each([
  ['an open realm', undefined],
  ['a role that may disclose', open],
])('CID-01, CID-02: in %s disclose_me tells the callee who calls', async (_, permissions) => {
  const { one, two } = await setUp(permissions);
  await two.exchange(new Register(1, {}, 'a.b'));
  await one.exchange(new Call(1, { disclose_me: true }, 'a.b'));
  expect(two.take()[0]?.[3]).toEqual(who(one, 'caller'));
});

test('CID-02, PREG-06, PCR-03: all details of an invocation go together', async () => {
  const { one, two } = await setUp();
  await two.exchange(new Register(1, { match: 'prefix' }, 'a'));
  await one.exchange(new Call(1, { disclose_me: true, receive_progress: true }, 'a.b'));
  expect(two.take()[0]?.[3]).toEqual({ ...who(one, 'caller'), procedure: 'a.b', receive_progress: true });
});

test('CID-03, A10: disclosure that is not allowed is refused, and nobody is called', async () => {
  const { one, two } = await setUp(silent);
  await two.exchange(new Register(1, {}, 'a.b'));
  expect(await one.exchange(new Call(1, { disclose_me: true }, 'a.b'))).toEqual([
    [8, 48, 1, {}, 'wamp.error.option_disallowed.disclose_me', [expect.any(String)]],
  ]);
  expect(two.take()).toEqual([]);
});

test('CID-04: a callee that registered with disclose_caller is told of every caller', async () => {
  const { one, two } = await setUp(open);
  await two.exchange(new Register(1, { disclose_caller: true }, 'a.b'));
  await one.exchange(new Call(1, {}, 'a.b'));
  expect(two.take()[0]?.[3]).toEqual(who(one, 'caller'));
});

test('CID-04: disclose_caller that is not allowed refuses the registration', async () => {
  const { one, two } = await setUp(silent);
  expect(await two.exchange(new Register(1, { disclose_caller: true }, 'a.b'))).toEqual([
    [8, 64, 1, {}, 'wamp.error.option_disallowed.disclose_me', [expect.any(String)]],
  ]);
  expect((await one.exchange(new Call(1, {}, 'a.b')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
});

test.each([{}, { disclose_me: false }])(
  'CID-05: with options %j nothing of the caller is told',
  async (options) => {
    const { one, two } = await setUp(open);
    await two.exchange(new Register(1, {}, 'a.b'));
    await one.exchange(new Call(1, options, 'a.b'));
    expect(two.take()[0]?.[3]).toEqual({});
  },
);

test.each([
  ['an open realm', undefined],
  ['a role that may disclose', open],
])('PID-01, PID-02: in %s disclose_me tells subscribers who publishes', async (_, permissions) => {
  const { one, two } = await setUp(permissions);
  await two.exchange(new Subscribe(1, {}, 'a.b'), new Subscribe(2, { match: 'prefix' }, 'a'));
  await one.exchange(new Publish(1, { disclose_me: true }, 'a.b'));
  const details = two.take().map((event) => event[3]);
  expect(details).toEqual([who(one, 'publisher'), { ...who(one, 'publisher'), topic: 'a.b' }]);
});

test('PID-03: disclosure that is not allowed is refused, and nothing is published', async () => {
  const { one, two } = await setUp(silent);
  await two.exchange(new Subscribe(1, {}, 'a.b'));
  const options = { disclose_me: true, acknowledge: true };
  expect(await one.exchange(new Publish(1, options, 'a.b'))).toEqual([
    [8, 16, 1, {}, 'wamp.error.option_disallowed.disclose_me', [expect.any(String)]],
  ]);
  expect(two.take()).toEqual([]);
});

test('PID-03, BP-PS-04: without acknowledge the refusal is silent, and nothing is published', async () => {
  const { one, two } = await setUp(silent);
  await two.exchange(new Subscribe(1, {}, 'a.b'));
  expect(await one.exchange(new Publish(1, { disclose_me: true }, 'a.b'))).toEqual([]);
  expect(two.take()).toEqual([]);
});

test('PID-03: a publication after a disclosed one tells nothing of its publisher', async () => {
  const { one, two } = await setUp();
  await two.exchange(new Subscribe(1, { match: 'prefix' }, 'a'));
  await one.exchange(new Publish(1, { disclose_me: true }, 'a.b'), new Publish(2, {}, 'a.b'));
  expect(two.take().map((event) => event[3])).toEqual([
    { ...who(one, 'publisher'), topic: 'a.b' },
    { topic: 'a.b' },
  ]);
});
