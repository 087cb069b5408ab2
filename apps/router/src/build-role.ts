import type { Permission, RoleOptions } from '@wampkit/router';
import type { PermissionConfig, RoleConfig } from './config/role-schema.js';
import { buildPayloadCheck, type PayloadSchemas } from './payload-schemas/build-payload-check.js';

/** What a config says of a role. */
export function buildRole({ name, permissions, trustlevel, authorizer, ...role }: RoleConfig): RoleOptions {
  const { authorizerRealm, authorizerTimeout, authorizerCacheTime } = role;
  const options = {
    name,
    permissions: permissions.map(buildPermission),
    ...(trustlevel === undefined ? {} : { trustlevel }),
  };
  if (authorizer === undefined) return options;
  const realm = authorizerRealm === undefined ? {} : { realm: authorizerRealm };
  return {
    ...options,
    authorizer: { procedure: authorizer, ...realm },
    authorizerTimeout,
    authorizerCacheTime,
  };
}

function buildPermission({ schema, ...permission }: PermissionConfig): Permission {
  // reading the config has put what they hold in the place of files
  return schema === undefined
    ? permission
    : { ...permission, check: buildPayloadCheck(schema as PayloadSchemas) };
}
