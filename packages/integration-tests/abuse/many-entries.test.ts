import { type Message, Publish, Register, Subscribe } from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { Bystanders } from './bystanders.js';
import { startVictim } from './start-victim.js';

vi.setConfig({ testTimeout: 60_000 });

const COUNT = 10_000; // the default of `subscriptionsPerSession` and `registrationsPerSession`
const matches = ['exact', 'prefix', 'wildcard'] as const;

test.each([
  ['subscriptions', 33, (id: number, options: object, uri: string) => new Subscribe(id, { ...options }, uri)],
  ['registrations', 65, (id: number, options: object, uri: string) => new Register(id, { ...options }, uri)],
])(
  'BP-SESS-07: %s of one client: 10,000 are taken, one more is refused, none is left of it',
  async (_, taken, ask) => {
    await using victim = await startVictim();
    const bystanders = await Bystanders.join(victim);
    const greedy = await victim.join();
    const requests: Message[] = [];
    for (let i = 0; i <= COUNT; i++) {
      const match = matches[i % 3]!;
      requests.push(
        ask(greedy.nextRequest(), { match }, match === 'wildcard' ? `many..n${i}` : `many.n${i}`),
      );
    }
    const ids = new Set<unknown>();
    greedy.onMessage = (message) => {
      if (message[0] === taken) ids.add(message[2]);
      else greedy.received.push(message);
    };
    greedy.send(...requests);
    const refused = await greedy.next(([code]) => code === 8);
    expect(ids.size).toBe(COUNT);
    expect(refused.slice(2, 5)).toEqual([COUNT + 1, {}, 'wamp.error.unavailable']);
    await bystanders.check();
    greedy.socket.resetAndDestroy();
    await bystanders.check();
    // what it held is free for the next one
    const next = await victim.join();
    next.onMessage = (message) => (message[0] === taken ? ids.add(message[2]) : next.received.push(message));
    next.send(...requests.slice(0, COUNT), new Publish(COUNT + 1, { acknowledge: true }, 'many.n0'));
    await next.next(([code]) => code === 17);
    expect(ids.size).toBe(2 * COUNT);
    expect(next.received.filter(([code]) => code === 8)).toEqual([]);
    expect(victim.bugs).toEqual([]);
  },
);
