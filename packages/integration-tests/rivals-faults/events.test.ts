import { type Dict, Payload, Publish, Subscribe, Unsubscribe } from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import type { RawClient } from '../abuse/raw-client.js';
import { startVictim, type Victim } from '../abuse/start-victim.js';
import { ask, take } from './asking.js';

vi.setConfig({ testTimeout: 30_000 });

const subscribe = async (client: RawClient, topic: string, options: Dict = {}) =>
  (await ask(client, new Subscribe(client.nextRequest(), options, topic)))[2] as number;
const publish = async (client: RawClient, topic: string, options: Dict = {}, payload = Payload.empty) =>
  (
    await ask(client, new Publish(client.nextRequest(), { ...options, acknowledge: true }, topic, payload))
  )[2];

/** EVENTs that came until now as [subscription, Details]: what was published before an answer has arrived with it. */
async function events(client: RawClient): Promise<unknown[][]> {
  await ask(client, new Subscribe(client.nextRequest(), {}, 'to.know.that.all.came'));
  return take(client, 36).map(([, subscription, , ...rest]) => [subscription, ...rest]);
}

const join = async (victim: Victim): Promise<[RawClient, RawClient, RawClient]> => [
  await victim.join(),
  await victim.join({ framing: 'websocket' }),
  await victim.join(),
];

test('BP-PS-06: a publisher that subscribes to its own topic and a pattern of it receives neither', async () => {
  await using victim = await startVictim();
  const [publisher] = await join(victim);
  await subscribe(publisher, 'com.x.a');
  await subscribe(publisher, 'com.x.', { match: 'prefix' });
  await publish(publisher, 'com.x.a');
  expect(await events(publisher)).toEqual([]);
});

test('PSUB-02, PSUB-03: exact, prefix and wildcard subscribers all get the event, patterns with its topic, and with no more', async () => {
  await using victim = await startVictim();
  const [publisher, one, other] = await join(victim);
  const exact = await subscribe(one, 'com.x.a');
  const prefix = await subscribe(one, 'com.', { match: 'prefix' });
  const wildcard = await subscribe(other, 'com..a', { match: 'wildcard' });
  await publish(publisher, 'com.x.a', {}, Payload.of([1]));
  expect(await events(one)).toEqual([
    [exact, {}, [1]], // PID-03: nobody is disclosed who did not ask for it
    [prefix, { topic: 'com.x.a' }, [1]],
  ]);
  expect(await events(other)).toEqual([[wildcard, { topic: 'com.x.a' }, [1]]]);
});

test('BP-PS-02: subscribers of one pattern share its id, and one that leaves takes it from no other', async () => {
  await using victim = await startVictim();
  const [publisher, one, other] = await join(victim);
  for (const [topic, match] of [
    ['com.x.', 'prefix'],
    ['com..a', 'wildcard'],
    ['com.x.a', 'exact'],
  ] as const) {
    const id = await subscribe(one, topic, { match });
    expect(await subscribe(other, topic, { match })).toBe(id);
    await ask(one, new Unsubscribe(one.nextRequest(), id));
    await publish(publisher, 'com.x.a');
    expect(await events(one)).toEqual([]);
    expect(await events(other)).toEqual([[id, match === 'exact' ? {} : { topic: 'com.x.a' }]]);
    await ask(other, new Unsubscribe(other.nextRequest(), id));
  }
});

test('PSUB-01: one URI as exact topic, prefix and wildcard are three subscriptions', async () => {
  await using victim = await startVictim();
  const [publisher, one] = await join(victim);
  const exact = await subscribe(one, 'com.x');
  const prefix = await subscribe(one, 'com.x', { match: 'prefix' });
  const wildcard = await subscribe(one, 'com.x', { match: 'wildcard' });
  expect(new Set([exact, prefix, wildcard]).size).toBe(3);
  await publish(publisher, 'com.x.more');
  expect(await events(one)).toEqual([[prefix, { topic: 'com.x.more' }]]);
});

test.each([
  ['com.*.a', 'com.x.a', false],
  ['com.?.a', 'com.x.a', false],
  ['com.[x].a', 'com.x.a', false],
  ['com..a', 'com.x.a', true],
  ['com..a', 'com.x.y.a', false],
  ['com.*.a', 'com.*.a', true],
])('PSUB-01, PREG-03: the wildcard %s and the topic %s: %s', async (pattern, topic, matches) => {
  await using victim = await startVictim();
  const [publisher, one] = await join(victim);
  await subscribe(one, pattern, { match: 'wildcard' });
  await publish(publisher, topic);
  expect(await events(one)).toHaveLength(matches ? 1 : 0);
});

test('BWL-03: eligible and exclude choose by session, authid and authrole', async () => {
  await using victim = await startVictim();
  const [publisher, one, other] = await join(victim);
  for (const client of [one, other]) await subscribe(client, 'com.x');
  const reached = async (options: Dict) => {
    await publish(publisher, 'com.x', options);
    return [(await events(one)).length, (await events(other)).length];
  };
  expect(await reached({ eligible: [one.session] })).toEqual([1, 0]);
  expect(await reached({ exclude: [one.session] })).toEqual([0, 1]);
  expect(await reached({ eligible_authrole: ['nobody'] })).toEqual([0, 0]);
  expect(await reached({ exclude_authrole: ['anonymous'] })).toEqual([0, 0]);
  expect(await reached({ eligible_authid: [] })).toEqual([0, 0]);
});

test('BP-ID-02, BP-MSG-02: publication ids are random, and an event without arguments ends with its Details', async () => {
  await using victim = await startVictim();
  const [publisher, one] = await join(victim);
  const subscription = await subscribe(one, 'com.x');
  const ids = [];
  for (let count = 0; count < 20; count++) ids.push((await publish(publisher, 'com.x')) as number);
  expect(Math.max(...ids)).toBeGreaterThan(2 ** 40);
  expect(ids.toSorted((a, b) => a - b)).not.toEqual(ids);
  expect(await events(one)).toEqual(ids.map(() => [subscription, {}]));
});

test.each(['rawsocket', 'websocket'] as const)(
  'BP-ORD-01: a burst of 5,000 publications reaches each of 12 %s subscribers of patterns, whole and in order',
  async (framing) => {
    await using victim = await startVictim();
    const publisher = await victim.join({ framing });
    const received: number[][] = [];
    const subscribers: RawClient[] = [];
    for (const match of ['prefix', 'wildcard', 'prefix', 'wildcard', 'prefix', 'wildcard'] as const)
      for (const topic of match === 'prefix' ? ['com.', 'com.x'] : ['.x', 'com.']) {
        const client = await victim.join({ framing });
        await subscribe(client, topic, { match });
        const numbers: number[] = [];
        received.push(numbers);
        subscribers.push(client);
        client.onMessage = ([, , , , args]) => numbers.push((args as number[])[0] as number);
      }
    const all = Array.from({ length: 5_000 }, (_, n) => n);
    publisher.send(...all.map((n) => new Publish(publisher.nextRequest(), {}, 'com.x', Payload.of([n]))));
    for (const [index, client] of subscribers.entries())
      await client.until(() => received[index]?.length === all.length);
    for (const numbers of received) expect(numbers).toEqual(all);
    expect(victim.dropped).toEqual([]);
    expect(victim.bugs).toEqual([]);
  },
);
