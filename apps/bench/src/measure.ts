import { setTimeout as delay } from 'node:timers/promises';
import { generatorCore, pinGenerator, routerCore, unpinGenerator } from './cores.js';
import type { Load } from './load/load.js';
import { measureIdle } from './measure-idle.js';
import type { LoadMeasurement, Measurement } from './measurement.js';
import { readProcessUsage } from './process-usage.js';
import type { Run } from './run.js';
import type { LoadScenario } from './scenarios.js';
import { type RunningTarget, startTarget } from './targets/start-target.js';

/** Starts the target afresh, measures one row, and ends it. What goes wrong is a result too. */
export async function measure(run: Run): Promise<Measurement> {
  const { scenario, target, wire, transport } = run;
  const row = {
    scenario: scenario.name,
    serializer: wire.name,
    transport,
    target: target.name,
  };
  try {
    if (scenario.kind === 'load') return { ...row, ...(await measureLoad(run, scenario)) };
    return { ...row, ...(await measureIdle(run, scenario)) };
  } catch (error) {
    return { ...row, kind: 'failure', reason: error instanceof Error ? error.message : String(error) };
  }
}

type LoadResult = Omit<LoadMeasurement, 'scenario' | 'serializer' | 'transport' | 'target'>;

async function measureLoad(run: Run, scenario: LoadScenario): Promise<LoadResult> {
  const pinned = scenario.pinned === true && generatorCore !== undefined;
  const { wire, transport } = run;
  const router = await startTarget(run.target, {
    transport,
    serializer: wire.name,
    profile: run.profile,
    ...(pinned ? { core: routerCore } : {}),
  });
  if (pinned) pinGenerator();
  let load: Load | undefined;
  try {
    load = await inTime(scenario.start({ port: router.port, transport, wire }));
    return await observe(router, load, run);
  } catch (error) {
    await delay(100);
    router.assertAlive(); // the better reason, if it has ended
    throw error;
  } finally {
    load?.close();
    if (pinned) unpinGenerator();
    await router.stop();
  }
}

const PATIENCE = 60_000;

/** Gives up on a router that takes longer than a minute to get ready. */
async function inTime(starting: Promise<Load>): Promise<Load> {
  starting.catch(() => {}); // it may fail after we gave up
  const cancelled = new AbortController();
  const late = delay(PATIENCE, undefined, { signal: cancelled.signal }).then(() => {
    throw new Error(`not ready for the load after ${PATIENCE / 1000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([starting, late]);
  } finally {
    cancelled.abort();
  }
}

async function observe(router: RunningTarget, load: Load, run: Run): Promise<LoadResult> {
  await delay(run.warmup);
  load.latencies.clear();
  const before = snapshot(router.pid, load);
  await delay(run.measured);
  const after = snapshot(router.pid, load);
  load.stop();
  const [p50, p99] = load.latencies.percentiles([0.5, 0.99]) as [number, number];
  await settle(load);
  router.assertAlive();
  if (load.faults.length > 0) throw new Error(`wrong answer: ${load.faults[0]}`);
  if (load.lost() < 0) throw new Error(`${-load.lost()} more answers came than were due`);
  const operations = after.operations - before.operations;
  if (operations === 0) throw new Error(`stalled: no operation finished, ${load.lost()} are missing`);
  const wall = after.at - before.at;
  const cpu = after.router.cpu - before.router.cpu;
  return {
    kind: 'load',
    rate: (operations / wall) * 1000,
    cpuPerOperation: (cpu * 1000) / operations,
    routerCpu: cpu / wall,
    generatorCpu: (after.own - before.own) / wall,
    rss: after.router.rss,
    p50,
    p99,
    lost: load.lost(),
  };
}

function snapshot(pid: number, load: Load) {
  const { user, system } = process.cpuUsage();
  const router = readProcessUsage(pid);
  return { at: performance.now(), router, own: (user + system) / 1000, operations: load.operations() };
}

/** Waits until nothing is missing, or nothing has come for a second. */
async function settle(load: Load): Promise<void> {
  let lost = load.lost();
  for (let still = 0; lost > 0 && still < 20; still += 1) {
    await delay(50);
    if (load.lost() !== lost) still = 0;
    lost = load.lost();
  }
}
