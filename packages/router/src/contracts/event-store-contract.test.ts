import { FakeClock } from '@wampkit/testkit';
import { describe, expect, test } from 'vitest';
import { MemoryEventStore } from '../event-store/memory-event-store.js';
import { eventStoreContract } from './event-store-contract.js';

describe('MemoryEventStore', () => {
  for (const { name, run } of eventStoreContract({ create: () => new MemoryEventStore(new FakeClock()) }))
    test(name, run);
});

test('HIST-02, RET-02: the contract finds a store that keeps nothing', async () => {
  const nothing = () => ({
    openHistory: () => ({ append: () => undefined, read: () => [] }),
    openRetained: () => ({ keep: () => undefined, clear: () => undefined, find: () => [] }),
  });
  const failed: string[] = [];
  for (const { name, run } of eventStoreContract({ create: nothing }))
    await run().catch(() => failed.push(name));
  expect(failed.length).toBeGreaterThan(7);
});
