import { ErrorUri } from '@wampkit/protocol';
import type { DenyStep } from './authenticator.js';

/* AUTH-04, in the words of the specification's list of URIs. */

/** Nobody has this name. */
export function noSuchPrincipal(authid: string): DenyStep {
  return { type: 'deny', reason: ErrorUri.NoSuchPrincipal, message: `no user ${shown(authid)}` };
}

/** What was shown does not prove the user, such as a wrong ticket. */
export function denied(message: string): DenyStep {
  return { type: 'deny', reason: ErrorUri.AuthenticationDenied, message };
}

/** It could not be carried out. */
export function failed(message: string): DenyStep {
  return { type: 'deny', reason: ErrorUri.AuthenticationFailed, message };
}

/** The router has too much of this to do. */
export const busy: DenyStep = failed('too many authentications are under way; try again in a moment');

/** The client gave nothing to prove itself with. */
export function required(message: string): DenyStep {
  return { type: 'deny', reason: ErrorUri.AuthenticationRequired, message };
}

/** The client named nobody, in a method that cannot go without. */
export function authidRequired(method: string): DenyStep {
  return required(`${method} needs HELLO.Details.authid`);
}

function shown(authid: string): string {
  return JSON.stringify(authid.length > SHOWN ? `${authid.slice(0, SHOWN)}...` : authid);
}

const SHOWN = 64;
