import type { Authorizer } from './authorizer.js';
import { type Permission, RolePermissions } from './role-permissions.js';

/**
 * An authorizer that decides by rules, at once: the in-memory one.
 *
 * @throws {ConfigError} when a rule's URI is malformed for its match policy, or two rules are for the same
 */
export function permissionsAuthorizer(permissions: readonly Permission[]): Authorizer {
  const rules = new RolePermissions(permissions);
  return {
    name: 'permissions',
    authorize(_, uri, action, { match }) {
      const { allowed, discloseCaller, disclosePublisher } = rules.decidePattern(action, uri, match);
      return { allow: allowed, disclose: action === 'publish' ? disclosePublisher : discloseCaller };
    },
  };
}
