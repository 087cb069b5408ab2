import type { Load } from './load/load.js';
import { type PublishShape, startPublishLoad } from './load/publish-load.js';
import { type RpcShape, startRpcLoad } from './load/rpc-load.js';
import { largePayload, smallPayload, structuredPayload } from './payloads.js';
import type { Wire } from './wire/wire.js';

/** One row of the benchmark. */
export interface Scenario {
  readonly name: string;
  /** What one operation is. */
  readonly operation: 'call' | 'event';
  start(port: number, wire: Wire): Promise<Load>;
}

const rpc = (name: string, shape: RpcShape): Scenario => ({
  name,
  operation: 'call',
  start: (port, wire) => startRpcLoad(port, wire, shape),
});

const publish = (name: string, shape: PublishShape): Scenario => ({
  name,
  operation: 'event',
  start: (port, wire) => startPublishLoad(port, wire, shape),
});

/** All rows, by name. `8x16`: eight callers with sixteen calls in flight each. */
export const scenarios: readonly Scenario[] = [
  rpc('rpc-8x16', { callers: 8, window: 16, payload: smallPayload }),
  rpc('rpc-8x16-700', { callers: 8, window: 16, payload: structuredPayload }),
  rpc('rpc-1x1', { callers: 1, window: 1, payload: smallPayload }),
  rpc('rpc-4x2-64k', { callers: 4, window: 2, payload: largePayload }),
  publish('publish-1-1', { subscribers: 1, window: 64, payload: smallPayload }),
  publish('fanout-100', { subscribers: 100, window: 4, payload: smallPayload }),
  publish('fanout-100-700', { subscribers: 100, window: 4, payload: structuredPayload }),
  publish('fanout-100-prefix', { subscribers: 100, window: 4, payload: smallPayload, prefix: 'com.bench.' }),
  publish('publish-1-1-crowd', { subscribers: 1, window: 64, payload: smallPayload, crowd: 100_000 }),
];
