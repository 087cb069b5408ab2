import { Call, Goodbye, Hello, Payload, Publish } from '@wampkit/protocol';
import { allRoles } from '@wampkit/testkit';
import { describe, expect, test } from 'vitest';
import { cancel, ends, killOf, named, type Row, refused, Stage, type Step, ways } from './stage.js';

const EVENTS = 2_500;
const topic = 'a.t';

/** Lets a history be read to its end: a slice in each turn. */
const readOn: readonly Step[] = Array.from({ length: 12 }, () => 0);
const history: Step = [
  'caller',
  ({ peers }: Stage) => {
    const [, , , [id]] = peers.admin.received.find(([code]) => code === 50) as [
      number,
      number,
      object,
      [number],
    ];
    return new Call(1, { timeout: 100 }, 'wamp.subscription.get_events', Payload.of([id]));
  },
];
const whole = [50, 1, {}, expect.toSatisfy((events: unknown[]) => events.length === EVENTS)];
const join: Step = ['caller', new Hello('realm1', { roles: allRoles })];
const left = [6, {}, 'wamp.close.goodbye_and_out'];

const rows: readonly Row[] = [
  { name: 'HIST-01: nothing', steps: [history, ...readOn], caller: [whole] },
  ...[undefined, 'skip', 'kill', 'killnowait'].map((mode) => ({
    name: `CAN-02, CAN-05: CANCEL, ${mode ?? 'no mode'}: the router itself takes no INTERRUPT`,
    steps: [history, ['caller', cancel(1, mode)] as const, ...readOn],
    caller: [refused(1, 'canceled')],
  })),
  {
    name: 'CAN-07: CANCEL behind the result',
    steps: [history, ...readOn, ['caller', cancel(1)]],
    caller: [whole],
  },
  {
    name: 'TMO-03: its time runs out',
    steps: [history, 100, ...readOn],
    caller: [refused(1, 'timeout')],
  },
  {
    name: 'HIST-02: an event, which is not in it',
    steps: [history, ['other', new Publish(1, { acknowledge: true }, topic)], ...readOn],
    caller: [whole],
    other: [[17, 1, expect.any(Number)]],
  },
  {
    name: 'SMETA-06, BP-SESS-06: a kill of its reader: nothing follows GOODBYE',
    steps: [history, ['admin', killOf('caller')], ...readOn],
    caller: [[6, {}, 'wamp.close.killed']],
  },
  {
    name: 'BP-TRN-04: its reader leaves and joins again: the next session does not get it',
    steps: [history, ['caller', new Goodbye({}, 'wamp.close.close_realm')], join, ...readOn],
    caller: [left, [2, expect.any(Number), expect.any(Object)]],
  },
];

describe('while a history is read there crosses', () => {
  test.each(named(rows))('%s', async (_, row) => {
    const stage = await open();
    await stage.play(row);
  });

  test.each(ways)('BP-RPC-05: the end of its reader by %s', async (way) => {
    const stage = await open();
    await stage.play({ name: way, steps: [history, ends('caller', way), ...readOn] }, ['caller']);
  });

  test('BP-SESS-08: the end of the router, which waits for it', async () => {
    const stage = await open();
    await stage.do([history]);
    const { caller } = stage.peers;
    caller.take();
    const closed = stage.router.close({ grace: 1_000 });
    await stage.do(readOn);
    expect(caller.take()).toEqual([whole, [6, expect.any(Object), 'wamp.close.system_shutdown']]);
    for (const peer of Object.values(stage.peers)) await peer.drop();
    await closed;
    expect(stage.clock.timers).toBe(0);
  });
});

/** A stage with a history of some slices. */
async function open(): Promise<Stage> {
  const stage = await Stage.open({ realm: { history: [{ topic, limit: 5_000 }] } });
  const { admin } = stage.peers;
  await admin.exchange(new Call(1, {}, 'wamp.subscription.lookup', Payload.of([topic])));
  for (let index = 0; index < EVENTS; index++) admin.send(new Publish(10 + index, {}, topic));
  await admin.exchange();
  return stage;
}
