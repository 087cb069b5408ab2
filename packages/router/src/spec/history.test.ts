import { Call, type Dict, Payload, type Peer, Publish, Subscribe } from '@wampkit/protocol';
import { FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type Authenticator, type RealmOptions, Router } from '../index.js';

const trusting: Authenticator = {
  method: 'anonymous',
  start: ({ authextra }) => ({
    type: 'accept',
    authid: (authextra.authid ?? 'somebody') as string,
    authrole: (authextra.authrole ?? 'red') as string,
  }),
};

const all = {
  uri: '',
  match: 'prefix',
  allow: ['call', 'publish', 'subscribe'],
  disclose: ['publisher'],
} as const;
const roles = [
  ...['red', 'blue'].map((name) => ({ name, permissions: [all] })),
  { name: 'deaf', permissions: [all, { uri: 'a.b', allow: [] }] },
];

type Stored = { timestamp: string; publication: number; args?: unknown[]; kwargs?: Dict; details: Dict };

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const clock = new FakeClock();
  const history = [
    { topic: 'a.b', limit: 10 },
    { topic: 'p.', match: 'prefix', limit: 5 },
  ] as const;
  const router = new Router({
    clock,
    realms: [{ name: 'realm1', authenticators: [trusting], roles, history, ...realm }],
    events: {
      bug: ({ error }) => {
        throw error;
      },
    },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (authid = 'somebody', authrole = 'red') =>
    ScriptedPeer.join(attach, 'realm1', { authextra: { authid, authrole } });
  const publisher = await join('pub');
  let request = 0;
  const call = async (by: ScriptedPeer, procedure: string, args: unknown[], kwargs: Dict = {}) => {
    by.send(new Call(++request, {}, `wamp.subscription.${procedure}`, Payload.of(args, kwargs)));
    await turn();
    const answer = by.take().find((message) => message[0] === 50 || message[0] === 8);
    return answer?.[0] === 50 ? answer.slice(3) : answer?.[4];
  };
  const lookup = async (topic: string, match = 'exact') =>
    ((await call(publisher, 'lookup', [topic, { match }])) as [[number]])[0][0];
  const publish = async (topic: string, args: unknown[], options: Dict = {}, kwargs: Dict = {}) => {
    const message = new Publish(
      ++request,
      { acknowledge: true, ...options },
      topic,
      Payload.of(args, kwargs),
    );
    const answer = (await publisher.exchange(message)).find(([code]) => code === 17);
    clock.advance(1_000);
    return answer?.[2] as number;
  };
  const events = async (by: ScriptedPeer, id: number, kwargs: Dict = {}) => {
    const [given = []] = (await call(by, 'get_events', [id], kwargs)) as [Stored[]?];
    return given;
  };
  const values = async (by: ScriptedPeer, id: number, kwargs: Dict = {}) =>
    (await events(by, id, kwargs)).map(({ args }) => args?.[0]);
  return { clock, router, join, publisher, call, lookup, publish, events, values };
};

test('HIST-01: event_history is announced where the realm keeps some, and else get_events is not there', async () => {
  const { publisher } = await setUp();
  expect(publisher.details.roles).toHaveProperty('broker.features.event_history', true);
  for (const realm of [{ history: [] }, { metaApi: false }]) {
    const without = await setUp(realm);
    expect(without.publisher.details.roles).not.toHaveProperty('broker.features.event_history');
    expect(await without.call(without.publisher, 'get_events', [1])).toBe('wamp.error.no_such_procedure');
  }
});

test('HIST-02, UMETA-03: a subscription with a history is there without subscribers, and stays', async () => {
  const { join, call, lookup, publish, values } = await setUp();
  const id = await lookup('a.b');
  const peer = await join();
  expect(await call(peer, 'count_subscribers', [id])).toEqual([[0]]);
  expect(await call(peer, 'list_subscribers', [id])).toEqual([[[]]]);
  await publish('a.b', [1]);
  const [subscribed] = await peer.exchange(new Subscribe(1, {}, 'a.b'));
  expect(subscribed?.[2]).toBe(id);
  await peer.drop();
  await publish('a.b', [2]);
  expect(await values(await join(), id)).toEqual([1, 2]);
  expect(await lookup('a.b')).toBe(id);
});

test('HIST-05, A13: Arguments is the array of events, each with what EVENT had', async () => {
  const { join, lookup, publish, events, publisher } = await setUp();
  const id = await lookup('a.b');
  expect(await events(await join(), id)).toEqual([]);
  const first = await publish('a.b', [1, 'x'], { disclose_me: true }, { k: 'v' });
  const second = await publish('a.b', []);
  expect(await events(await join(), id)).toEqual(
    [
      {
        timestamp: '1970-01-01T00:00:00.000Z',
        subscription: id,
        publication: first,
        details: { publisher: publisher.session, publisher_authid: 'pub', publisher_authrole: 'red' },
        args: [1, 'x'],
        kwargs: { k: 'v' },
      },
      { timestamp: expect.any(String), subscription: id, publication: second, details: {} },
    ].map((event) => ({
      ...event,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    })),
  );
});

test('HIST-02, HIST-03: the history of a pattern tells and filters by topic, in the order of the broker', async () => {
  const { join, lookup, publish, events, values } = await setUp();
  const id = await lookup('p.', 'prefix');
  for (const [index, topic] of ['p.x', 'p.y', 'p.x', 'q.x'].entries()) await publish(topic, [index]);
  const peer = await join();
  expect((await events(peer, id)).map(({ details }) => details)).toEqual([
    { topic: 'p.x' },
    { topic: 'p.y' },
    { topic: 'p.x' },
  ]);
  expect(await values(peer, id, { topic: 'p.x' })).toEqual([0, 2]);
  expect(await values(peer, id, { topic: 'p.z' })).toEqual([]);
});

test('HIST-02: no more than limit events are kept, and none longer than maxAge', async () => {
  const { clock, join, lookup, publish, values } = await setUp({
    history: [{ topic: 'a.b', limit: 3, maxAge: 10_000 }],
  });
  const id = await lookup('a.b');
  const peer = await join();
  for (let index = 1; index <= 5; index++) await publish('a.b', [index]);
  expect(await values(peer, id)).toEqual([3, 4, 5]);
  clock.advance(7_500);
  expect(await values(peer, id)).toEqual([4, 5]);
  clock.advance(60_000);
  expect(await values(peer, id)).toEqual([]);
});

test('HIST-03, HIST-04: each filter alone and together; publications stand for their place, not their number', async () => {
  const { join, lookup, publish, values, events } = await setUp();
  const id = await lookup('a.b');
  const ids: number[] = [];
  for (let index = 0; index < 6; index++) ids.push(await publish('a.b', [index]));
  const peer = await join();
  const times = (await events(peer, id)).map(({ timestamp }) => timestamp);
  const cases: [Dict, number[]][] = [
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ reverse: true }, [5, 4, 3, 2, 1, 0]],
    [{ reverse: false, limit: 2 }, [0, 1]],
    [{ reverse: true, limit: 2 }, [5, 4]],
    [{ limit: 100 }, [0, 1, 2, 3, 4, 5]],
    [{ from_time: times[2] }, [2, 3, 4, 5]],
    [{ after_time: times[2] }, [3, 4, 5]],
    [{ before_time: times[2] }, [0, 1]],
    [{ until_time: times[2] }, [0, 1, 2]],
    [{ from_time: times[1], before_time: times[4], reverse: true }, [3, 2, 1]],
    [{ from_publication: ids[4] }, [4, 5]],
    [{ after_publication: ids[4] }, [5]],
    [{ before_publication: ids[2] }, [0, 1]],
    [{ until_publication: ids[2] }, [0, 1, 2]],
    [{ after_publication: ids[1], limit: 2 }, [2, 3]],
    [{ before_publication: ids[4], reverse: true, limit: 2 }, [3, 2]],
    [{ after_publication: ids[0], until_publication: ids[3], from_time: times[2] }, [2, 3]],
    [{ after_publication: ids[4], before_publication: ids[2] }, []],
    [{ from_publication: 1 }, []],
    [{ before_publication: 1 }, []],
    [{ topic: 'a.b', limit: null, unknown: 5 }, [0, 1, 2, 3, 4, 5]],
    [{ from_time: (times[2] as string).replace('Z', '+00:00') }, [2, 3, 4, 5]],
  ];
  for (const [kwargs, expected] of cases)
    expect([kwargs, await values(peer, id, kwargs)]).toEqual([kwargs, expected]);
});

