import { ticketMatches } from '@wampkit/auth';
import { ErrorUri, emptyDict } from '@wampkit/protocol';
import type { Authenticator, AuthStep } from './authenticator.js';

/** A user who proves itself by a ticket. */
export interface TicketUser {
  readonly ticket: string;
  readonly role: string;
}

/** Options of `ticketAuthenticator`. */
export interface TicketAuthenticatorOptions {
  /** By authid. */
  readonly users: Readonly<Record<string, TicketUser>>;
}

/**
 * Ticket authentication against a fixed list of users (TICK-01).
 *
 * Every authid is challenged and its ticket compared, also one that nobody has, so that time does not tell them
 * apart. An unknown authid is refused with `wamp.error.no_such_principal`, a wrong ticket with
 * `wamp.error.authentication_denied` (AUTH-04).
 */
export function ticketAuthenticator(options: TicketAuthenticatorOptions): Authenticator {
  const users = new Map(Object.entries(options.users));
  return {
    method: 'ticket',
    start({ authid }) {
      if (authid === undefined) return missingAuthid;
      const user = users.get(authid);
      return {
        type: 'challenge',
        extra: emptyDict,
        answer: (ticket) => judge(authid, user, ticket),
      };
    },
  };
}

const missingAuthid: AuthStep = {
  type: 'deny',
  reason: ErrorUri.AuthenticationFailed,
  message: 'ticket authentication needs HELLO.Details.authid',
};

function judge(authid: string, user: TicketUser | undefined, ticket: string): AuthStep {
  const matches = ticketMatches(user?.ticket ?? '', ticket);
  if (user === undefined)
    return { type: 'deny', reason: ErrorUri.NoSuchPrincipal, message: `no user "${authid}"` };
  if (!matches) return { type: 'deny', reason: ErrorUri.AuthenticationDenied, message: 'wrong ticket' };
  return { type: 'accept', authid, authrole: user.role };
}
