import { readFileSync } from 'node:fs';

/** How many files this process and those that it starts may open. Node raises the soft limit to the hard one itself. */
export function openFileLimit(): number {
  const found = /Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'latin1'));
  return Number(found?.[1] ?? 0);
}
