import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const allowed = /Cpus_allowed_list:\s+(\S+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
const cores = allowed.split(',').flatMap((range) => {
  const [first, last = first] = range.split('-').map(Number) as [number, number?];
  return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i);
});

/** The core of a pinned router. */
export const routerCore = cores[0] as number;

/** The core of the generator beside a pinned router; `undefined` with one core, or without `taskset`. */
export const generatorCore = hasTaskset() ? cores[1] : undefined;

/** Keeps the generator, all of its threads, on its core. */
export function pinGenerator(): void {
  setCores(String(generatorCore));
}

/** Gives it all cores back. */
export function unpinGenerator(): void {
  setCores(allowed);
}

function setCores(list: string): void {
  execFileSync('taskset', ['-a', '-c', '-p', list, String(process.pid)], { stdio: 'ignore' });
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
