import { FakeClock } from '@wampkit/testkit';
import { expect, test, vi } from 'vitest';
import { startVictim } from '../abuse/start-victim.js';
import { Churn } from './churn.js';

const times = { pingInterval: 30_000, pingTimeout: 10_000 };

test('BP-SESS-07: of 2,000 sessions that end in every way nothing is left', async () => {
  const clock = new FakeClock();
  await using victim = await startVictim({ clock, listener: { websocket: times } });
  const target = {
    port: victim.port,
    passSilence: async (stay: () => Promise<void>) => {
      for (const ms of [times.pingInterval, times.pingTimeout, times.pingTimeout]) {
        clock.advance(ms);
        await stay();
      }
    },
  };
  const churn = await Churn.start(target);
  const timers = clock.timers;
  const handles = sockets();
  for (let batch = 0; batch < 10; batch++) await churn.run(200);
  expect(churn.sessions).toBe(2000);
  expect(victim.left).toHaveLength(2000);
  await vi.waitFor(() => expect(victim.connections).toBe(3));
  await vi.waitFor(() => expect(sockets()).toBe(handles));
  expect(clock.timers).toBe(timers);
  expect(new Set(victim.left.map(({ reason }) => reason))).toEqual(
    new Set(['wamp.close.close_realm', 'wamp.error.canceled', 'wamp.error.protocol_violation', null]),
  );
  expect(victim.left.filter(({ message }) => message.includes('no answer to a ping'))).toHaveLength(250);
  expect(victim.bugs).toEqual([]);
  churn.close();
}, 60_000);

function sockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}