test('HIST-04: pages in both directions hold every event once', async () => {
  const { join, lookup, publish, events } = await setUp();
  const id = await lookup('a.b');
  for (let index = 0; index < 7; index++) await publish('a.b', [index]);
  const peer = await join();
  for (const [reverse, next] of [
    [false, 'after_publication'],
    [true, 'before_publication'],
  ] as const) {
    const seen: unknown[] = [];
    let last: Dict = {};
    for (;;) {
      const page = await events(peer, id, { reverse, limit: 3, ...last });
      if (page.length === 0) break;
      seen.push(...page.map(({ args }) => args?.[0]));
      last = { [next]: page.at(-1)?.publication };
    }
    expect(seen).toEqual(reverse ? [6, 5, 4, 3, 2, 1, 0] : [0, 1, 2, 3, 4, 5, 6]);
  }
});

test.each<[unknown[], Dict]>([
  [[], {}],
  [['x'], {}],
  [[0], {}],
])('UMETA-04: get_events with arguments %j gives invalid_argument', async (args, kwargs) => {
  const { call, publisher } = await setUp();
  expect(await call(publisher, 'get_events', args, kwargs)).toBe('wamp.error.invalid_argument');
});

test.each<Dict>([
  { limit: 0 },
  { limit: -1 },
  { limit: 1.5 },
  { limit: '5' },
  { reverse: 1 },
  { from_time: 5 },
  { from_time: 'yesterday' },
  { after_time: '2026-01-01' },
  { before_time: '2026-13-01T00:00:00Z' },
  { until_time: '2026-01-01T00:00:00' },
  { topic: 5 },
  { from_publication: 'x' },
  { after_publication: 0 },
])('HIST-03: filter %j gives invalid_argument', async (kwargs) => {
  const { call, publisher, lookup } = await setUp();
  expect(await call(publisher, 'get_events', [await lookup('a.b')], kwargs)).toBe(
    'wamp.error.invalid_argument',
  );
});

