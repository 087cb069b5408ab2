import { Payload, Publish, Subscribe } from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { type RawClient, type RawClientOptions, replyTo } from './raw-client.js';
import { startVictim, type Victim } from './start-victim.js';

const KIB = 1024;
const bounds = { highWaterMark: 256 * KIB, hardLimit: 16 * KIB * KIB };
const framings = ['rawsocket', 'websocket'] as const;

vi.setConfig({ testTimeout: 60_000 });

interface Subscriber {
  readonly client: RawClient;
  /** The numbers of the events received, by topic. */
  readonly events: Readonly<Record<'news' | 'filler', number[]>>;
}

async function subscribe(victim: Victim, options: RawClientOptions = {}): Promise<Subscriber> {
  const client = await victim.join(options);
  const events = { news: [] as number[], filler: [] as number[] };
  client.send(new Subscribe(1, {}, 'news'));
  const [, , news] = await client.next(replyTo(33, 1));
  client.onMessage = (message) => {
    if (message[0] !== 36) client.received.push(message);
    else events[message[1] === news ? 'news' : 'filler'].push((message[4] as [number])[0]);
  };
  return { client, events };
}

/** Publishes numbered events, acknowledged in tens, until something is so; tells how many that took. */
async function publishUntil(
  publisher: RawClient,
  what: { topic: string; text: string },
  isSo: (sent: number) => boolean,
) {
  let sent = 0;
  while (!isSo(sent)) {
    const burst = Array.from({ length: 10 }, () => {
      const payload = Payload.of([++sent, what.text]);
      return new Publish(publisher.nextRequest(), { acknowledge: sent % 10 === 0 }, what.topic, payload);
    });
    publisher.received.length = 0;
    publisher.send(...burst);
    await publisher.next(([code]) => code === 17);
  }
  return sent;
}

const filling = { topic: 'filler', text: 'x'.repeat(16 * KIB) };

test.each(framings)(
  'BP-TRN-01: a %s receiver that stops reading loses events, is told of, and nobody else does',
  async (framing) => {
    await using victim = await startVictim({ listener: bounds });
    const slow = await subscribe(victim, { framing });
    const slowPeer = victim.peers[0]!;
    slow.client.send(new Subscribe(2, {}, 'filler'));
    await slow.client.next(replyTo(33, 2));
    const others = await Promise.all(
      Array.from({ length: 100 }, (_, index) => subscribe(victim, { framing: framings[index % 2]! })),
    );
    const publisher = await victim.join();
    slow.client.stall();
    let most = 0;
    const fillers = await publishUntil(publisher, filling, () => {
      most = Math.max(most, slowPeer.queuedBytes);
      return victim.dropped.length > 0;
    });
    const lostFillers = victim.dropped.length;
    const news = await publishUntil(publisher, { topic: 'news', text: 'short' }, (sent) => sent === 500);
    for (const { client, events } of others) await client.until(() => events.news.length === news);
    const all = Array.from({ length: news }, (_, index) => index + 1);
    for (const { events } of others) expect(events.news).toEqual(all);
    // what was queued in the turn in which the mark was passed is on top of the mark
    expect(Math.max(most, slowPeer.queuedBytes)).toBeLessThan(bounds.highWaterMark + 2 * 64 * KIB);
    expect(victim.dropped).toHaveLength(lostFillers + news);
    expect(new Set(victim.dropped.map(({ session, cause }) => `${session} ${cause}`))).toEqual(
      new Set([`${slow.client.session} congested`]),
    );
    slow.client.socket.resume();
    await slow.client.until(() => slow.events.filler.length === fillers - lostFillers);
    expect(slow.events).toEqual({ news: [], filler: [...slow.events.filler].sort((a, b) => a - b) });
    // its subscription is as good as before
    publisher.send(new Publish(publisher.nextRequest(), {}, 'news', Payload.of([-1])));
    await slow.client.until(() => slow.events.news.length === 1);
    expect(victim.bugs).toEqual([]);
  },
);

test('BP-TRN-01: by policy a receiver that stops reading is disconnected, and nobody else', async () => {
  await using victim = await startVictim({
    listener: bounds,
    realms: [{ name: 'realm1', slowConsumer: { events: 'disconnect' } }],
  });
  const slow = await subscribe(victim);
  const other = await subscribe(victim, { framing: 'websocket' });
  const publisher = await victim.join();
  slow.client.stall();
  const sent = await publishUntil(publisher, { ...filling, topic: 'news' }, () => victim.left.length > 0);
  await other.client.until(() => other.events.news.length === sent);
  expect(victim.left).toMatchObject([
    { session: { session: slow.client.session }, reason: 'wamp.error.network_failure' },
  ]);
  expect(victim.dropped).toHaveLength(1);
  slow.client.socket.resume();
  await slow.client.end();
});
