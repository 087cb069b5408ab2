import type { Problem } from './problem.js';
import type { RouterConfig } from './schema.js';

/** URIs of rules and histories with a component `*`, which other routers take as a pattern and WAMP as itself. */
export function findStarUris({ realms }: RouterConfig): Problem[] {
  return realms.flatMap((realm, index) => {
    const rules = (realm.roles ?? []).flatMap(({ permissions = [] }, role) =>
      permissions.map(({ uri }, rule) => ({ uri, path: ['roles', role, 'permissions', rule, 'uri'] })),
    );
    const topics = realm.history.map(({ topic }, at) => ({ uri: topic, path: ['history', at, 'topic'] }));
    return [...rules, ...topics].flatMap(({ uri, path }): Problem[] => {
      const hint = hintFor(uri);
      return hint === null ? [] : [{ path: ['realms', index, ...path], message: hint }];
    });
  });
}

function hintFor(uri: string): string | null {
  if (!uri.split('.').includes('*')) return null;
  const inner = uri.endsWith('*') ? uri.slice(0, -1) : uri;
  const isPrefix = !inner.split('.').includes('*');
  const pattern = isPrefix ? inner : uri.replaceAll(/(?<=^|\.)\*(?=\.|$)/g, '');
  return `* stands for itself; did you mean ${JSON.stringify(pattern)} with match: ${isPrefix ? 'prefix' : 'wildcard'}?`;
}
