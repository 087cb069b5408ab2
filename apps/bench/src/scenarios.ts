import type { Load } from './load/load.js';
import { type PublishShape, startPublishLoad } from './load/publish-load.js';
import { type RpcShape, startRpcLoad } from './load/rpc-load.js';
import { largePayload, smallPayload, structuredPayload } from './payloads.js';
import type { Endpoint } from './wire/connection.js';

/** A row that loads the router. */
export interface LoadScenario {
  readonly kind: 'load';
  readonly name: string;
  /** What it is, for people. */
  readonly title: string;
  /** What one operation is. */
  readonly operation: 'call' | 'event';
  /** Router on one core, generator on another: one request at a time depends on where the kernel places the two. */
  readonly pinned?: boolean;
  /** The row whose limit this one is held against: the loop knows no patterns. */
  readonly limitRow?: string;
  start(endpoint: Endpoint): Promise<Load>;
}

/** A row that opens sessions which do nothing, and tells what each of those between `from` and `to` costs. */
export interface IdleScenario {
  readonly kind: 'idle';
  readonly name: string;
  readonly title: string;
  readonly from: number;
  readonly to: number;
}

/** The row whose limit loop a scenario is held against: its own, unless the loop cannot do it. */
export function limitRowOf(name: string): string {
  const scenario = scenarios.find((one) => one.name === name);
  return (scenario?.kind === 'load' ? scenario.limitRow : undefined) ?? name;
}

/** One row of the benchmark. */
export type Scenario = LoadScenario | IdleScenario;

interface Words {
  readonly title: string;
  readonly pinned?: boolean;
  readonly limitRow?: string;
}

const rpc = (name: string, words: Words, shape: RpcShape): Scenario => ({
  kind: 'load',
  name,
  ...words,
  operation: 'call',
  start: (endpoint) => startRpcLoad(endpoint, shape),
});

const publish = (name: string, words: Words, shape: PublishShape): Scenario => ({
  kind: 'load',
  name,
  ...words,
  operation: 'event',
  start: (endpoint) => startPublishLoad(endpoint, shape),
});

const small = smallPayload;
const structured = structuredPayload;

/** All rows. `8x16`: eight callers with sixteen calls in flight each. */
export const scenarios: readonly Scenario[] = [
  rpc(
    'rpc-1x1',
    { title: 'call, one at a time, pinned', pinned: true },
    { callers: 1, window: 1, payload: small },
  ),
  rpc('rpc-8x16', { title: 'call, 8 callers x 16' }, { callers: 8, window: 16, payload: small }),
  rpc(
    'rpc-8x16-idle',
    { title: 'call, 8 x 16, beside 10,000 idle sessions', limitRow: 'rpc-8x16' },
    { callers: 8, window: 16, payload: small, idle: 10_000 },
  ),
  rpc('rpc-8x16-700', { title: 'call, 8 x 16, 700 B' }, { callers: 8, window: 16, payload: structured }),
  rpc('rpc-4x2-64k', { title: 'call, 4 x 2, 64 KiB' }, { callers: 4, window: 2, payload: largePayload }),
  publish('publish-1-1', { title: 'publish 1 to 1' }, { subscribers: 1, window: 64, payload: small }),
  publish(
    'publish-1-1-crowd',
    { title: 'publish 1 to 1 beside 100,000 other subscriptions' },
    {
      subscribers: 1,
      window: 64,
      payload: small,
      crowd: { subscriptions: 100_000, kinds: ['exact', 'prefix', 'wildcard'] },
    },
  ),
  publish(
    'publish-1-1-patterns',
    { title: 'publish 1 to 1 beside 100,000 other patterns', limitRow: 'publish-1-1' },
    {
      subscribers: 1,
      window: 64,
      payload: small,
      crowd: { subscriptions: 100_000, kinds: ['prefix', 'wildcard'] },
    },
  ),
  publish('fanout-100', { title: 'fan-out 1 to 100' }, { subscribers: 100, window: 4, payload: small }),
  publish(
    'fanout-100-700',
    { title: 'fan-out 1 to 100, 700 B' },
    { subscribers: 100, window: 4, payload: structured },
  ),
  publish(
    'fanout-100-prefix',
    { title: 'fan-out 1 to 100 by prefix', limitRow: 'fanout-100' },
    { subscribers: 100, window: 4, payload: small, prefix: 'com.bench.many.' },
  ),
  publish('fanout-1000', { title: 'fan-out 1 to 1000' }, { subscribers: 1000, window: 4, payload: small }),
  publish(
    'fanout-100-stalled',
    { title: 'fan-out 1 to 100 beside a subscriber that stopped reading' },
    { subscribers: 100, window: 4, payload: small, stalled: 1 },
  ),
  rpc(
    'rpc-1x1-flood',
    { title: 'call, one at a time, beside a session that publishes as fast as it can', pinned: true },
    { callers: 1, window: 1, payload: small, flood: true },
  ),
  { kind: 'idle', name: 'idle-2000', title: '2,000 idle sessions', from: 200, to: 2000 },
  {
    kind: 'idle',
    name: 'idle-10000',
    title: 'idle sessions, slope from 2,000 to 10,000',
    from: 2000,
    to: 10_000,
  },
];
