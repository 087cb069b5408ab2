import { describeUriFault } from '@wampkit/protocol';
import { checkAuthentication } from './check-authentication.js';
import { checkAuthorizers } from './check-authorizers.js';
import { checkLongPoll } from './check-longpoll.js';
import { checkPayloadSchemas } from './check-payload-schemas.js';
import { checkRules } from './check-rules.js';
import { suggest } from './describe-issue.js';
import { DEFAULT_BIND } from './listener-schema.js';
import type { ConfigPath, Problem } from './problem.js';
import { realmNames } from './realm-names.js';
import { hasAt, listAt, textAt, valueAt } from './tree.js';

/**
 * Checks what a schema cannot: names that are given twice, and names of what is not there. Works on trees that do not
 * fit the schema too, so that everything wrong with a config is told at once.
 */
export function checkReferences(tree: unknown): Problem[] {
  const realms = listAt(tree, ['realms']);
  return [
    ...findRepeats(tree, ['listeners'], { key: 'bind', of: 'listener', absent: DEFAULT_BIND, ignore: /:0$/ }),
    ...findRepeats(tree, ['realms'], { key: 'name', of: 'realm' }),
    ...findRepeats(tree, ['realms'], { key: 'template', of: 'template' }),
    ...checkListenerRealms(tree),
    ...checkRequestPaths(tree),
    ...checkLongPoll(tree),
    ...realms.flatMap(({ path }) => checkRealm(tree, path)),
  ];
}

/** Finds entries of a list that repeat what an earlier one has under `key`; `absent` is what they have without it. */
function findRepeats(
  tree: unknown,
  path: ConfigPath,
  { key, of, absent, ignore }: { key: string; of: string; absent?: string; ignore?: RegExp },
): Problem[] {
  const seen = new Set<string>();
  return listAt(tree, path).flatMap((entry) => {
    const name = hasAt(entry.value, [key]) ? textAt(entry.value, [key]) : absent;
    if (name === undefined || ignore?.test(name)) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path: [...entry.path, key], message: `there is already a ${of} ${JSON.stringify(name)}` }];
  });
}

function checkRealm(tree: unknown, path: ConfigPath): Problem[] {
  return [
    ...checkRealmName(tree, path),
    ...findRepeats(tree, [...path, 'roles'], { key: 'name', of: 'role' }),
    ...findRepeats(tree, [...path, 'authentication'], { key: 'method', of: 'method' }),
    ...checkAuthentication(tree, path),
    ...checkAuthorizers(tree, path),
    ...checkPayloadSchemas(tree, path),
    ...checkRules(tree, path),
  ];
}

function checkRealmName(tree: unknown, path: ConfigPath): Problem[] {
  const realm = valueAt(tree, path);
  if (typeof realm !== 'object' || realm === null || Array.isArray(realm)) return [];
  const name = textAt(realm, ['name']);
  if ('name' in realm && 'template' in realm) {
    return [
      { path: [...path, 'template'], message: 'a realm has a name or a template, not both', atKey: true },
    ];
  }
  const template = textAt(realm, ['template']);
  // `*` stands for any characters, so that one that a URI may have everywhere takes its place
  const templateFault =
    template === undefined || template === '' ? null : describeUriFault(template.replaceAll('*', 'x'));
  if (templateFault !== null)
    return [{ path: [...path, 'template'], message: `makes no URI: ${templateFault}` }];
  if (!('name' in realm) && !('template' in realm))
    return [{ path: [...path, 'name'], message: 'is missing' }];
  if (name === undefined || name === '') return [];
  const fault = describeUriFault(name);
  return fault === null ? [] : [{ path: [...path, 'name'], message: `is no URI: ${fault}` }];
}

function checkListenerRealms(tree: unknown): Problem[] {
  const known = realmNames(tree);
  return listAt(tree, ['listeners']).flatMap((listener) =>
    listAt(tree, [...listener.path, 'realms']).flatMap(({ value, path }) => {
      if (typeof value !== 'string' || value === '' || known.includes(value)) return [];
      return [
        {
          path,
          message: `there is no realm ${JSON.stringify(value)}; ${suggest(value, known, 'there are')}`,
        },
      ];
    }),
  );
}

function checkRequestPaths(tree: unknown): Problem[] {
  const health = textAt(tree, ['http', 'health']);
  const metrics = textAt(tree, ['http', 'metrics']);
  const problems: Problem[] = [];
  if ((health ?? '/health') === (metrics ?? '/metrics')) {
    const key = metrics === undefined ? 'health' : 'metrics';
    problems.push({ path: ['http', key], message: `${health ?? '/health'} is used for health and metrics` });
  }
  for (const listener of listAt(tree, ['listeners'])) {
    for (const { value, path } of listAt(tree, [...listener.path, 'websocket', 'paths'])) {
      if (value === (health ?? '/health'))
        problems.push({ path, message: `${value} is used for http.health` });
    }
  }
  return problems;
}
