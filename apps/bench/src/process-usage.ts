import { readFileSync } from 'node:fs';

/** What a process has used, read from procfs. */
export interface ProcessUsage {
  /** User and system time, milliseconds; a clock tick is 10. */
  readonly cpu: number;
  /** Resident set, bytes. */
  readonly rss: number;
}

const TICK = 10;

/** @throws {Error} where there is no procfs: the benchmark runs on Linux */
export function readProcessUsage(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const rss = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  return { cpu: (Number(fields[11]) + Number(fields[12])) * TICK, rss };
}
