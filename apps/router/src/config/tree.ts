import { isDict } from '@wampkit/protocol';
import type { ConfigPath } from './problem.js';

// Readers of a config tree that the schema has not judged yet: what is of another kind reads as absent.

/** The entries of a list with their paths. */
export function listAt(tree: unknown, path: ConfigPath): { value: unknown; path: ConfigPath }[] {
  const list = valueAt(tree, path);
  if (!Array.isArray(list)) return [];
  return list.map((value, index) => ({ value, path: [...path, index] }));
}

/** The entries of a map with their paths. */
export function mapAt(tree: unknown, path: ConfigPath): { key: string; value: unknown; path: ConfigPath }[] {
  const map = valueAt(tree, path);
  if (!isDict(map)) return [];
  return Object.entries(map).map(([key, value]) => ({ key, value, path: [...path, key] }));
}

/** A string, or `undefined`. */
export function textAt(tree: unknown, path: ConfigPath): string | undefined {
  const text = valueAt(tree, path);
  return typeof text === 'string' ? text : undefined;
}

/** Whether a tree has something at a path. */
export function hasAt(tree: unknown, path: ConfigPath): boolean {
  return valueAt(tree, path) !== undefined;
}

/** What a tree has at a path, or `undefined`. */
export function valueAt(tree: unknown, path: ConfigPath): unknown {
  let value = tree;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}
