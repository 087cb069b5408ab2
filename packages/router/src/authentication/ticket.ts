import { ticketMatches } from '@wampkit/auth';
import { emptyDict } from '@wampkit/protocol';
import type { Authenticator, AuthRequest, AuthStep } from './authenticator.js';
import { authidRequired, denied, noSuchPrincipal } from './denials.js';
import { acceptUser, isDenial, type KnownUser, type UserSource } from './user-source.js';
import { openUsers, type Users } from './users.js';

/** A user who proves itself by a ticket. */
export interface TicketUser extends KnownUser {
  readonly ticket: string;
}

/** Options of `ticketAuthenticator`. */
export interface TicketAuthenticatorOptions {
  /** By authid, or by a procedure, which judges the tickets. */
  readonly users: Users<TicketUser>;
}

/**
 * Ticket authentication (TICK-01).
 *
 * Every authid is challenged and its ticket compared, also one that nobody has, so that time does not tell them
 * apart. An unknown authid is refused with `wamp.error.no_such_principal`, a wrong ticket with
 * `wamp.error.authentication_denied` (AUTH-04).
 */
export function ticketAuthenticator(options: TicketAuthenticatorOptions): Authenticator {
  const users = openUsers<TicketUser>(options.users, (user) => ({ ...user, ticket: '' }));
  return {
    method: 'ticket',
    start(request) {
      const { authid } = request;
      if (authid === undefined) return authidRequired('ticket');
      return {
        type: 'challenge',
        extra: emptyDict,
        answer: (ticket) => judge(users, { ...request, authid }, ticket),
      };
    },
  };
}

async function judge(
  users: UserSource<TicketUser>,
  request: AuthRequest & { readonly authid: string },
  ticket: string,
): Promise<AuthStep> {
  const { authid } = request;
  const user = await users.find({ ...request, authmethod: 'ticket', ticket });
  if (isDenial(user)) return user;
  const matches = users.judges || ticketMatches(user?.ticket ?? '', ticket);
  if (user === undefined) return noSuchPrincipal(authid);
  if (!matches) return denied('wrong ticket');
  return acceptUser(user, { authid, authprovider: users.authprovider });
}
