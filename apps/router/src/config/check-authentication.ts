import { suggest } from './describe-issue.js';
import type { ConfigPath, Problem } from './problem.js';
import { realmNames } from './realm-names.js';
import { hasAt, listAt, mapAt, textAt } from './tree.js';

/** Checks the methods of a realm: who decides, which roles they name, what a user holds. */
export function checkAuthentication(tree: unknown, realm: ConfigPath): Problem[] {
  return listAt(tree, [...realm, 'authentication']).flatMap(({ value, path }) => [
    ...checkDecider(value, path),
    ...checkAuthenticatorRealm(tree, path),
    ...checkRoles(tree, { realm, method: path }),
    ...(textAt(value, ['method']) === 'wamp-scram' ? checkScramUsers(tree, path) : []),
  ]);
}

/** Users of the config or a procedure decide, not both, not neither. */
function checkDecider(method: unknown, path: ConfigPath): Problem[] {
  const key = deciderKey(textAt(method, ['method']));
  if (key === null) return [];
  const given = hasAt(method, [key]);
  if (given && hasAt(method, ['authenticator'])) {
    return [
      { path: [...path, 'authenticator'], message: `there are ${key} too; give one of them`, atKey: true },
    ];
  }
  if (given || hasAt(method, ['authenticator'])) return [];
  return [{ path, message: `needs ${key} or an authenticator` }];
}

function deciderKey(method: string | undefined): string | null {
  if (method === undefined || method === 'anonymous') return null;
  if (method === 'jwt') return 'jwks';
  return ['ticket', 'wampcra', 'wamp-scram', 'cryptosign', 'tls'].includes(method) ? 'users' : null;
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

const STORED = ['kdf', 'salt', 'iterations', 'storedKey', 'serverKey'];

/** A user of wamp-scram has a password, or everything of the stored form. */
function checkScramUsers(tree: unknown, method: ConfigPath): Problem[] {
  return mapAt(tree, [...method, 'users']).flatMap(({ value, path }): Problem[] => {
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
  });
}
