import { checkScramUser } from './check-scram-user.js';
import { suggest } from './describe-issue.js';
import type { ConfigPath, Problem } from './problem.js';
import { realmNames } from './realm-names.js';
import { hasAt, listAt, mapAt, textAt } from './tree.js';
import { hasUsers } from './users-schemas.js';

/** Checks the methods of a realm: who decides, which roles they name, what a user holds. */
export function checkAuthentication(tree: unknown, realm: ConfigPath): Problem[] {
  return listAt(tree, [...realm, 'authentication']).flatMap(({ value, path }) => [
    ...checkDecider(value, path),
    ...checkAuthenticatorRealm(tree, path),
    ...checkRoles(tree, { realm, method: path }),
    ...(textAt(value, ['method']) === 'wamp-scram'
      ? mapAt(tree, [...path, 'users']).flatMap(checkScramUser)
      : []),
  ]);
}

/** What the config or a file holds, or a procedure, decides: not both, not neither. */
function checkDecider(method: unknown, path: ConfigPath): Problem[] {
  const keys = deciderKeys(textAt(method, ['method']));
  const given = keys.filter((key) => hasAt(method, [key]));
  const [first] = given;
  if (first !== undefined && hasAt(method, ['authenticator'])) {
    return [
      { path: [...path, 'authenticator'], message: `there are ${first} too; give one of them`, atKey: true },
    ];
  }
  if (given.length === 2 && keys.includes('jwks'))
    return [{ path: [...path, 'key'], message: 'there is jwks too; give one of them', atKey: true }];
  if (keys.length === 0 || given.length > 0 || hasAt(method, ['authenticator'])) return [];
  return [{ path, message: `needs ${keys.join(', ')} or an authenticator` }];
}

function deciderKeys(method: string | undefined): readonly string[] {
  if (method === 'jwt') return ['jwks', 'key'];
  return hasUsers(method) ? ['users', 'usersFile'] : [];
}

function checkAuthenticatorRealm(tree: unknown, method: ConfigPath): Problem[] {
  const path = [...method, 'authenticatorRealm'];
  const name = textAt(tree, path);
  if (name === undefined || name === '') return [];
  if (!hasAt(tree, [...method, 'authenticator'])) {
    return [{ path, message: 'says where an authenticator is, but there is none', atKey: true }];
  }
  const known = realmNames(tree);
  if (known.includes(name)) return [];
  return [
    { path, message: `there is no realm ${JSON.stringify(name)}; ${suggest(name, known, 'there are')}` },
  ];
}

/** A role that is named has to be defined. */
function checkRoles(tree: unknown, { realm, method }: { realm: ConfigPath; method: ConfigPath }): Problem[] {
  const names = listAt(tree, [...realm, 'roles']).flatMap(({ value }) => textAt(value, ['name']) ?? []);
  const defined = [...new Set(names)];
  return namedRoles(tree, method).flatMap(({ role, path }) => {
    if (role === '' || defined.includes(role)) return [];
    const hint = defined.length === 0 ? 'the realm defines no roles' : suggest(role, defined, 'defined here');
    return [{ path, message: `role ${JSON.stringify(role)} is not defined in roles; ${hint}` }];
  });
}

function namedRoles(tree: unknown, method: ConfigPath): { role: string; path: ConfigPath }[] {
  const own = { role: textAt(tree, [...method, 'role']), path: [...method, 'role'] };
  if (isDefaultRole(tree, method)) own.role = 'anonymous';
  const users = mapAt(tree, [...method, 'users']).map((user) => ({
    role: textAt(user.value, ['role']),
    path: [...user.path, 'role'],
  }));
  return [own, ...users].flatMap(({ role, path }) => (role === undefined ? [] : [{ role, path }]));
}

/** Anonymous sessions have role `anonymous` where the config says nothing else. */
function isDefaultRole(tree: unknown, method: ConfigPath): boolean {
  if (textAt(tree, [...method, 'method']) !== 'anonymous') return false;
  return !hasAt(tree, [...method, 'role']) && !hasAt(tree, [...method, 'authenticator']);
}
