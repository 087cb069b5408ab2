import { type Dict, type Peer, Publish, Subscribe } from '@wampkit/protocol';
import { ScriptedPeer, turn } from '@wampkit/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Authenticator, Router } from '../index.js';

/* Everybody is who the authextra says. */
const trusting: Authenticator = {
  method: 'anonymous',
  start: ({ authextra }) => ({
    type: 'accept',
    authid: authextra.authid as string,
    authrole: authextra.authrole as string,
  }),
};

const everything = { uri: '', match: 'prefix', allow: ['publish', 'subscribe'] } as const;

const setUp = async () => {
  const router = new Router({
    realms: [
      {
        name: 'realm1',
        authenticators: [trusting],
        roles: ['red', 'blue'].map((name) => ({ name, permissions: [everything] })),
      },
    ],
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = async (authid: string, authrole: string) => {
    const peer = await ScriptedPeer.join(attach, 'realm1', { authextra: { authid, authrole } });
    await peer.exchange(new Subscribe(1, {}, 'a.b'), new Subscribe(2, { match: 'prefix' }, 'a'));
    return peer;
  };
  const peers = {
    ann: await join('ann', 'red'),
    bob: await join('bob', 'red'),
    cid: await join('cid', 'blue'),
    pub: await join('pub', 'blue'),
  };
  let request = 10;
  const receivers = async (options: Dict): Promise<string> => {
    peers.pub.send(new Publish(++request, options, 'a.b'));
    await turn();
    const got = Object.entries(peers).map(([name, peer]) => [name, peer.take().length] as const);
    // both subscriptions, or none
    expect(got.every(([, events]) => events === 0 || events === 2)).toBe(true);
    return got.flatMap(([name, events]) => (events > 0 ? [name] : [])).join(' ');
  };
  return { peers, receivers };
};

test('BWL-01: the broker announces subscriber_blackwhite_listing', async () => {
  const { peers } = await setUp();
  expect(peers.ann.details.roles).toHaveProperty('broker.features.subscriber_blackwhite_listing', true);
});

test('BWL-02, BWL-03: each list alone, and together', async () => {
  const { peers, receivers } = await setUp();
  const { ann, bob } = peers;
  expect(await receivers({})).toBe('ann bob cid');
  expect(await receivers({ exclude: [ann.session] })).toBe('bob cid');
  expect(await receivers({ exclude_authid: ['bob', 'nobody'] })).toBe('ann cid');
  expect(await receivers({ exclude_authrole: ['red'] })).toBe('cid');
  expect(await receivers({ eligible: [ann.session, bob.session, 12345] })).toBe('ann bob');
  expect(await receivers({ eligible_authid: ['cid', 'ann'] })).toBe('ann cid');
  expect(await receivers({ eligible_authrole: ['blue'] })).toBe('cid');
  expect(await receivers({ eligible_authrole: ['red'], exclude_authid: ['ann'] })).toBe('bob');
  expect(await receivers({ eligible: [ann.session], eligible_authid: ['bob'] })).toBe('');
  expect(await receivers({ eligible: [ann.session], exclude: [ann.session] })).toBe('');
});

test.each(['eligible', 'eligible_authid', 'eligible_authrole'])(
  'BWL-04: an empty %s means nobody',
  async (list) => {
    const { receivers } = await setUp();
    expect(await receivers({ [list]: [] })).toBe('');
    expect(await receivers({ [list]: [], exclude_me: false })).toBe('');
  },
);

test.each(['exclude', 'exclude_authid', 'exclude_authrole'])(
  'BWL-03: an empty %s excludes nobody',
  async (list) => {
    const { receivers } = await setUp();
    expect(await receivers({ [list]: [] })).toBe('ann bob cid');
  },
);

test('BWL-05: to be eligible does not defeat exclude_me, and exclude_me: false does not defeat the lists', async () => {
  const { peers, receivers } = await setUp();
  const { ann, pub } = peers;
  expect(await receivers({ eligible: [pub.session, ann.session] })).toBe('ann');
  expect(await receivers({ eligible: [pub.session, ann.session], exclude_me: false })).toBe('ann pub');
  expect(await receivers({ exclude: [pub.session], exclude_me: false })).toBe('ann bob cid');
  expect(await receivers({ exclude_authrole: ['blue'], exclude_me: false })).toBe('ann bob');
});

test('BWL-03: any combination is the AND of six, against a naive reading', async () => {
  const { peers, receivers } = await setUp();
  const people = Object.entries(peers).map(([name, { session }]) => ({
    name,
    session,
    role: name === 'cid' || name === 'pub' ? 'blue' : 'red',
  }));
  const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]), { nil: undefined });
  const ids = people.map(({ session }) => session);
  const names = people.map(({ name }) => name);
  const options = fc.record({
    eligible: some(ids),
    eligible_authid: some(names),
    eligible_authrole: some(['red', 'blue']),
    exclude: some(ids),
    exclude_authid: some(names),
    exclude_authrole: some(['red', 'blue']),
    exclude_me: fc.constantFrom(undefined, true, false),
  });
  await fc.assert(
    fc.asyncProperty(options, async (drawn) => {
      const expected = people.filter(
        ({ name, session, role }) =>
          (name !== 'pub' || drawn.exclude_me === false) &&
          (drawn.eligible?.includes(session) ?? true) &&
          (drawn.eligible_authid?.includes(name) ?? true) &&
          (drawn.eligible_authrole?.includes(role) ?? true) &&
          !drawn.exclude?.includes(session) &&
          !drawn.exclude_authid?.includes(name) &&
          !drawn.exclude_authrole?.includes(role),
      );
      const present = Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined));
      expect(await receivers(present)).toBe(expected.map(({ name }) => name).join(' '));
    }),
    { numRuns: 80 },
  );
});

test.each([
  { exclude: ['x'] },
  { exclude: 5 },
  { eligible: [0] },
  { eligible_authid: [1] },
  { exclude_authrole: 'red' },
  { exclude_me: 1 },
])('BP-PERR-06: options %j are a protocol violation, though nothing is acknowledged', async (options) => {
  const { peers } = await setUp();
  const [abort] = await peers.pub.exchange(new Publish(99, options as Dict, 'a.b'));
  expect(abort).toEqual([
    3,
    { message: expect.stringContaining('PUBLISH: "') },
    'wamp.error.protocol_violation',
  ]);
  expect(peers.ann.take()).toEqual([]);
});
