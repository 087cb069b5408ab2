import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Churn } from './churn.js';
import { MemoryTrend } from './memory-trend.js';
import { SoakedRouter } from './soaked-router.js';
import { SteadyLoad } from './steady-load.js';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '30' },
    batch: { type: 'string', default: '200' },
  },
});
const MIB = 1024 * 1024;
const MARGIN = 60_000;
const [sessions, minutes, batch] = [values.sessions, values.minutes, values.batch].map(Number) as [
  number,
  number,
  number,
];

/** A batch that takes longer has lost something: an answer, or a session. */
async function runBatch(churn: Churn, count: number): Promise<void> {
  const late = new AbortController();
  const timeout = delay(MARGIN, undefined, { signal: late.signal }).then(() => {
    throw new Error(
      `a batch of ${count} sessions was not done within ${MARGIN / 1000} s: something is left over`,
    );
  });
  try {
    await Promise.race([churn.run(count), timeout]);
  } finally {
    late.abort();
    timeout.catch(() => {});
  }
}

async function sample(router: SoakedRouter, trend: MemoryTrend, at: number): Promise<string> {
  const use = await router.memory();
  trend.add(at, use);
  return `heap ${(use.heap / MIB).toFixed(1)} MiB, rss ${(use.rss / MIB).toFixed(1)} MiB`;
}

/** Sessions come and go, nothing else happens. */
async function soakSessions(router: SoakedRouter): Promise<MemoryTrend> {
  const target = { port: router.port, passSilence: async () => {} };
  const churn = await Churn.start(target);
  const trend = new MemoryTrend();
  const step = Math.max(batch, sessions / 20);
  for (let next = step; churn.sessions < sessions; ) {
    await runBatch(churn, Math.min(batch, sessions - churn.sessions));
    if (churn.sessions < next && churn.sessions < sessions) continue;
    console.log(`${churn.sessions} sessions: ${await sample(router, trend, churn.sessions)}`);
    next += step;
  }
  churn.close();
  return trend;
}

/** Half of the calls that are possible, and events, while sessions come and go. */
async function soakLoad(router: SoakedRouter): Promise<MemoryTrend> {
  const load = await SteadyLoad.open(router.port);
  const rate = await load.halve(3000);
  console.log(`half load: ${Math.round(rate)} calls a second`);
  const churn = await Churn.start({ port: router.port, passSilence: async () => {} });
  const trend = new MemoryTrend();
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const step = Math.max(3, minutes * 2);
  for (let next = 0; seconds() < minutes * 60; ) {
    await runBatch(churn, 40);
    if (seconds() < next) continue;
    const memory = await sample(router, trend, seconds());
    console.log(
      `${Math.round(seconds())} s: ${load.results} calls, ${load.events} events, ${churn.sessions} sessions: ${memory}`,
    );
    next += step;
  }
  await load.stop();
  churn.close();
  return trend;
}

using router = await SoakedRouter.start();
const trends = [
  ...(sessions > 0 ? [['sessions', await soakSessions(router)] as const] : []),
  ...(minutes > 0 ? [['load', await soakLoad(router)] as const] : []),
];
for (const [name, trend] of trends) console.log(`${name}: ${trend.describe()}`);
process.exitCode = trends.every(([, trend]) => trend.isFlat()) ? 0 : 1;
