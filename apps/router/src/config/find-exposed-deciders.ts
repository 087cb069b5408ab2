import { RolePermissions } from '@wampkit/router';
import type { Problem } from './problem.js';
import type { RouterConfig } from './schema.js';

type Realm = RouterConfig['realms'][number];

/**
 * Procedures that decide who may join, or what others may do, and that people who have proven nothing may register, and so
 * take the place of, or call, and so be told secrets or guess without a limit.
 */
export function findExposedDeciders({ realms }: RouterConfig): Problem[] {
  return realms.flatMap((realm, index): Problem[] => {
    const deciders = [...new Set(realms.flatMap((other) => decidersIn(realm, other)))];
    const exposed = (may: (uri: string) => boolean, path: Problem['path']): Problem[] =>
      deciders.filter(may).map((uri) => ({
        path,
        message: `anybody may register or call ${uri}, which decides for others; deny it here, or put it into a realm of its own`,
      }));
    if (realm.authentication === undefined && realm.roles === undefined)
      return exposed(() => true, ['realms', index]);
    return (realm.roles ?? []).flatMap(({ name, permissions }, role) => {
      if (!isForAnybody(realm, name)) return [];
      const rules = new RolePermissions(permissions.map(({ uri, match, allow }) => ({ uri, match, allow })));
      const may = (uri: string): boolean =>
        rules.decide('register', uri).allowed || rules.decide('call', uri).allowed;
      return exposed(may, ['realms', index, 'roles', role]);
    });
  });
}

/** The procedures by which `other` decides and that are registered in `realm`. */
function decidersIn(realm: Realm, other: Realm): string[] {
  const isHere = (name: string | undefined): boolean =>
    name === undefined ? other === realm : name === (realm.name ?? realm.template);
  return [
    ...(other.authentication ?? []).flatMap(({ authenticator, authenticatorRealm }) =>
      authenticator !== undefined && isHere(authenticatorRealm) ? [authenticator] : [],
    ),
    ...(other.roles ?? []).flatMap(({ authorizer, authorizerRealm }) =>
      authorizer !== undefined && isHere(authorizerRealm) ? [authorizer] : [],
    ),
  ];
}

function isForAnybody({ authentication = [] }: Realm, role: string): boolean {
  return authentication.some(
    (one) => one.method === 'anonymous' && one.authenticator === undefined && one.role === role,
  );
}
