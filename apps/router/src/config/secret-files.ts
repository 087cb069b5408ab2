import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LARGEST_SECRET_FILE } from '../limits.js';
import { describeReadFault } from './check-files.js';
import type { ConfigPath, Problem } from './problem.js';

const PREFIX = 'file:';
const secretKeys = [
  'ticket',
  'secret',
  'password',
  'storedKey',
  'serverKey',
  'routerKey',
  'saltKey',
  'key',
  'keys',
];

/**
 * Puts the content of a file in the place of each secret that is written as `file:/path`, without the line's end at its
 * end.
 *
 * @param folder where relative paths start
 * @param isSecret whether what stands at a path is a secret; default: secrets of a router's config
 * @returns a copy of the tree, and what could not be read
 */
export function readSecretFiles(
  tree: unknown,
  folder: string,
  isSecret: (path: ConfigPath) => boolean = isConfigSecret,
): { tree: unknown; problems: Problem[] } {
  const problems: Problem[] = [];
  const walk = (value: unknown, path: ConfigPath): unknown => {
    if (typeof value === 'string') {
      if (!value.startsWith(PREFIX) || !isSecret(path)) return value;
      const file = resolve(folder, value.slice(PREFIX.length));
      const read = readSecret(file);
      if ('fault' in read) problems.push({ path, message: read.fault });
      return 'fault' in read ? value : read.secret;
    }
    if (Array.isArray(value)) return value.map((item, index) => walk(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return { tree: walk(tree, []), problems };
}

function readSecret(file: string): { secret: string } | { fault: string } {
  try {
    if (statSync(file).size > LARGEST_SECRET_FILE) return { fault: `file ${file} is too large for a secret` };
    const secret = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return secret === '' ? { fault: `file ${file} is empty` } : { secret };
  } catch (error) {
    return { fault: describeReadFault(file, error) };
  }
}

function isConfigSecret(path: ConfigPath): boolean {
  const isPlace =
    (path[0] === 'realms' && path[2] === 'authentication') ||
    (path[0] === 'listeners' && path[2] === 'cookie');
  return isPlace && isSecretKey(path);
}

/** Whether the last key of a path, or that of its list, names a secret. */
export function isSecretKey(path: ConfigPath): boolean {
  const key = path.findLast((step) => typeof step === 'string');
  return key !== undefined && secretKeys.includes(key as string);
}
