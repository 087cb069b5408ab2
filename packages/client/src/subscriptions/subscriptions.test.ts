import {
  ErrorMessage,
  ErrorUri,
  Event,
  Payload,
  Publish,
  Subscribe,
  Subscribed,
  Unsubscribe,
  Unsubscribed,
} from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { EventMessage } from '../exports.js';
import type { EventStreamOptions } from '../options.js';
import { joinScripted, type ScriptedPeer } from '../testing.js';

const event = (subscription: number, value: unknown, details = {}) =>
  new Event(subscription, 900, details, Payload.of([value]));

async function answerSubscribe(router: ScriptedPeer, id: number): Promise<Subscribe> {
  const message = await router.expect(Subscribe);
  router.send(new Subscribed(message.request, id));
  return message;
}

async function answerUnsubscribe(router: ScriptedPeer): Promise<Unsubscribe> {
  const message = await router.expect(Unsubscribe);
  router.send(new Unsubscribed(message.request));
  return message;
}

/** Resolves when the client has handled everything sent before. */
async function settled(router: ScriptedPeer, client: Awaited<ReturnType<typeof joinScripted>>['client']) {
  await client.publish('flush');
  await router.expect(Publish);
}

async function iterated(options?: EventStreamOptions) {
  const { client, router } = await joinScripted();
  const subscribing = client.subscribe('a', options);
  await answerSubscribe(router, 5);
  return { client, router, stream: await subscribing };
}

test('PSUB-01, RET-03: topic and options go as given; SUBSCRIBED gives the id', async () => {
  const { client, router } = await joinScripted();
  const subscribing = client.subscribe('a..b', () => {}, { match: 'wildcard', get_retained: true, _x: 1 });
  const { topic, options } = await answerSubscribe(router, 5);
  expect([topic, options]).toEqual(['a..b', { match: 'wildcard', get_retained: true, _x: 1 }]);
  const subscription = await subscribing;
  expect([subscription.id, subscription.topic]).toEqual([5, 'a..b']);
});

test('PSUB-03: an event has args, kwargs, details, publication and the topic published to', async () => {
  const { client, router } = await joinScripted();
  const events: EventMessage[] = [];
  const subscribing = client.subscribe('a.', (one) => void events.push(one), { match: 'prefix' });
  await answerSubscribe(router, 5);
  await subscribing;
  router.send(
    new Event(5, 77, { topic: 'a.b', publisher: 9 }, Payload.of([1, 2], { k: 3 })),
    new Event(5, 78, {}),
  );
  await settled(router, client);
  expect(events[0]).toBeInstanceOf(EventMessage);
  expect(events).toEqual([
    {
      args: [1, 2],
      kwargs: { k: 3 },
      details: { topic: 'a.b', publisher: 9 },
      topic: 'a.b',
      publication: 77,
    },
    { args: [], kwargs: {}, details: {}, topic: 'a.', publication: 78 },
  ]);
  expect(events.map(({ value }) => value)).toEqual([1, undefined]);
});

describe('BP-PS-09: local fan-out', () => {
  test('handlers of the same topic and options share one SUBSCRIBE; UNSUBSCRIBE follows the last', async () => {
    const { client, router } = await joinScripted();
    const seen: string[] = [];
    const first = client.subscribe('a', () => void seen.push('first'), { match: 'exact' });
    const second = client.subscribe('a', () => void seen.push('second'), { match: 'exact' });
    await answerSubscribe(router, 5);
    const [one, two] = [await first, await second];
    router.send(event(5, 1));
    await settled(router, client);
    expect(seen).toEqual(['first', 'second']);
    await one.unsubscribe();
    router.send(event(5, 2));
    await settled(router, client);
    expect(seen).toEqual(['first', 'second', 'second']);
    const leaving = two.unsubscribe();
    expect((await answerUnsubscribe(router)).subscription).toBe(5);
    await leaving;
    expect(two.id).toBeNull();
  });

  test('other options are another SUBSCRIBE, even if the router gives the same id (BP-PS-01)', async () => {
    const { client, router } = await joinScripted();
    const seen: string[] = [];
    const first = client.subscribe('a', () => void seen.push('first'));
    await answerSubscribe(router, 5);
    const second = client.subscribe('a', () => void seen.push('second'), { _x: 1 });
    await answerSubscribe(router, 5);
    const [one, two] = [await first, await second];
    router.send(event(5, 1));
    await settled(router, client);
    expect(seen).toEqual(['first', 'second']);
    await one.unsubscribe(); // the id is still in use: no UNSUBSCRIBE
    router.send(event(5, 2));
    await settled(router, client);
    expect(seen).toEqual(['first', 'second', 'second']);
    const leaving = two.unsubscribe();
    expect((await answerUnsubscribe(router)).subscription).toBe(5);
    await leaving;
  });

  test('UNSUBSCRIBE waits for a SUBSCRIBE of the topic on its way, which may be answered with the same id', async () => {
    const { client, router } = await joinScripted();
    const first = client.subscribe('a', () => {});
    await answerSubscribe(router, 5);
    const one = await first;
    const second = client.subscribe('a', () => {}, { _x: 1 });
    const leaving = one.unsubscribe();
    await answerSubscribe(router, 5);
    await leaving;
    await second;
    await settled(router, client); // nothing but the PUBLISH: no UNSUBSCRIBE
  });

  test('subscribing anew behind UNSUBSCRIBE is a SUBSCRIBE of its own', async () => {
    const { client, router } = await joinScripted();
    const first = client.subscribe('a', () => {});
    await answerSubscribe(router, 5);
    const leaving = (await first).unsubscribe();
    const second = client.subscribe('a', () => {});
    await answerUnsubscribe(router);
    await answerSubscribe(router, 6);
    await leaving;
    expect((await second).id).toBe(6);
  });
});