test('A13: an unknown subscription, and one without a history', async () => {
  const { call, join } = await setUp();
  const peer = await join();
  expect(await call(peer, 'get_events', [12345])).toBe('wamp.error.no_such_subscription');
  const [subscribed] = await peer.exchange(new Subscribe(1, {}, 'b.c'));
  expect(await call(peer, 'get_events', [subscribed?.[2]])).toBe('wamp.error.history_unavailable');
});

test('HIST-06: who may not subscribe may not read, also of a pattern', async () => {
  const { call, join, lookup, publish } = await setUp({
    history: [
      { topic: 'a.b', limit: 5 },
      { topic: 'a.', match: 'prefix', limit: 5 },
    ],
  });
  const id = await lookup('a.b');
  const wide = await lookup('a.', 'prefix');
  await publish('a.b', [1]);
  const deaf = await join('dan', 'deaf');
  expect(await call(deaf, 'get_events', [id])).toBe('wamp.error.not_authorized');
  expect(await call(deaf, 'get_events', [wide])).toBe('wamp.error.not_authorized');
});

test('HIST-06: lists of authid and authrole are applied to who asks; events for single sessions are never kept', async () => {
  const { join, lookup, publish, values } = await setUp();
  const id = await lookup('a.b');
  const [ann, bob] = [await join('ann', 'red'), await join('bob', 'blue')];
  await publish('a.b', ['all']);
  await publish('a.b', ['authid'], { eligible_authid: ['ann'] });
  await publish('a.b', ['no authid'], { exclude_authid: ['ann'] });
  await publish('a.b', ['authrole'], { eligible_authrole: ['red'] });
  await publish('a.b', ['no authrole'], { exclude_authrole: ['red'] });
  await publish('a.b', ['nobody'], { eligible_authid: [] });
  await publish('a.b', ['eligible'], { eligible: [ann.session] });
  await publish('a.b', ['exclude'], { exclude: [bob.session] });
  await publish('a.b', ['both'], { eligible: [], eligible_authid: ['ann'] });
  expect(await values(ann, id)).toEqual(['all', 'authid', 'authrole']);
  expect(await values(bob, id)).toEqual(['all', 'no authid', 'no authrole']);
  expect(await values(ann, id, { limit: 2, reverse: true })).toEqual(['authrole', 'authid']);
});

