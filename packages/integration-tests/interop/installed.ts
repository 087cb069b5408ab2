import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** What `.ci/run` and the install scripts of this folder put outside the clone, below one folder. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wampkit');

/** The path of an installed file, or undefined where it was not installed. */
export function installed(path: string): string | undefined {
  const file = join(cache, path);
  return existsSync(file) ? file : undefined;
}
