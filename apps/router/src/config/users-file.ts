import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describeReadFault } from './check-files.js';
import { checkScramUser } from './check-scram-user.js';
import { IssueWriter, suggest } from './describe-issue.js';
import { type Env, expandEnv } from './expand-env.js';
import { formatProblem, type Problem } from './problem.js';
import { isSecretKey, readSecretFiles } from './secret-files.js';
import { mapAt, textAt } from './tree.js';
import { type MethodWithUsers, type UsersOf, usersSchemas } from './users-schemas.js';
import { YamlSource } from './yaml-source.js';

/** What a users file is for. */
export interface UsersFileOptions<Method extends MethodWithUsers> {
  readonly method: Method;
  /** The roles that the realm defines. */
  readonly roles: readonly string[];
  readonly env: Env;
}

/** What a users file holds, or one line for everything that is wrong with it: `file:line:column: path: what is wrong`. */
export type UsersFileContent<Method extends MethodWithUsers> =
  | { readonly users: UsersOf<Method> }
  | { readonly faults: readonly string[] };

/** Reads users of a method by authid, YAML or JSON, with `${ENV}` and `file:` as in the config. */
export function readUsersFile<Method extends MethodWithUsers>(
  file: string,
  options: UsersFileOptions<Method>,
): UsersFileContent<Method> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    return {
      faults: [error instanceof TypeError ? `file ${file} is not UTF-8` : describeReadFault(file, error)],
    };
  }
  const name = basename(file);
  const source = new YamlSource(text);
  if (source.problems.length > 0)
    return {
      faults: source.problems.map(
        ({ message, position: { line, column } }) => `${name}:${line}:${column}: ${message}`,
      ),
    };
  const judged = judgeUsers(source, dirname(file), options);
  if ('users' in judged) return judged;
  return {
    faults: judged.problems.map((problem) => {
      const at = source.locate(problem);
      return `${name}${at === null ? '' : `:${at.line}:${at.column}`}: ${formatProblem(problem)}`;
    }),
  };
}

function judgeUsers<Method extends MethodWithUsers>(
  source: YamlSource,
  folder: string,
  { method, roles, env }: UsersFileOptions<Method>,
): { readonly users: UsersOf<Method> } | { readonly problems: readonly Problem[] } {
  let written: unknown;
  try {
    written = source.tree();
  } catch (error) {
    return { problems: [{ path: [], message: (error as Error).message }] };
  }
  const expanded = expandEnv(written, env);
  const { tree, problems: unread } = readSecretFiles(expanded.tree, folder, isSecretKey);
  const writer = new IssueWriter();
  const parsed = usersSchemas[method].safeParse(tree, { error: writer.describe });
  const problems = [
    ...expanded.problems,
    ...unread,
    ...(parsed.success ? [] : writer.problems(parsed.error.issues)),
    ...checkUserRoles(tree, roles),
    ...(method === 'wamp-scram' ? mapAt(tree, []).flatMap(checkScramUser) : []),
  ];
  return parsed.success && problems.length === 0 ? { users: parsed.data as UsersOf<Method> } : { problems };
}

function checkUserRoles(tree: unknown, roles: readonly string[]): Problem[] {
  return mapAt(tree, []).flatMap(({ value, path }): Problem[] => {
    const role = textAt(value, ['role']);
    if (role === undefined || role === '' || roles.includes(role)) return [];
    return [
      {
        path: [...path, 'role'],
        message: `role ${JSON.stringify(role)} is not defined in roles; ${suggest(role, roles, 'defined')}`,
      },
    ];
  });
}
