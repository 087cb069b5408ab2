import {
  type Authenticator,
  anonymousAuthenticator,
  type RealmOptions,
  type RoleOptions,
  ticketAuthenticator,
} from '@wampkit/router';
import type { AuthenticationConfig } from './config/authentication-schema.js';
import type { RealmConfig, RoleConfig } from './config/realm-schema.js';
import type { RouterConfig } from './config/schema.js';

/** What a config says of the realms that the router serves; templates make none yet. */
export function buildRealms(config: RouterConfig): RealmOptions[] {
  return config.realms.flatMap((realm) => (realm.name === undefined ? [] : [buildRealm(realm.name, realm)]));
}

/** Realms that offer no method by which anyone could join, in words for the log. */
export function describeClosedRealms(realms: readonly RealmOptions[]): string[] {
  return realms
    .filter(({ authenticators }) => authenticators?.length === 0)
    .map(({ name }) => `realm ${name} offers no authentication method, so nobody can join it`);
}

function buildRealm(name: string, realm: RealmConfig): RealmOptions {
  const { subscriptionsPerSession, registrationsPerSession, pendingCallsPerSession, sessions } = realm.limits;
  return {
    name,
    uriCheck: realm.uriCheck,
    requestIds: realm.requestIds,
    metaApi: realm.metaApi,
    limits: { sessions, subscriptionsPerSession, registrationsPerSession, pendingCallsPerSession },
    slowConsumer: { events: realm.slowConsumer.events },
    ...buildAccess(realm),
  };
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

/** A role whose authorizer is not built yet may do nothing. */
function buildRole({ name, permissions, authorizer }: RoleConfig): RoleOptions {
  return { name, permissions: authorizer === undefined ? permissions : [] };
}
