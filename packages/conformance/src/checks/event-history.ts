import { type Check, type CheckContext, must } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok, skip } from '../outcome.js';
import type { Session } from '../session.js';

const procedure = 'wamp.subscription.get_events';

/* A topic whose events some subscription keeps, and what gives them. Five are published. */
async function setUp(t: CheckContext) {
  const reader = await t.joinWith('broker', 'event_history');
  const publisher = await t.join();
  const publications: number[] = [];
  for (let index = 0; index < 5; index++)
    publications.push(await publisher.publishAcknowledged(t.uri(), {}, [index]));
  const subscription = await findHistory(t, reader);
  const events = async (filters: Record<string, unknown> = {}) => {
    const result = await reader.result(
      reader.call(procedure, [subscription], { topic: t.uri(), ...filters }),
    );
    const [given = []] = [result[3]];
    ok(Array.isArray(given) && given.every(isDict), `events are ${inText(given)}`);
    return given as Record<string, unknown>[];
  };
  const values = async (filters: Record<string, unknown> = {}) =>
    (await events(filters)).map(({ args }) => (args as unknown[] | undefined)?.[0]);
  return { reader, publisher, publications, subscription, events, values };
}

async function findHistory(t: CheckContext, reader: Session): Promise<number> {
  const [matches] = (await reader.result(reader.call('wamp.subscription.match', [t.uri()])))[3] as [
    number[] | null,
  ];
  for (const id of matches ?? []) {
    const request = reader.call(procedure, [id]);
    const answer = await reader.connection.takeAny(
      (m) => m[1] === request || m[2] === request,
      'RESULT or ERROR',
    );
    if (answer[0] === Code.RESULT) return id;
  }
  skip('the router keeps no history of this topic');
}

/** Event history: requirements HIST. The router must be told to keep `org.wampkit.conformance.` and what begins with it. */
export const eventHistory: readonly Check[] = [
  must(
    'HIST-05',
    'each event has timestamp, subscription, publication, details and its payload',
    async (t) => {
      const { events, publications, subscription } = await setUp(t);
      const [event] = await events();
      ok(isDict(event), 'no event');
      equal(
        [event.subscription, event.publication, event.args],
        [subscription, publications[0], [0]],
        'event',
      );
      ok(isDict(event.details), `details are ${inText(event.details)}`);
      ok(!Number.isNaN(Date.parse(String(event.timestamp))), `timestamp is ${inText(event.timestamp)}`);
    },
  ),
  must('HIST-02', 'events of several publishers are in the order in which the router got them', async (t) => {
    const { publisher, values } = await setUp(t);
    const other = await t.join();
    for (const [index, each] of [other, publisher, other].entries())
      await each.publishAcknowledged(t.uri(), {}, [`more ${index}`]);
    equal(await values(), [0, 1, 2, 3, 4, 'more 0', 'more 1', 'more 2'], 'events');
  }),
  must('HIST-03', 'reverse and limit: the first ones in the order asked for', async (t) => {
    const { values } = await setUp(t);
    equal(await values(), [0, 1, 2, 3, 4], 'all');
    equal(await values({ limit: 2 }), [0, 1], 'limit');
    equal(await values({ reverse: true, limit: 2 }), [4, 3], 'reverse and limit');
  }),
  must('HIST-04', 'publication filters go by place in the store', async (t) => {
    const { values, publications } = await setUp(t);
    equal(await values({ from_publication: publications[3] }), [3, 4], 'from_publication');
    equal(await values({ after_publication: publications[3] }), [4], 'after_publication');
    equal(await values({ before_publication: publications[1] }), [0], 'before_publication');
    equal(await values({ until_publication: publications[1] }), [0, 1], 'until_publication');
    equal(
      await values({ before_publication: publications[3], reverse: true, limit: 2 }),
      [2, 1],
      'a page back',
    );
  }),
  must('HIST-06', 'lists are applied to who asks, and events for single sessions are not kept', async (t) => {
    const { reader, publisher, values } = await setUp(t);
    await publisher.publishAcknowledged(t.uri(), { eligible: [reader.id] }, ['eligible']);
    await publisher.publishAcknowledged(t.uri(), { exclude: [publisher.id] }, ['exclude']);
    await publisher.publishAcknowledged(t.uri(), { eligible_authrole: [t.uri('role')] }, ['authrole']);
    await publisher.publishAcknowledged(t.uri(), { exclude_authid: [reader.details.authid] }, ['authid']);
    await publisher.publishAcknowledged(t.uri(), {}, ['all']);
    equal(await values(), [0, 1, 2, 3, 4, 'all'], 'events');
  }),
  ...[{ limit: 0 }, { from_time: 'yesterday' }, { reverse: 1 }, { after_publication: 'x' }].map((filter) =>
    must('HIST-03', `filter ${JSON.stringify(filter)} gives invalid_argument`, async (t) => {
      const { reader, subscription } = await setUp(t);
      await reader.error(
        Code.CALL,
        reader.call(procedure, [subscription], filter),
        'wamp.error.invalid_argument',
      );
    }),
  ),
  must('HIST-01', 'an unknown subscription gives no_such_subscription', async (t) => {
    const reader = await t.joinWith('broker', 'event_history');
    await reader.error(Code.CALL, reader.call(procedure, [2 ** 53 - 7]), 'wamp.error.no_such_subscription');
  }),
];
