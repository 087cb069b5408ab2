import { type Check, must, should } from '../check.js';
import { Code } from '../message-code.js';
import { equal } from '../outcome.js';

const NO_SUBSCRIPTION = 'wamp.error.no_such_subscription';

/** Publish and subscribe: requirements BP-PS, and BP-ORD for events. */
export const basicPubsub: readonly Check[] = [
  should('BP-PS-01', 'subscribing again gives the same subscription, and each event once', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    const first = await subscriber.subscribe(t.uri());
    equal(await subscriber.subscribe(t.uri()), first, 'the second subscription id');
    await publisher.publishAcknowledged(t.uri());
    await subscriber.event();
    await subscriber.nothingElse('after one event');
  }),
  should('BP-PS-01', 'one UNSUBSCRIBE ends a subscription that was asked for twice', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    const subscription = await subscriber.subscribe(t.uri());
    await subscriber.subscribe(t.uri());
    await subscriber.reply(Code.UNSUBSCRIBED, subscriber.request(Code.UNSUBSCRIBE, subscription));
    await publisher.publishAcknowledged(t.uri());
    await subscriber.nothingElse('after UNSUBSCRIBED');
  }),
  must(
    'BP-PS-02',
    'every subscriber of a topic gets each event, with the id of its subscription',
    async (t) => {
      const [one, two, publisher] = [await t.join(), await t.join(), await t.join()];
      const ids = [await one.subscribe(t.uri()), await two.subscribe(t.uri())];
      await publisher.publishAcknowledged(t.uri());
      equal([(await one.event()).message[1], (await two.event()).message[1]], ids, 'EVENT.Subscription');
    },
  ),
  must('BP-PS-03', 'UNSUBSCRIBE of an unknown id is answered with no_such_subscription', async (t) => {
    const session = await t.join();
    await session.error(Code.UNSUBSCRIBE, session.request(Code.UNSUBSCRIBE, 12_345), NO_SUBSCRIPTION);
  }),
  must('BP-PS-03', 'UNSUBSCRIBE of the subscription of another session is answered likewise', async (t) => {
    const [owner, other] = [await t.join(), await t.join()];
    const subscription = await owner.subscribe(t.uri());
    await other.error(Code.UNSUBSCRIBE, other.request(Code.UNSUBSCRIBE, subscription), NO_SUBSCRIPTION);
    await other.publishAcknowledged(t.uri());
    await owner.event();
  }),
  must('BP-PS-03', 'a second UNSUBSCRIBE is answered likewise', async (t) => {
    const session = await t.join();
    const subscription = await session.subscribe(t.uri());
    await session.reply(Code.UNSUBSCRIBED, session.request(Code.UNSUBSCRIBE, subscription));
    await session.error(Code.UNSUBSCRIBE, session.request(Code.UNSUBSCRIBE, subscription), NO_SUBSCRIPTION);
  }),
  must('BP-PS-03', 'after UNSUBSCRIBED no event comes', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    const subscription = await subscriber.subscribe(t.uri());
    await subscriber.reply(Code.UNSUBSCRIBED, subscriber.request(Code.UNSUBSCRIBE, subscription));
    await publisher.publishAcknowledged(t.uri());
    await subscriber.nothingElse('after UNSUBSCRIBED');
  }),
  must('BP-PS-04', 'PUBLISH without acknowledge is answered with nothing', async (t) => {
    const session = await t.join();
    session.publish(t.uri(), [1]);
    session.request(Code.PUBLISH, { acknowledge: false }, t.uri(), [2]);
    await session.nothingElse('after PUBLISH');
  }),
  must('BP-PS-05', 'PUBLISHED and all events bear one publication id', async (t) => {
    const [one, two, publisher] = [await t.join(), await t.join(), await t.join()];
    await one.subscribe(t.uri());
    await two.subscribe(t.uri());
    const publication = await publisher.publishAcknowledged(t.uri());
    equal(
      [(await one.event()).publication, (await two.event()).publication],
      [publication, publication],
      'EVENT.Publication',
    );
  }),
  must('BP-PS-05', 'an acknowledged PUBLISH that nobody subscribed to is acknowledged', async (t) => {
    await (await t.join()).publishAcknowledged(t.uri());
  }),
  must('BP-PS-06', 'a publisher does not get its own event', async (t) => {
    const session = await t.join();
    await session.subscribe(t.uri());
    await session.publishAcknowledged(t.uri());
    await session.nothingElse('at the publisher');
  }),
  must('BP-PS-07', 'each session gets an event once for a subscription', async (t) => {
    const [one, two, publisher] = [await t.join(), await t.join(), await t.join()];
    for (const subscriber of [one, two]) await subscriber.subscribe(t.uri());
    await publisher.publishAcknowledged(t.uri());
    for (const subscriber of [one, two]) {
      await subscriber.event();
      await subscriber.nothingElse('after one event');
    }
  }),
  must('BP-PS-08', 'EVENT has Details, and the payload as it was published', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    await subscriber.subscribe(t.uri());
    publisher.publish(t.uri(), [1, null, { a: [] }], { kw: 'x', '': 0 });
    const { message } = await subscriber.event();
    equal(message.slice(4), [[1, null, { a: [] }], { kw: 'x', '': 0 }], 'payload of EVENT');
  }),
  must('BP-PS-08', 'an event of another topic does not come', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    await subscriber.subscribe(t.uri('a'));
    for (const topic of [t.uri('a.b'), t.uri('ab'), t.uri('b'), t.uri('A')])
      await publisher.publishAcknowledged(topic);
    await subscriber.nothingElse('on another topic');
  }),
  must(
    'BP-ORD-01',
    'events of one publisher come in the order of publication, also across topics',
    async (t) => {
      const [subscriber, publisher] = [await t.join(), await t.join()];
      const topics = [t.uri('a'), t.uri('b'), t.uri('c')];
      for (const topic of topics) await subscriber.subscribe(topic);
      const count = 300;
      for (let number = 0; number < count; number++) {
        const payload = number % 7 === 0 ? ['x'.repeat(5000)] : [];
        publisher.publish(topics[number % topics.length]!, [number, ...payload]);
      }
      for (let number = 0; number < count; number++) {
        const [got] = (await subscriber.event()).message[4] as unknown[];
        equal(got, number, 'number of the event');
      }
    },
  ),
  must('BP-ORD-03', 'SUBSCRIBED comes before the first event, on a busy topic too', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    for (let round = 0; round < 20; round++) {
      const topic = t.uri(`r${round}`);
      publisher.publish(topic);
      const request = subscriber.request(Code.SUBSCRIBE, {}, topic);
      for (let count = 0; count < 20; count++) publisher.publish(topic);
      await publisher.publishAcknowledged(topic);
      const first = await subscriber.connection.next(Code.SUBSCRIBED);
      equal(first[1], request, 'SUBSCRIBE.Request');
      await subscriber.publishAcknowledged(t.uri('nobody'));
      await subscriber.reply(Code.UNSUBSCRIBED, subscriber.request(Code.UNSUBSCRIBE, first[2]));
      for (const { message } of [...subscriber.connection.untaken]) {
        equal(message.slice(0, 2), [Code.EVENT, first[2]], 'what came meanwhile');
        await subscriber.event();
      }
    }
  }),
  must('BP-PS-04', 'an unacknowledged PUBLISH that is not allowed is answered with nothing', async (t) => {
    const session = await t.join();
    session.publish(`wamp.${t.uri()}`);
    await session.nothingElse('after a forbidden PUBLISH');
  }),
];
