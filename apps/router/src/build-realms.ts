import type { HistoryOptions, RealmOptions, RealmTemplateOptions } from '@wampkit/router';
import {
  type AuthenticationSurroundings,
  buildAuthenticators,
} from './authentication/build-authenticators.js';
import { buildRole } from './build-role.js';
import type { RealmConfig } from './config/realm-schema.js';
import type { RouterConfig } from './config/schema.js';

/** What a config says of the realms that the router serves, and of those that it makes from templates. */
export function buildRealms(
  config: RouterConfig,
  surroundings: AuthenticationSurroundings,
): (RealmOptions | RealmTemplateOptions)[] {
  return config.realms.map((realm) => {
    const options = buildRealm(realm, surroundings);
    // the schema asks for one of the two
    return realm.name === undefined
      ? { template: realm.template as string, ...options }
      : { name: realm.name, ...options };
  });
}

/** Realms that offer no method by which anyone could join, in words for the log. */
export function describeClosedRealms(realms: readonly (RealmOptions | RealmTemplateOptions)[]): string[] {
  return realms
    .filter(({ authenticators }) => authenticators?.length === 0)
    .map((realm) => {
      const what = 'name' in realm ? `realm ${realm.name}` : `realm template ${realm.template}`;
      return `${what} offers no authentication method, so nobody can join it`;
    });
}

function buildRealm(
  realm: RealmConfig,
  surroundings: AuthenticationSurroundings,
): Omit<RealmOptions, 'name'> {
  const { messagesPerSecond: _, ...limits } = realm.limits;
  return {
    uriCheck: realm.uriCheck,
    requestIds: realm.requestIds,
    metaApi: realm.metaApi,
    sessionKill: realm.sessionKill,
    history: realm.history.map(buildHistory),
    retain: realm.retain,
    limits,
    hideUnknownUsers: realm.hideUnknownUsers,
    callTimeout: realm.callTimeout,
    maxCallTimeout: realm.maxCallTimeout,
    slowConsumer: { events: realm.slowConsumer.events },
    ...buildAccess(realm, surroundings),
  };
}

function buildHistory({ maxAge, ...history }: RealmConfig['history'][number]): HistoryOptions {
  return maxAge === undefined ? history : { ...history, maxAge };
}

/** Neither authentication nor roles: an open realm. Once either is there nothing is implied (DESIGN §5). */
function buildAccess(
  realm: RealmConfig,
  surroundings: AuthenticationSurroundings,
): Pick<RealmOptions, 'authenticators' | 'roles'> {
  const { authentication, roles } = realm;
  if (authentication === undefined && roles === undefined) return {};
  return {
    authenticators: buildAuthenticators(realm, surroundings),
    roles: (roles ?? []).map(buildRole),
  };
}
