import { type Check, type CheckContext, must } from '../check.js';
import { Code } from '../message-code.js';
import { equal } from '../outcome.js';

type Case = readonly [id: string, match: string, pattern: string, topic: string, matches: boolean];

const cases: readonly Case[] = [
  ['PSUB-01', 'prefix', 'a.b', 'a.b', true],
  ['PSUB-01', 'prefix', 'a.b', 'a.b.c', true],
  ['PSUB-01', 'prefix', 'a.b', 'a.b-c', true],
  ['PSUB-01', 'prefix', 'a.b', 'a.c', false],
  ['PSUB-01', 'prefix', 'a.b.', 'a.b', false],
  ['PSUB-01', 'wildcard', 'a..c', 'a.b.c', true],
  ['PSUB-01', 'wildcard', 'a..c', 'a.c', false],
  ['PSUB-01', 'wildcard', 'a..c', 'a.b.b.c', false],
  ['PSUB-01', 'wildcard', 'a.', 'a.b', true],
  ['PSUB-01', 'exact', 'a.b', 'a.b.c', false],
];

async function delivers(t: CheckContext, [, match, pattern, topic, matches]: Case): Promise<void> {
  const subscriber = await t.joinWith('broker', 'pattern_based_subscription');
  const publisher = await t.join();
  const subscription = await subscriber.subscribe(`${t.uri()}.${pattern}`, { match });
  await publisher.publishAcknowledged(`${t.uri()}.${topic}`);
  if (!matches) return subscriber.nothingElse(`for ${topic}`);
  const { message } = await subscriber.event();
  equal(message[1], subscription, 'EVENT.Subscription');
}

/** Pattern-based subscription: requirements PSUB. */
export const patternSubscription: readonly Check[] = [
  ...cases.map((row) => {
    const [id, match, pattern, topic, matches] = row;
    return must(id, `${match} ${pattern} ${matches ? 'matches' : 'does not match'} ${topic}`, (t) =>
      delivers(t, row),
    );
  }),
  must('PSUB-01', 'the empty prefix matches every topic', async (t) => {
    const subscriber = await t.joinWith('broker', 'pattern_based_subscription');
    const publisher = await t.join();
    await subscriber.subscribe('', { match: 'prefix' });
    await publisher.publishAcknowledged(t.uri());
    await subscriber.connection.takeAny(
      (message) => message[0] === Code.EVENT && (message[3] as { topic?: unknown }).topic === t.uri(),
      'EVENT',
    );
  }),
  must(
    'PSUB-02',
    'an event comes once for each matching subscription, with one publication id',
    async (t) => {
      const subscriber = await t.joinWith('broker', 'pattern_based_subscription');
      const publisher = await t.join();
      const root = t.uri();
      const subscriptions = [
        await subscriber.subscribe(`${root}.b.c`),
        await subscriber.subscribe(`${root}.b`, { match: 'prefix' }),
        await subscriber.subscribe(root, { match: 'prefix' }),
        await subscriber.subscribe(`${root}..c`, { match: 'wildcard' }),
      ];
      const publication = await publisher.publishAcknowledged(`${root}.b.c`);
      const events = [];
      for (const _ of subscriptions) events.push(await subscriber.event());
      equal(
        new Set(events.map(({ message }) => message[1])),
        new Set(subscriptions),
        'EVENT.Subscription of each',
      );
      equal([...new Set(events.map((event) => event.publication))], [publication], 'EVENT.Publication');
      await subscriber.nothingElse('after one event for each subscription');
    },
  ),
  must('PSUB-02', 'one URI with three policies is three subscriptions', async (t) => {
    const subscriber = await t.joinWith('broker', 'pattern_based_subscription');
    const ids = new Set<number>();
    for (const match of ['exact', 'prefix', 'wildcard'])
      ids.add(await subscriber.subscribe(t.uri(), { match }));
    equal(ids.size, 3, 'different subscription ids');
  }),
  must(
    'PSUB-02',
    'a pattern matches topics that were published before, and no more once it is unsubscribed',
    async (t) => {
      const subscriber = await t.joinWith('broker', 'pattern_based_subscription');
      const publisher = await t.join();
      await publisher.publishAcknowledged(`${t.uri()}.b`);
      const subscription = await subscriber.subscribe(`${t.uri()}.`, { match: 'prefix' });
      await publisher.publishAcknowledged(`${t.uri()}.b`);
      await subscriber.event();
      await subscriber.reply(Code.UNSUBSCRIBED, subscriber.request(Code.UNSUBSCRIBE, subscription));
      await publisher.publishAcknowledged(`${t.uri()}.b`);
      await subscriber.nothingElse('after UNSUBSCRIBED');
    },
  ),
  ...(
    [
      ['prefix', 'a.', 'a.b.c'],
      ['prefix', 'a.b', 'a.b'],
      ['wildcard', 'a.', 'a.b'],
    ] as const
  ).map(([match, pattern, topic]) =>
    must('PSUB-03', `EVENT for the ${match} subscription ${pattern} names the topic ${topic}`, async (t) => {
      const subscriber = await t.joinWith('broker', 'pattern_based_subscription');
      const publisher = await t.join();
      await subscriber.subscribe(`${t.uri()}.${pattern}`, { match });
      await publisher.publishAcknowledged(`${t.uri()}.${topic}`);
      equal((await subscriber.event()).details.topic, `${t.uri()}.${topic}`, 'EVENT.Details.topic');
    }),
  ),
];
