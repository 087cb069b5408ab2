import { readdirSync, readFileSync } from 'node:fs';

/** What a router has used, all of its processes together, read from procfs. */
export interface ProcessUsage {
  /** User and system time, milliseconds; a clock tick is 10. */
  readonly cpu: number;
  /** Resident set, bytes. */
  readonly rss: number;
}

const TICK = 10;

/** @throws {Error} where there is no procfs, or the process has ended: the benchmark runs on Linux */
export function readProcessUsage(pid: number): ProcessUsage {
  const all = processTree(pid).map((one) => (one === pid ? readOne(one) : readChild(one)));
  return {
    cpu: all.reduce((sum, one) => sum + one.cpu, 0),
    rss: all.reduce((sum, one) => sum + one.rss, 0),
  };
}

/** A process and all below it. Some routers are a controller with workers. */
export function processTree(pid: number): number[] {
  const tree = [pid];
  for (const parent of tree) {
    for (const child of childrenOf(parent)) tree.push(child);
  }
  return tree;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return []; // ended in between
  }
}

function readChild(pid: number): ProcessUsage {
  try {
    return readOne(pid);
  } catch {
    return { cpu: 0, rss: 0 }; // ended in between
  }
}

function readOne(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const rss = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  return { cpu: (Number(fields[11]) + Number(fields[12])) * TICK, rss };
}
