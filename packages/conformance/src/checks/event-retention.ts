import { type Check, type CheckContext, must } from '../check.js';
import { equal } from '../outcome.js';
import type { Dict, Session } from '../session.js';

async function retain(t: CheckContext, topic: string, options: Dict, value: unknown): Promise<number> {
  const publisher = await t.joinWith('broker', 'event_retention');
  return publisher.publishAcknowledged(topic, { ...options, retain: true }, [value]);
}

async function subscribe(t: CheckContext, topic: string, options: Dict = {}): Promise<Session> {
  const subscriber = await t.join();
  await subscriber.subscribe(topic, { ...options, get_retained: true });
  return subscriber;
}

/** Event retention: requirements RET. */
export const eventRetention: readonly Check[] = [
  must('RET-03', 'the last retained event comes after SUBSCRIBED, with its publication id', async (t) => {
    await retain(t, t.uri(), {}, 'old');
    const published = await retain(t, t.uri(), {}, 'new');
    const { publication, message, details } = await (await subscribe(t, t.uri())).event();
    equal(publication, published, 'EVENT.Publication');
    equal(message[4], ['new'], 'Arguments');
    equal(details.retained, true, 'EVENT.Details.retained'); // RET-04
  }),
  must('RET-03', 'without get_retained none comes', async (t) => {
    await retain(t, t.uri(), {}, 1);
    const subscriber = await t.join();
    await subscriber.subscribe(t.uri());
    await subscriber.nothingElse('without get_retained');
  }),
  must('RET-02', 'a publication without retain leaves what is retained', async (t) => {
    await retain(t, t.uri(), {}, 'retained');
    await (await t.join()).publishAcknowledged(t.uri(), {}, ['passing']);
    equal((await (await subscribe(t, t.uri())).event()).message[4], ['retained'], 'Arguments');
  }),
  must('RET-03', 'whom the last one is not for gets the most recent one that is', async (t) => {
    const subscriber = await t.join();
    await retain(t, t.uri(), {}, 'for all');
    await retain(t, t.uri(), { exclude: [subscriber.id] }, 'not for one');
    await retain(t, t.uri(), { eligible_authrole: [t.uri('role')] }, 'for nobody here');
    await subscriber.subscribe(t.uri(), { get_retained: true });
    equal((await subscriber.event()).message[4], ['for all'], 'Arguments');
    equal((await (await subscribe(t, t.uri())).event()).message[4], ['not for one'], 'Arguments for others');
    await subscriber.nothingElse('after one retained event');
  }),
  must('RET-04', 'a pattern gets the retained event of each topic, with the topic', async (t) => {
    for (const name of ['x', 'y']) await retain(t, `${t.uri()}.${name}`, {}, name);
    const subscriber = await subscribe(t, `${t.uri()}.`, { match: 'prefix' });
    const told = new Map<unknown, unknown>();
    for (let count = 0; count < 2; count++) {
      const { message, details } = await subscriber.event();
      equal(details.retained, true, 'EVENT.Details.retained');
      told.set(details.topic, (message[4] as unknown[])[0]);
    }
    equal(told, new Map(['x', 'y'].map((name) => [`${t.uri()}.${name}`, name])), 'events by topic');
  }),
];
