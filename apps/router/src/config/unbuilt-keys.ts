import type { ConfigPath, Problem } from './problem.js';
import { valueAt } from './tree.js';

/** A key that is checked and loads, but whose feature is not there yet; what it asks for fails closed. */
interface UnbuiltKey {
  /** `*` stands for every entry of a list. */
  readonly path: readonly string[];
  /** The value that asks for nothing, and so goes without a warning: durations in milliseconds. */
  readonly inert?: unknown;
  /** What it means for now, after `not built yet; `. */
  readonly effect: string;
}

/**
 * Every key of docs/reference/router.yaml whose feature is not built yet. A row goes when its feature comes.
 *
 * @internal
 */
export const unbuiltKeys: readonly UnbuiltKey[] = [
  { path: ['realms', '*', 'limits', 'messagesPerSecond'], inert: 0, effect: 'messages are not limited' },
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

function asksForFeature({ inert }: UnbuiltKey, value: unknown): boolean {
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