test('HIST-06: what was refused is not kept', async () => {
  const { join, lookup, values } = await setUp();
  const deaf = await join('dan', 'deaf');
  await deaf.exchange(new Publish(1, {}, 'a.b', Payload.of([1])));
  expect(await values(await join(), await lookup('a.b'))).toEqual([]);
});

test('HIST-01: a long history is read in slices: others are served between', async () => {
  const { clock, join, lookup, publisher } = await setUp({ history: [{ topic: 'a.b', limit: 5_000 }] });
  const id = await lookup('a.b');
  for (let index = 0; index < 3_000; index++)
    publisher.send(new Publish(10_000 + index, {}, 'a.b', Payload.of([index])));
  await turn();
  const [reader, other] = [await join(), await join()];
  reader.send(new Call(1, {}, 'wamp.subscription.get_events', Payload.of([id])));
  await turn();
  expect(reader.take()).toEqual([]);
  expect(
    (await other.exchange(new Publish(1, { acknowledge: true }, 'a.b', Payload.of(['late']))))[0]?.[0],
  ).toBe(17);
  for (let turns = 0; turns < 20; turns++) {
    clock.advance(0);
    await turn();
  }
  const result = reader.take()[0]?.[3] as Stored[];
  expect(result).toHaveLength(3_000);
  expect(result.at(-1)?.args).toEqual([2_999]);
  expect(clock.timers).toBe(0);
});

test('HIST-01: a reader that leaves while it waits gets nothing, and breaks nothing', async () => {
  const { clock, join, lookup, publisher } = await setUp({ history: [{ topic: 'a.b', limit: 5_000 }] });
  const id = await lookup('a.b');
  for (let index = 0; index < 2_000; index++) publisher.send(new Publish(10_000 + index, {}, 'a.b'));
  await turn();
  const reader = await join();
  reader.send(new Call(1, {}, 'wamp.subscription.get_events', Payload.of([id])));
  await turn();
  await reader.drop();
  for (let turns = 0; turns < 20; turns++) {
    clock.advance(0);
    await turn();
  }
  expect(clock.timers).toBe(0);
  expect(reader.take()).toEqual([]);
});

test('HIST-02: histories of a realm are topics, given once, with a limit', () => {
  const make = (history: RealmOptions['history']) => () =>
    new Router({ realms: [{ name: 'r', ...(history && { history }) }] });
  expect(make([{ topic: 'a..b', limit: 1 }])).toThrow(
    'realm "r": history of exact "a..b": no URI: empty component at 2',
  );
  expect(
    make([
      { topic: 'a.b', limit: 1 },
      { topic: 'a.b', limit: 2 },
    ]),
  ).toThrow('realm "r": history of exact "a.b" is given twice');
  expect(make([{ topic: 'a.b', limit: 0 }])).toThrow(
    'realm "r": history of exact "a.b": limit must be a positive integer',
  );
  expect(
    make([
      { topic: 'a.b', limit: 1 },
      { topic: 'a.b', match: 'prefix', limit: 2 },
    ]),
  ).not.toThrow();
});