test('an event in flight when UNSUBSCRIBE goes is dropped, even for a handler of the same event', async () => {
  const { client, router } = await joinScripted();
  const seen: string[] = [];
  const first = client.subscribe('a', () => {
    seen.push('first');
    void two.unsubscribe();
  });
  const second = client.subscribe('a', () => void seen.push('second'));
  await answerSubscribe(router, 5);
  await first;
  const two = await second;
  router.send(event(5, 1));
  await settled(router, client);
  expect(seen).toEqual(['first']);
});

describe('a handler that fails', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('boom'))],
  ])('%s: the next one gets the event, onError and the logger are told', async (_name, handler) => {
    const onError = vi.fn();
    const error = vi.fn();
    const logger = { debug() {}, info() {}, warn() {}, error };
    const { client, router } = await joinScripted({ onError, logger });
    const seen: unknown[] = [];
    const all = [client.subscribe('a', handler), client.subscribe('a', ({ value }) => void seen.push(value))];
    await answerSubscribe(router, 5);
    await Promise.all(all);
    router.send(event(5, 1), event(5, 2));
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(2));
    expect(seen).toEqual([1, 2]);
    expect(onError).toHaveBeenCalledWith(new Error('boom'), 'event handler of "a"');
    expect(error).toHaveBeenCalledTimes(2);
    expect(client.status).toBe('joined');
  });
});

describe('iteration', () => {
  test('events wait for the iterator in order; leaving the loop unsubscribes', async () => {
    const { router, stream } = await iterated();
    router.send(event(5, 1), event(5, 2), event(5, 3));
    const seen: unknown[] = [];
    for await (const { value } of stream) {
      seen.push(value);
      if (value === 2) {
        void answerUnsubscribe(router);
        break;
      }
    }
    expect(seen).toEqual([1, 2]);
    expect(await stream.ended).toEqual({ type: 'done' });
  });

  test.each([
    ['drop-oldest', [2, 3]],
    ['drop-newest', [1, 2]],
  ] as const)('a full buffer, %s', async (overflow, kept) => {
    const { client, router, stream } = await iterated({ buffer: 2, overflow });
    router.send(event(5, 1), event(5, 2), event(5, 3));
    await settled(router, client);
    expect([stream.dropped, stream.buffered]).toEqual([1, 2]);
    void answerUnsubscribe(router);
    const leaving = stream.unsubscribe();
    const seen: unknown[] = [];
    for await (const { value } of stream) seen.push(value);
    expect(seen).toEqual(kept);
    await leaving;
  });

  test('a full buffer, error: unsubscribes, and the iterator throws after what it holds', async () => {
    const { router, stream } = await iterated({ buffer: 1, overflow: 'error' });
    router.send(event(5, 1), event(5, 2));
    await answerUnsubscribe(router);
    expect(await stream.ended).toMatchObject({ type: 'failed' });
    const iterator = stream[Symbol.asyncIterator]();
    expect((await iterator.next()).value?.value).toBe(1);
    await expect(iterator.next()).rejects.toThrow('more than 1 items');
  });

  test('buffer and overflow stay off the wire', async () => {
    const { client, router } = await joinScripted();
    void client.subscribe('a', { buffer: 3, overflow: 'error', match: 'exact' }).catch(() => {});
    expect((await router.expect(Subscribe)).options).toEqual({ match: 'exact' });
  });

  test('the end of the connection throws; close and leave end it', async () => {
    const lost = await iterated();
    lost.router.close();
    await expect(lost.stream[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      name: 'ConnectionLostError',
    });
    expect(await lost.stream.ended).toMatchObject({ type: 'failed', error: { name: 'ConnectionLostError' } });
    const left = await iterated();
    void left.client.leave();
    await left.router.goodbye();
    expect(await left.stream[Symbol.asyncIterator]().next()).toMatchObject({ done: true });
    expect(await left.stream.ended).toEqual({ type: 'done' });
  });
});

