import { setTimeout as delay } from 'node:timers/promises';
import { readProcessUsage } from './process-usage.js';
import type { Scenario } from './scenarios.js';
import { startTarget, type Target } from './targets/target.js';
import type { Wire } from './wire/wire.js';

/** One measurement of one row. */
export interface Measurement {
  readonly target: string;
  readonly scenario: string;
  readonly serializer: string;
  /** Operations a second. */
  readonly rate: number;
  /** The router's CPU time for one operation, microseconds. */
  readonly cpuPerOperation: number;
  /** Share of a core that router and generator used, 0 to 1. */
  readonly routerCpu: number;
  readonly generatorCpu: number;
  /** The router's resident set at the end, bytes. */
  readonly rss: number;
  /** Milliseconds from request to answer. */
  readonly p50: number;
  readonly p99: number;
  /** Operations that never came. */
  readonly lost: number;
}

/** How long to run: milliseconds. */
export interface Durations {
  readonly warmup: number;
  readonly measured: number;
}

/** Starts the target afresh, loads it, and tells what it did and used. Wrong answers are an error. */
export async function measure(
  target: Target,
  scenario: Scenario,
  run: { wire: Wire } & Durations,
): Promise<Measurement> {
  const router = await startTarget(target);
  try {
    const load = await scenario.start(router.port, run.wire);
    await delay(run.warmup);
    load.latencies.clear();
    const before = snapshot(router.pid, load.operations());
    await delay(run.measured);
    const after = snapshot(router.pid, load.operations());
    load.stop();
    await delay(300);
    const lost = load.lost();
    const [p50, p99] = load.latencies.percentiles([0.5, 0.99]) as [number, number];
    load.close();
    if (load.faults.length > 0) throw new Error(`${target.name} answered wrongly: ${load.faults[0]}`);
    const operations = after.operations - before.operations;
    const wall = after.at - before.at;
    return {
      target: target.name,
      scenario: scenario.name,
      serializer: run.wire.name,
      rate: (operations / wall) * 1000,
      cpuPerOperation: ((after.router.cpu - before.router.cpu) * 1000) / operations,
      routerCpu: (after.router.cpu - before.router.cpu) / wall,
      generatorCpu: (after.own - before.own) / wall,
      rss: after.router.rss,
      p50,
      p99,
      lost,
    };
  } finally {
    await router.stop();
  }
}

function snapshot(pid: number, operations: number) {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), router: readProcessUsage(pid), own: (user + system) / 1000, operations };
}
