import { describeUriFault, isMatchPolicy, isUri, type MatchPolicy, type UriCheck } from '@wampkit/protocol';
import type { ConfigPath, Problem } from './problem.js';
import { listAt, textAt } from './tree.js';

/** Checks the URIs of a realm's permissions and histories: well formed for their match, each one once. */
export function checkRules(tree: unknown, realm: ConfigPath): Problem[] {
  const check = textAt(tree, [...realm, 'uriCheck']) === 'strict' ? 'strict' : 'loose';
  const roles = listAt(tree, [...realm, 'roles']);
  return [
    ...roles.flatMap(({ path }) => checkList(tree, [...path, 'permissions'], { key: 'uri', check })),
    ...checkList(tree, [...realm, 'history'], { key: 'topic', check }),
    ...roles.flatMap(({ path }) => checkProcedure(tree, [...path, 'authorizer'], check)),
    ...listAt(tree, [...realm, 'authentication']).flatMap(({ path }) =>
      checkProcedure(tree, [...path, 'authenticator'], check),
    ),
  ];
}

function checkList(
  tree: unknown,
  list: ConfigPath,
  { key, check }: { key: 'uri' | 'topic'; check: UriCheck },
): Problem[] {
  const seen = new Set<string>();
  return listAt(tree, list).flatMap(({ value, path }): Problem[] => {
    const uri = textAt(value, [key]);
    const match = textAt(value, ['match']) ?? 'exact';
    if (uri === undefined || !isMatchPolicy(match)) return [];
    const fault = describeUriFault(uri, match, check);
    if (fault !== null)
      return [{ path: [...path, key], message: describeFault(uri, match, { fault, check }) }];
    const rule = `${match} ${JSON.stringify(uri)}`;
    if (seen.has(rule)) return [{ path: [...path, key], message: `there is already a rule for ${rule}` }];
    seen.add(rule);
    return [];
  });
}

function describeFault(
  uri: string,
  match: MatchPolicy,
  { fault, check }: { fault: string; check: UriCheck },
): string {
  const others = (['prefix', 'wildcard'] as const).filter((other) => isUri(uri, other, check));
  const hint = match === 'exact' && others.length > 0 ? `; did you mean match: ${others[0]}?` : '';
  return `${JSON.stringify(uri)} is no URI to match ${match === 'exact' ? 'exactly' : `as ${match}`}: ${fault}${hint}`;
}

function checkProcedure(tree: unknown, path: ConfigPath, check: UriCheck): Problem[] {
  const uri = textAt(tree, path);
  if (uri === undefined || uri === '') return [];
  const fault = describeUriFault(uri, 'exact', check);
  return fault === null ? [] : [{ path, message: `${JSON.stringify(uri)} is no URI: ${fault}` }];
}
