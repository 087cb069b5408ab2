import { Payload, Publish, Subscribe } from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { Bystanders } from './bystanders.js';
import { replyTo } from './raw-client.js';
import { startVictim } from './start-victim.js';

vi.setConfig({ testTimeout: 60_000 });

test.each(['rawsocket', 'websocket'] as const)(
  'BP-ORD-01: beside a %s flood of publications others make single calls, and all events arrive in order',
  async (framing) => {
    await using victim = await startVictim();
    const bystanders = await Bystanders.join(victim);
    const subscriber = await victim.join();
    subscriber.send(new Subscribe(1, {}, 'flood'));
    await subscriber.next(replyTo(33, 1));
    let last = 0;
    let disorder = 0;
    subscriber.onMessage = (message) => {
      const [number] = message[4] as [number];
      if (number !== last + 1) disorder++;
      last = number;
    };
    const publisher = await victim.join({ framing });
    const total = 100_000;
    let calls = 0;
    for (let sent = 0; sent < total; ) {
      const burst = Array.from({ length: 5000 }, () => new Publish(++sent, {}, 'flood', Payload.of([sent])));
      publisher.send(...burst);
    }
    while (last < total) {
      await bystanders.check();
      calls++;
    }
    expect(disorder).toBe(0);
    // it was not served first, with everybody else behind it
    expect(calls).toBeGreaterThan(10);
    expect(victim.dropped).toEqual([]);
    expect(victim.bugs).toEqual([]);
  },
);
