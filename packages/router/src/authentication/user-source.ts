import type { Dict } from '@wampkit/protocol';
import type { AcceptStep, AuthRequest, DenyStep } from './authenticator.js';

/** What every user has, whatever proves it. */
export interface KnownUser {
  /** The role of its sessions. */
  readonly role: string;
  /** Who it is, where that is not the authid it joins as. */
  readonly authid?: string;
  /** The realm that it joins, where that is not the one it asked for. */
  readonly realm?: string;
  /** WELCOME.Details.authextra. */
  readonly extra?: Dict;
}

/** Who wants to be found. */
export interface UserRequest extends AuthRequest {
  readonly authmethod: string;
  /** What it proves itself with, in methods that show that to the router: a ticket or a token. */
  readonly ticket?: string;
}

/** Where a method finds its users. */
export interface UserSource<User extends KnownUser> {
  /** WELCOME.Details.authprovider, such as `static` or `dynamic`. */
  readonly authprovider: string;
  /** Whether whom it finds has been proven by that: it judged the ticket itself. */
  readonly judges: boolean;
  /** The user who asks, `undefined` when there is none, or why it is refused. A throw refuses as `Authenticator` says. */
  find(request: UserRequest): User | undefined | DenyStep | Promise<User | undefined | DenyStep>;
  /**
   * Somebody whom an authid that nobody has is taken for until it is refused, so that its challenge and the time that
   * it takes do not tell it apart: always the same for one authid. `undefined` when there is nobody.
   */
  decoy(authid: string): User | undefined;
}

/** Lets a user in. */
export function acceptUser(
  user: KnownUser,
  as: { readonly authid: string; readonly authprovider: string; readonly authextra?: Dict },
): AcceptStep {
  const authextra =
    user.extra === undefined && as.authextra === undefined
      ? {}
      : { authextra: { ...user.extra, ...as.authextra } };
  return {
    type: 'accept',
    authid: user.authid ?? as.authid,
    authrole: user.role,
    authprovider: as.authprovider,
    ...authextra,
    ...(user.realm === undefined ? {} : { realm: user.realm }),
  };
}

/** Whether a lookup, or a step, refuses. */
export function isDenial(found: object | undefined): found is DenyStep {
  return found !== undefined && (found as Partial<DenyStep>).type === 'deny';
}
