import type { ConfigPath, Problem } from './problem.js';
import { hasAt, listAt, valueAt } from './tree.js';

/** Checks that schemas of a realm's permissions have something to check: a schema that does nothing is a mistake. */
export function checkPayloadSchemas(tree: unknown, realm: ConfigPath): Problem[] {
  return listAt(tree, [...realm, 'roles']).flatMap((role) =>
    listAt(tree, [...role.path, 'permissions']).flatMap(({ value, path }): Problem[] => {
      const schema = [...path, 'schema'];
      if (!hasAt(value, ['schema'])) return [];
      if (!hasAt(value, ['schema', 'args']) && !hasAt(value, ['schema', 'kwargs']))
        return [{ path: schema, message: 'needs args or kwargs', atKey: true }];
      const allow = valueAt(value, ['allow']);
      if (!Array.isArray(allow) || allow.includes('call') || allow.includes('publish')) return [];
      return [
        { path: schema, message: 'is for payloads of call and publish, which the rule denies', atKey: true },
      ];
    }),
  );
}
