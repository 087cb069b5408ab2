import {
  type Authenticator,
  anonymousAuthenticator,
  type HistoryOptions,
  type RealmOptions,
  type RealmTemplateOptions,
  ticketAuthenticator,
} from '@wampkit/router';
import { buildRole } from './build-role.js';
import type { AuthenticationConfig } from './config/authentication-schema.js';
import type { RealmConfig } from './config/realm-schema.js';
import type { RouterConfig } from './config/schema.js';

/** What a config says of the realms that the router serves, and of those that it makes from templates. */
export function buildRealms(config: RouterConfig): (RealmOptions | RealmTemplateOptions)[] {
  return config.realms.map((realm) => {
    const options = buildRealm(realm);
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

function buildRealm(realm: RealmConfig): Omit<RealmOptions, 'name'> {
  const { subscriptionsPerSession, registrationsPerSession, pendingCallsPerSession, sessions } = realm.limits;
  return {
    uriCheck: realm.uriCheck,
    requestIds: realm.requestIds,
    metaApi: realm.metaApi,
    sessionKill: realm.sessionKill,
    history: realm.history.map(buildHistory),
    retain: realm.retain,
    limits: { sessions, subscriptionsPerSession, registrationsPerSession, pendingCallsPerSession },
    callTimeout: realm.callTimeout,
    maxCallTimeout: realm.maxCallTimeout,
    slowConsumer: { events: realm.slowConsumer.events },
    ...buildAccess(realm),
  };
}

function buildHistory({ maxAge, ...history }: RealmConfig['history'][number]): HistoryOptions {
  return maxAge === undefined ? history : { ...history, maxAge };
}

/** Neither authentication nor roles: an open realm. Once either is there nothing is implied (DESIGN §5). */
function buildAccess({ authentication, roles }: RealmConfig): Pick<RealmOptions, 'authenticators' | 'roles'> {
  if (authentication === undefined && roles === undefined) return {};
  return {
    authenticators: (authentication ?? []).flatMap(buildAuthenticator),
    roles: (roles ?? []).map(buildRole),
  };
}

/** A method that is not built yet is not offered. */
function buildAuthenticator(method: AuthenticationConfig): Authenticator[] {
  if (method.authenticator !== undefined) return [];
  if (method.method === 'anonymous') return [anonymousAuthenticator({ role: method.role })];
  if (method.method === 'ticket') return [ticketAuthenticator({ users: method.users ?? {} })];
  return [];
}
