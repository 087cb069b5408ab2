import { type Dict, emptyDict, type MatchPolicy, Payload } from '@wampkit/protocol';
import type { EventHistory, EventStore } from '../event-store/event-store.js';
import type { StoredEvent } from '../event-store/stored-event.js';
import type { ContractCheck } from './authenticator-contract.js';

/** How to make the store under test. */
export interface EventStoreFixture {
  /** Makes an empty store, anew for each check. */
  create(): EventStore;
}

/**
 * The checks that every `EventStore` must pass. They need no test framework: give each to yours.
 *
 * @example
 * ```ts
 * for (const { name, run } of eventStoreContract({ create: () => myStore() })) test(name, run);
 * ```
 */
export function eventStoreContract(fixture: EventStoreFixture): readonly ContractCheck[] {
  return checks.map(({ name, run }) => ({ name, run: async () => run(fixture.create()) }));
}

const checks: readonly { readonly name: string; run(store: EventStore): Promise<void> | void }[] = [
  {
    name: 'HIST-02: a history gives its events in the order in which they came',
    async run(store) {
      const history = store.openHistory({ topic: 'a', match: 'prefix', limit: 10 });
      for (const id of [5, 1, 9]) history.append(event(id, `a.${id}`));
      same(await idsOf(history), [5, 1, 9]);
      same(await idsOf(history), [5, 1, 9]);
    },
  },
  {
    name: 'HIST-02: a history keeps no more than its limit, the newest',
    async run(store) {
      const history = store.openHistory({ topic: 'a', limit: 3 });
      for (let id = 1; id <= 50; id++) history.append(event(id, 'a'));
      same(await idsOf(history), [48, 49, 50]);
    },
  },
  {
    name: 'HIST-02: what was read stays as it is while events are appended',
    async run(store) {
      const history = store.openHistory({ topic: 'a', limit: 2 });
      for (const id of [1, 2]) history.append(event(id, 'a'));
      const ids: number[] = [];
      for await (const { publication } of history.read()) {
        ids.push(publication);
        history.append(event(publication + 10, 'a'));
      }
      same(ids, [1, 2]);
      same(await idsOf(history), [11, 12]);
    },
  },
  {
    name: 'HIST-02: histories do not touch each other',
    async run(store) {
      const one = store.openHistory({ topic: 'a', limit: 5 });
      const other = store.openHistory({ topic: 'a', match: 'prefix', limit: 5 });
      one.append(event(1, 'a'));
      same(await idsOf(other), []);
    },
  },
  {
    name: 'HIST-05: an event comes back as it was kept',
    async run(store) {
      const history = store.openHistory({ topic: 'a', limit: 5 });
      const kept = event(1, 'a', { eligible_authrole: ['user'] });
      history.append(kept);
      for await (const { payload, ...rest } of history.read()) {
        const { payload: before, ...expected } = kept;
        same(rest, expected);
        same([payload.args(), payload.kwargs()], [before.args(), before.kwargs()]);
      }
    },
  },
  {
    name: 'RET-02: the newest event of a topic replaces what was there',
    run(store) {
      const retained = store.openRetained({});
      retained.keep(event(1, 'a'));
      retained.keep(event(2, 'a'));
      retained.keep(event(3, 'b'));
      same(found(retained.find('a', 'exact')), [[2]]);
      retained.clear('a');
      same(found(retained.find('a', 'exact')), []);
      same(found(retained.find('b', 'exact')), [[3]]);
    },
  },
  {
    name: 'RET-03: an event with receiver lists leaves older ones as a fallback',
    run(store) {
      const retained = store.openRetained({});
      retained.keep(event(1, 'a'));
      retained.keep(event(2, 'a', { exclude_authid: ['x'] }));
      retained.keep(event(3, 'a', { eligible: [] }));
      same(found(retained.find('a', 'exact')), [[3, 2, 1]]);
      for (let id = 10; id < 500; id++) retained.keep(event(id, 'a', { eligible: [id] }));
      const [ids = []] = found(retained.find('a', 'exact'));
      same([ids[0], ids.at(-1)], [499, 1]);
      retained.keep(event(600, 'a'));
      same(found(retained.find('a', 'exact')), [[600]]);
    },
  },
  ...(
    [
      ['prefix', 'a.b', [[1], [2], [3]]],
      ['prefix', '', [[1], [2], [3], [4]]],
      ['wildcard', 'a..c', [[2]]],
      ['wildcard', 'a.', [[1], [3]]],
      ['exact', 'a', []],
    ] as const
  ).map(([match, topic, expected]: readonly [MatchPolicy, string, readonly (readonly number[])[]]) => ({
    name: `RET-04: ${match} "${topic}" finds the topics that it matches`,
    run(store: EventStore) {
      const retained = store.openRetained({});
      for (const [index, uri] of ['a.b', 'a.b.c', 'a.bc', 'b.b.c'].entries())
        retained.keep(event(index + 1, uri));
      same(found(retained.find(topic, match)), expected);
    },
  })),
  {
    name: 'RET-02: bounds on topics and on size hold',
    run(store) {
      const few = store.openRetained({ maxTopics: 2 });
      for (let id = 1; id <= 20; id++) few.keep(event(id, `a.${id}`));
      same(found(few.find('', 'prefix')), [[19], [20]]);
      const small = store.openRetained({ maxSize: 250 });
      for (let id = 1; id <= 20; id++) small.keep(event(id, `a.${id}`));
      same(found(small.find('', 'prefix')), [[19], [20]]);
    },
  },
];

function event(publication: number, topic: string, receivers: Dict = emptyDict): StoredEvent {
  const payload = Payload.of([publication], { topic });
  const details = { publisher: 7 };
  return {
    publication,
    topic,
    timestamp: 1_000 + publication,
    details,
    receivers,
    excluded: 7,
    payload,
    size: 100,
  };
}

async function idsOf(history: EventHistory): Promise<number[]> {
  const ids: number[] = [];
  for await (const { publication } of history.read()) ids.push(publication);
  return ids;
}

function found(topics: Iterable<readonly StoredEvent[]>): number[][] {
  return [...topics].map((events) => events.map(({ publication }) => publication));
}

function same(got: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(got), JSON.stringify(expected)];
  if (left !== right) throw new Error(`expected ${right}, got ${left}`);
}
