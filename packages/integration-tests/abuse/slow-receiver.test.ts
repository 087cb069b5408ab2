import { Payload, Publish, Subscribe } from '@wampkit/protocol';
import { expect, test } from 'vitest';
import type { RawClient, RawClientOptions } from './raw-client.js';
import { startVictim, type Victim } from './start-victim.js';

const KIB = 1024;
const bounds = { highWaterMark: 256 * KIB, hardLimit: 16 * KIB * KIB };
const framings = ['rawsocket', 'websocket'] as const;

/** Counts the events that each session receives. */
async function subscribe(
  victim: Victim,
  options: RawClientOptions,
): Promise<{ client: RawClient; events: number[] }> {
  const client = await victim.join(options);
  const events: number[] = [];
  client.send(new Subscribe(1, {}, 'news'));
  await client.next(([code]) => code === 33);
  client.onMessage = (message) => {
    if (message[0] === 36) events.push((message[4] as number[])[0] as number);
  };
  return { client, events };
}

/** Publishes, a piece at a time, until something is so; tells how many events that took. */
async function publishUntil(publisher: RawClient, size: number, isSo: () => boolean): Promise<number> {
  const text = 'x'.repeat(size);
  let sent = 0;
  while (!isSo()) {
    const burst = Array.from({ length: 20 }, () => new Publish(++sent, {}, 'news', Payload.of([sent, text])));
    publisher.received.length = 0;
    publisher.send(...burst, new Publish(++sent, { acknowledge: true }, 'news', Payload.of([sent, text])));
    await publisher.next(([code]) => code === 17);
  }
  return sent;
}

test.each(framings)(
  'BP-TRN-01: a %s receiver that stops reading loses events, is told of, and nobody else does',
  async (framing) => {
    await using victim = await startVictim({ listener: bounds });
    const slow = await subscribe(victim, { framing });
    const slowPeer = victim.peers[0]!;
    const others = await Promise.all(
      Array.from({ length: 100 }, (_, index) => subscribe(victim, { framing: framings[index % 2]! })),
    );
    const publisher = await victim.join();
    slow.client.stall();
    let most = 0;
    const sent = await publishUntil(publisher, 16 * KIB, () => {
      most = Math.max(most, slowPeer.queuedBytes);
      return victim.dropped.length >= 100;
    });
    for (const { client, events } of others) await client.until(() => events.length === sent);
    for (const { events } of others)
      expect(events).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
    // what was queued in the turn in which the mark was passed is on top of the mark
    expect(most).toBeLessThan(bounds.highWaterMark + 2 * 64 * KIB);
    expect(new Set(victim.dropped.map(({ session, cause }) => `${session} ${cause}`))).toEqual(
      new Set([`${slow.client.session} congested`]),
    );
    slow.client.socket.resume();
    await slow.client.until(() => slow.events.length === sent - victim.dropped.length);
    expect(slow.events).toEqual([...new Set(slow.events)].sort((a, b) => a - b));
    // its subscription is as good as before
    publisher.send(new Publish(sent + 1, {}, 'news', Payload.of([-1])));
    await slow.client.until(() => slow.events.at(-1) === -1);
    expect(victim.bugs).toEqual([]);
  },
);

test('BP-TRN-01: by policy a receiver that stops reading is disconnected, and nobody else', async () => {
  await using victim = await startVictim({
    listener: bounds,
    realms: [{ name: 'realm1', slowConsumer: { events: 'disconnect' } }],
  });
  const slow = await subscribe(victim, {});
  const other = await subscribe(victim, { framing: 'websocket' });
  const publisher = await victim.join();
  slow.client.stall();
  const sent = await publishUntil(publisher, 16 * KIB, () => victim.left.length > 0);
  await other.client.until(() => other.events.length === sent);
  expect(victim.left).toMatchObject([
    { session: { session: slow.client.session }, reason: 'wamp.error.network_failure' },
  ]);
  expect(victim.dropped).toHaveLength(1);
  slow.client.socket.resume();
  await slow.client.end();
});
