import { setTimeout as delay } from 'node:timers/promises';
import { joinIdle } from './load/join-idle.js';
import type { IdleMeasurement } from './measurement.js';
import { openFileLimit } from './open-file-limit.js';
import { readProcessUsage } from './process-usage.js';
import type { Run } from './run.js';
import type { IdleScenario } from './scenarios.js';
import { type RunningTarget, startTarget } from './targets/start-target.js';
import type { Connection } from './wire/connection.js';

type IdleResult = Omit<IdleMeasurement, 'scenario' | 'serializer' | 'transport' | 'target'>;

/** Joins sessions that then do nothing, and compares the router's memory at two numbers of them. */
export async function measureIdle(run: Run, scenario: IdleScenario): Promise<IdleResult> {
  if (openFileLimit() < scenario.to + 200)
    throw new Error(`needs ${scenario.to + 200} open files, the limit is ${openFileLimit()} (ulimit -Hn)`);
  const { transport, wire } = run;
  const router = await startTarget(run.target, { transport, serializer: wire.name, collectable: true });
  const sessions: Connection[] = [];
  const grow = async (to: number): Promise<number> => {
    await joinIdle({ port: router.port, transport, wire }, sessions, to);
    return settledMemory(router);
  };
  try {
    const first = await grow(scenario.from);
    const second = await grow(scenario.to);
    const gone = sessions.filter((session) => !session.alive).length;
    if (gone > 0) throw new Error(`${gone} of ${scenario.to} sessions were closed`);
    return { kind: 'idle', bytesPerSession: (second - first) / (scenario.to - scenario.from), rss: second };
  } finally {
    for (const session of sessions) session.close();
    await router.stop();
  }
}

async function settledMemory(router: RunningTarget): Promise<number> {
  await delay(1000);
  router.assertAlive();
  await router.collect();
  return readProcessUsage(router.pid).rss;
}
