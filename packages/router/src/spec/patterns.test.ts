import {
  Call,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Unregister,
  Unsubscribe,
} from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router } from '../index.js';

const setUp = async () => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  return { one: await ScriptedPeer.join(attach), two: await ScriptedPeer.join(attach) };
};

const subscribe = async (peer: ScriptedPeer, match: string, topic: string) =>
  (await peer.exchange(new Subscribe(1, { match }, topic)))[0]?.[2] as number;

const register = async (peer: ScriptedPeer, match: string, procedure: string) =>
  (await peer.exchange(new Register(1, { match }, procedure)))[0]?.[2] as number;

test('PSUB-01, PREG-01: the router announces both patterns', async () => {
  const { one } = await setUp();
  expect(one.details.roles).toMatchObject({
    broker: { features: { pattern_based_subscription: true } },
    dealer: { features: { pattern_based_registration: true } },
  });
});

test.each([
  ['prefix', 'a.b', ['a.b', 'a.b-c', 'a.b.c', 'a.bcd.e'], ['a', 'a.c', 'b.a.b']],
  ['prefix', 'a.', ['a.b', 'a.b.c'], ['a', 'ab.c']],
  ['prefix', '', ['a', 'a.b.c'], []],
  ['wildcard', 'a..c', ['a.b.c', 'a.xyz.c'], ['a.c', 'a.b.c.d', 'a.b.x', 'a.b.b.c']],
  ['wildcard', '.b', ['a.b', 'x.b'], ['b', 'a.b.b']],
  ['wildcard', 'a.', ['a.b'], ['a', 'a.b.c']],
  ['wildcard', '..', ['a.b.c'], ['a.b', 'a.b.c.d']],
  ['exact', 'a.b', ['a.b'], ['a.b.c', 'a']],
])(
  'PSUB-01, PSUB-03: %s %j matches as specified, and tells the topic',
  async (match, topic, hits, misses) => {
    const { one, two } = await setUp();
    const id = await subscribe(one, match, topic);
    let request = 0;
    for (const hit of hits) {
      await two.exchange(new Publish(++request, {}, hit, Payload.of([1])));
      const details = match === 'exact' ? {} : { topic: hit };
      expect(one.take()).toEqual([[36, id, expect.any(Number), details, [1]]]);
    }
    for (const miss of misses) await two.exchange(new Publish(++request, {}, miss));
    expect(one.take()).toEqual([]);
  },
);

test('PSUB-02: an event goes to all subscriptions that match, exact, prefix and wildcard, with one publication id', async () => {
  const { one, two } = await setUp();
  const patterns = [
    ['exact', 'a.b.c'],
    ['prefix', 'a.b'],
    ['prefix', 'a.'],
    ['prefix', ''],
    ['wildcard', 'a..c'],
    ['wildcard', '..'],
    ['wildcard', 'a.b.c'],
  ] as const;
  const ids: number[] = [];
  for (const [match, topic] of patterns) ids.push(await subscribe(one, match, topic));
  await subscribe(one, 'exact', 'a.b');
  expect(new Set(ids).size).toBe(patterns.length);
  const [published] = await two.exchange(new Publish(1, { acknowledge: true }, 'a.b.c'));
  const events = one.take();
  expect(events.map((event) => event[1]).sort()).toEqual([...ids].sort());
  expect(new Set(events.map((event) => event[2]))).toEqual(new Set([published?.[2]]));
});

test('PSUB-02: leaving one of several subscriptions of one URI leaves the others', async () => {
  const { one, two } = await setUp();
  const exact = await subscribe(one, 'exact', 'a.b');
  const prefix = await subscribe(one, 'prefix', 'a.b');
  expect(exact).not.toBe(prefix);
  await one.exchange(new Unsubscribe(2, prefix));
  await two.exchange(new Publish(1, {}, 'a.b'));
  expect(one.take().map((event) => event[1])).toEqual([exact]);
});

test('PSUB-03, PREG-06: topics that follow each other are told one by one', async () => {
  const { one, two } = await setUp();
  await subscribe(one, 'prefix', 'a.');
  await two.exchange(new Publish(1, {}, 'a.x'), new Publish(2, {}, 'a.y'), new Publish(3, {}, 'a.x'));
  expect(one.take().map((event) => event[3])).toEqual([{ topic: 'a.x' }, { topic: 'a.y' }, { topic: 'a.x' }]);
});

test('PREG-02, PREG-06: a prefix registration is a prefix of the string, and the callee is told the procedure', async () => {
  const { one, two } = await setUp();
  const id = await register(one, 'prefix', 'a.b');
  await two.exchange(new Call(1, {}, 'a.b-c'), new Call(2, {}, 'a.b'));
  expect(one.take()).toEqual([
    [68, 1, id, { procedure: 'a.b-c' }],
    [68, 2, id, { procedure: 'a.b' }],
  ]);
});

