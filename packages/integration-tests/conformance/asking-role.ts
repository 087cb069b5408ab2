import type { RoleOptions } from '@wampkit/router';

const procedure = 'org.wampkit.conformance.authorize';

/** A role for the checks of authorizers, which play that procedure themselves. */
export const askingRole: RoleOptions = {
  name: 'anonymous',
  permissions: [{ uri: procedure, allow: ['register'] }],
  authorizer: { procedure },
};
