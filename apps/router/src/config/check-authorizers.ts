import { suggest } from './describe-issue.js';
import type { ConfigPath, Problem } from './problem.js';
import { hasAt, listAt, textAt } from './tree.js';

const OPTIONS = ['authorizerRealm', 'authorizerTimeout', 'authorizerCacheTime'];

/** Checks what a realm's roles say of their authorizers: nothing without one, and no realm that is not always there. */
export function checkAuthorizers(tree: unknown, realm: ConfigPath): Problem[] {
  return listAt(tree, [...realm, 'roles']).flatMap(({ value, path }): Problem[] => {
    if (hasAt(value, ['authorizer'])) return checkAuthorizerRealm(tree, path);
    return OPTIONS.filter((key) => hasAt(value, [key])).map((key) => ({
      path: [...path, key],
      message: 'is about an authorizer, but there is none',
      atKey: true,
    }));
  });
}

function checkAuthorizerRealm(tree: unknown, role: ConfigPath): Problem[] {
  const path = [...role, 'authorizerRealm'];
  const name = textAt(tree, path);
  if (name === undefined || name === '') return [];
  // a realm that a template makes comes and goes
  const known = listAt(tree, ['realms']).flatMap(({ value }) => textAt(value, ['name']) ?? []);
  if (known.includes(name)) return [];
  return [
    { path, message: `there is no realm ${JSON.stringify(name)}; ${suggest(name, known, 'there are')}` },
  ];
}