test('PREG-06: an exact registration is told no procedure', async () => {
  const { one, two } = await setUp();
  const id = await register(one, 'exact', 'a.b');
  await two.exchange(new Call(1, {}, 'a.b'));
  expect(one.take()).toEqual([[68, 1, id, {}]]);
});

test('PREG-03: a wildcard registration wants the same number of parts', async () => {
  const { one, two } = await setUp();
  const id = await register(one, 'wildcard', 'a..c');
  await two.exchange(new Call(1, {}, 'a.b.c'));
  expect(one.take()).toEqual([[68, 1, id, { procedure: 'a.b.c' }]]);
  expect((await two.exchange(new Call(2, {}, 'a.b.c.d')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
});

test('PREG-04, PREG-07: exact beats the longest prefix, which beats a wildcard; one URI may be registered under each', async () => {
  const { one, two } = await setUp();
  const names = new Map<number, string>();
  for (const [match, procedure] of [
    ['wildcard', 'a1.b2..d4'],
    ['prefix', 'a1.b2'],
    ['prefix', 'a1.b2.c3'],
    ['exact', 'a1.b2.c3.d4'],
    ['exact', 'a1.b2'],
  ] as const)
    names.set(await register(one, match, procedure), `${match} ${procedure}`);
  expect(names.size).toBe(5);
  const chosen = async (request: number, procedure: string) => {
    await two.exchange(new Call(request, {}, procedure));
    return names.get(one.take()[0]?.[2] as number);
  };
  expect(await chosen(1, 'a1.b2.c3.d4')).toBe('exact a1.b2.c3.d4');
  expect(await chosen(2, 'a1.b2.c3.d5')).toBe('prefix a1.b2.c3');
  expect(await chosen(3, 'a1.b2.x.d4')).toBe('prefix a1.b2');
  expect(await chosen(4, 'a1.b2')).toBe('exact a1.b2');
});

// the table of the specification's section on pattern-based registration
test.each([
  ['a1.b2.c3.d4.e55', 'exact a1.b2.c3.d4.e55'],
  ['a1.b2.c3.d98.e74', 'prefix a1.b2.c3'],
  ['a1.b2.c3.d4.e325', 'prefix a1.b2.c3.d4'],
  ['a1.b2.c55.d4.e5', 'wildcard a1.b2..d4.e5'],
  // the spec's own text overlooks that a1.b2.c3 is a prefix of this string (PREG-02)
  ['a1.b2.c33.d4.e5', 'prefix a1.b2.c3'],
  ['a1.b2.c88.d4.e5.f6.g7', 'wildcard a1.b2..d4.e5..g7'],
])("PREG-05: among wildcards the spec's order decides: %s goes to %s", async (procedure, expected) => {
  const { one, two } = await setUp();
  const names = new Map<number, string>();
  for (const [match, pattern] of [
    ['exact', 'a1.b2.c3.d4.e55'],
    ['prefix', 'a1.b2.c3'],
    ['prefix', 'a1.b2.c3.d4'],
    ['wildcard', 'a1.b2..d4.e5'],
    ['wildcard', 'a1.b2.c33..e5'],
    ['wildcard', 'a1.b2..d4.e5..g7'],
    ['wildcard', 'a1.b2..d4..f6.g7'],
  ] as const)
    names.set(await register(one, match, pattern), `${match} ${pattern}`);
  await two.exchange(new Call(1, {}, procedure));
  expect(names.get(one.take()[0]?.[2] as number)).toBe(expected);
});

test("PREG-05: the length of the pattern's text does not count", async () => {
  const { one, two } = await setUp();
  await register(one, 'wildcard', 'a1..cccccccc');
  const id = await register(one, 'wildcard', 'a1.b2.');
  await two.exchange(new Call(1, {}, 'a1.b2.cccccccc'));
  expect(one.take()[0]?.[2]).toBe(id);
});

test('PREG-07: UNREGISTER takes one of them away, and the next best serves', async () => {
  const { one, two } = await setUp();
  const exact = await register(one, 'exact', 'a.b');
  const prefix = await register(one, 'prefix', 'a.b');
  await one.exchange(new Unregister(2, exact));
  await two.exchange(new Call(1, {}, 'a.b'));
  expect(one.take()[0]?.[2]).toBe(prefix);
});

test.each(['regex', '', null, 1, true])('BP-PERR-06: match %j is a protocol violation', async (match) => {
  for (const message of [new Subscribe(1, { match }, 'a.b'), new Register(1, { match }, 'a.b')]) {
    const { one, two } = await setUp();
    expect((await one.exchange(message))[0]?.[2]).toBe('wamp.error.protocol_violation');
    expect(two.closed).toBeNull();
  }
});