describe('signal', () => {
  test('aborted before SUBSCRIBED: CanceledError, and UNSUBSCRIBE follows SUBSCRIBED', async () => {
    const { client, router } = await joinScripted();
    const controller = new AbortController();
    const subscribing = client.subscribe('a', () => {}, { signal: controller.signal });
    const { request } = await router.expect(Subscribe);
    controller.abort('enough');
    await expect(subscribing).rejects.toMatchObject({ name: 'CanceledError', cause: 'enough' });
    router.send(new Subscribed(request, 5));
    expect((await answerUnsubscribe(router)).subscription).toBe(5);
  });

  test('aborted before SUBSCRIBED while another handler waits for it: the other one stays', async () => {
    const { client, router } = await joinScripted();
    const controller = new AbortController();
    const first = client.subscribe('a', () => {}, { signal: controller.signal });
    const seen: unknown[] = [];
    const second = client.subscribe('a', ({ value }) => void seen.push(value));
    controller.abort();
    await expect(first).rejects.toMatchObject({ name: 'CanceledError' });
    await answerSubscribe(router, 5);
    await second;
    router.send(event(5, 1));
    await settled(router, client);
    expect(seen).toEqual([1]);
  });

  test('aborted later: unsubscribes, and the iterator ends', async () => {
    const controller = new AbortController();
    const { router, stream } = await iterated({ signal: controller.signal });
    const next = stream[Symbol.asyncIterator]().next();
    controller.abort();
    await answerUnsubscribe(router);
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

test('BP-PS-03: ERROR rejects subscribe, and leaves nothing behind', async () => {
  const { client, router } = await joinScripted();
  const subscribing = client.subscribe('a', () => {});
  router.send(new ErrorMessage(32, (await router.expect(Subscribe)).request, {}, ErrorUri.NotAuthorized));
  await expect(subscribing).rejects.toMatchObject({ name: 'RequestError', uri: ErrorUri.NotAuthorized });
  const again = client.subscribe('a', () => {});
  await answerSubscribe(router, 5);
  expect((await again).id).toBe(5);
});

describe('unsubscribe', () => {
  test('ERROR no_such_subscription is no failure: gone is gone', async () => {
    const { router, stream } = await iterated();
    const leaving = stream.unsubscribe();
    router.send(
      new ErrorMessage(34, (await router.expect(Unsubscribe)).request, {}, ErrorUri.NoSuchSubscription),
    );
    await leaving;
  });

  test('another ERROR rejects', async () => {
    const { router, stream } = await iterated();
    const leaving = stream.unsubscribe();
    router.send(new ErrorMessage(34, (await router.expect(Unsubscribe)).request, {}, 'com.example.no'));
    await expect(leaving).rejects.toMatchObject({ uri: 'com.example.no' });
  });

  test('a second one, and one after the connection, send nothing', async () => {
    const { client, router, stream } = await iterated();
    const leaving = stream.unsubscribe();
    await answerUnsubscribe(router);
    await leaving;
    await stream.unsubscribe();
    router.close();
    await client.closed;
    await stream.unsubscribe();
    expect(router.received).toEqual([]);
  });

  test('await using does it', async () => {
    const { router, stream } = await iterated();
    const disposing = (async () => {
      await using owned = stream;
      expect(owned.id).toBe(5);
    })();
    await answerUnsubscribe(router);
    await disposing;
  });
});

test('SREV-02: a revocation drops the handlers and tells why', async () => {
  const onError = vi.fn();
  const { client, router } = await joinScripted({ onError });
  const seen: unknown[] = [];
  const handled = client.subscribe('a', ({ value }) => void seen.push(value));
  await answerSubscribe(router, 5);
  const iterating = client.subscribe('b');
  await answerSubscribe(router, 6);
  const [one, two] = [await handled, await iterating];
  router.send(
    new Unsubscribed(0, { subscription: 5, reason: 'banned' }),
    new Unsubscribed(0, { subscription: 6 }),
  );
  router.send(event(5, 1));
  expect(await one.ended).toMatchObject({ type: 'revoked', reason: 'banned' });
  await expect(two[Symbol.asyncIterator]().next()).rejects.toThrow(
    'the router revoked the subscription of "b"',
  );
  await one.unsubscribe();
  await settled(router, client);
  expect(seen).toEqual([]);
});
