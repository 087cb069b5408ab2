import { RandomIds } from '@wampkit/protocol';
import type { Authenticator, AuthStep } from './authenticator.js';
import { denied } from './denials.js';
import type { ProcedureUsers } from './procedure-users.js';
import { acceptUser, isDenial, type KnownUser, type UserSource } from './user-source.js';
import { openUsers } from './users.js';

/** Options of `anonymousAuthenticator`: the role of these sessions, or the procedure that tells it. */
export type AnonymousAuthenticatorOptions =
  | { readonly role: string }
  | { readonly users: ProcedureUsers | UserSource<KnownUser> };

/**
 * Lets everybody in, each under an authid of its own (AUTH-03); an authid that the client asks for is ignored, for
 * nothing proves it. With `users` those tell the role, and may refuse (DYN-01).
 */
export function anonymousAuthenticator(options: AnonymousAuthenticatorOptions): Authenticator {
  const ids = new RandomIds();
  const makeAuthid = (): string => `anonymous-${ids.next().toString(36)}`;
  if ('role' in options) {
    const { role } = options;
    return {
      method: 'anonymous',
      start: () => ({ type: 'accept', authid: makeAuthid(), authrole: role }),
    };
  }
  const users = openUsers<KnownUser>(options.users, (user) => user);
  return {
    method: 'anonymous',
    async start(request): Promise<AuthStep> {
      const user = await users.find({ ...request, authmethod: 'anonymous' });
      if (user === undefined) return denied('anonymous sessions are not let in');
      return isDenial(user)
        ? user
        : acceptUser(user, { authid: makeAuthid(), authprovider: users.authprovider });
    },
  };
}
