import { listAt, textAt } from './tree.js';

/** The names of a config tree's realms, templates included; realm1 when it lists none. */
export function realmNames(tree: unknown): string[] {
  const realms = listAt(tree, ['realms']);
  if (realms.length === 0) return ['realm1'];
  return realms.flatMap(({ value }) => textAt(value, ['name']) ?? textAt(value, ['template']) ?? []);
}
