import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeReadFault } from './check-files.js';
import type { Env } from './expand-env.js';
import type { ConfigPath, Problem } from './problem.js';
import { hasAt, listAt, textAt } from './tree.js';
import { readUsersFile } from './users-file.js';
import { hasUsers } from './users-schemas.js';

/** Checks that the files of users and keys that methods name are there and hold what they should. */
export function checkUsersFiles(tree: unknown, { folder, env }: { folder: string; env: Env }): Problem[] {
  return listAt(tree, ['realms']).flatMap(({ path: realm }) => {
    const roles = listAt(tree, [...realm, 'roles']).flatMap(({ value }) => textAt(value, ['name']) ?? []);
    return listAt(tree, [...realm, 'authentication']).flatMap(({ value, path }) => [
      ...checkUsersFile(value, path, { roles, folder, env }),
      ...checkKeySet(value, path, folder),
    ]);
  });
}

function checkUsersFile(
  value: unknown,
  path: ConfigPath,
  { roles, folder, env }: { roles: readonly string[]; folder: string; env: Env },
): Problem[] {
  const method = textAt(value, ['method']);
  const file = textAt(value, ['usersFile']);
  if (!hasUsers(method) || file === undefined || file === '') return [];
  const read = readUsersFile(resolve(folder, file), { method, roles, env });
  const faults = 'faults' in read ? read.faults : repeats(value, Object.keys(read.users));
  return faults.map((message) => ({ path: [...path, 'usersFile'], message }));
}

function repeats(method: unknown, authids: readonly string[]): string[] {
  return authids
    .filter((authid) => hasAt(method, ['users', authid]))
    .map((authid) => `user ${JSON.stringify(authid)} stands in users too`);
}

function checkKeySet(value: unknown, path: ConfigPath, folder: string): Problem[] {
  const jwks = textAt(value, ['jwks']);
  if (textAt(value, ['method']) !== 'jwt' || jwks === undefined || jwks === '') return [];
  const fault = jwks.startsWith('file:') ? keySetFault(resolve(folder, jwks.slice(5))) : urlFault(jwks);
  return fault === null ? [] : [{ path: [...path, 'jwks'], message: fault }];
}

function keySetFault(file: string): string | null {
  try {
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys?: unknown };
    return Array.isArray(keys) ? null : `file ${file} is no JSON Web Key Set`;
  } catch (error) {
    return error instanceof SyntaxError ? `file ${file} is no JSON` : describeReadFault(file, error);
  }
}

const LOCAL = ['127.0.0.1', '[::1]', 'localhost'];

function urlFault(jwks: string): string | null {
  const url = URL.canParse(jwks) ? new URL(jwks) : null;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL.includes(url.hostname))) return null;
  return 'expected https://, http:// on this machine, or file: and a path';
}
