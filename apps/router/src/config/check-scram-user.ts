import type { ConfigPath, Problem } from './problem.js';
import { hasAt } from './tree.js';

const STORED = ['kdf', 'salt', 'iterations', 'storedKey', 'serverKey'];

/** A user of wamp-scram has a password, or everything of the stored form. */
export function checkScramUser({ value, path }: { value: unknown; path: ConfigPath }): Problem[] {
  const missing = STORED.filter((key) => !hasAt(value, [key]));
  const hasPassword = hasAt(value, ['password']);
  if (hasPassword && missing.length < STORED.length) {
    return [
      {
        path: [...path, 'password'],
        message: 'stands beside a stored form; give one of them',
        atKey: true,
      },
    ];
  }
  if (hasPassword || missing.length === 0) return [];
  const wanted =
    missing.length === STORED.length ? 'needs a password or the stored form' : 'the stored form lacks';
  return [{ path, message: `${wanted}: ${missing.join(', ')}` }];
}
