import type { ConfigPath, Problem } from './problem.js';
import { valueAt } from './tree.js';

/** A key that is checked and loads, but whose feature is not there yet; what it asks for fails closed. */
interface UnbuiltKey {
  /** `*` stands for every entry of a list. */
  readonly path: readonly string[];
  /** The value that asks for nothing, and so goes without a warning: durations in milliseconds. */
  readonly inert?: unknown;
  /** Only these values ask for the feature; absent: all but `inert`. */
  readonly only?: readonly unknown[];
  /** What it means for now, after `not built yet; `. */
  readonly effect: string;
}

const method = ['realms', '*', 'authentication', '*'] as const;

/**
 * Every key of docs/reference/router.yaml whose feature is not built yet. A row goes when its feature comes.
 *
 * @internal
 */
export const unbuiltKeys: readonly UnbuiltKey[] = [
  {
    path: [...method, 'method'],
    only: ['wampcra', 'wamp-scram', 'cryptosign', 'jwt', 'tls'],
    effect: 'this method is not offered',
  },
  { path: [...method, 'authenticator'], effect: 'this method is not offered' },
  { path: ['realms', '*', 'limits', 'messagesPerSecond'], inert: 0, effect: 'messages are not limited' },
  { path: ['realms', '*', 'limits', 'authFailuresPerMinute'], inert: 0, effect: 'failures are not limited' },
  { path: ['http', 'metrics'], effect: 'it answers 404' },
];

/**
 * Finds the unbuilt keys that a config asks for.
 *
 * @param written the tree as people wrote it: a key that is only a default gives no warning
 * @param read the same tree as the schema read it
 */
export function findUnbuiltKeys(written: unknown, read: unknown): Problem[] {
  return unbuiltKeys.flatMap((key) =>
    expandPath(written, key.path).flatMap((path) => {
      if (!asksForFeature(key, valueAt(read, path))) return [];
      return [{ path, message: `not built yet; ${key.effect}` }];
    }),
  );
}

function asksForFeature({ inert, only }: UnbuiltKey, value: unknown): boolean {
  if (only !== undefined) return only.includes(value);
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== inert;
}

/** The written paths that a pattern stands for. */
function expandPath(tree: unknown, pattern: readonly string[], before: ConfigPath = []): ConfigPath[] {
  const [step, ...rest] = pattern;
  if (step === undefined) return [before];
  if (step === '*') {
    if (!Array.isArray(tree)) return [];
    return tree.flatMap((item, index) => expandPath(item, rest, [...before, index]));
  }
  if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, step)) return [];
  return expandPath((tree as Record<string, unknown>)[step], rest, [...before, step]);
}
