// For users: a router and what it is told.

// For embedders: the seams.
export type {
  AcceptStep,
  Authenticator,
  AuthRequest,
  AuthStep,
  ChallengeStep,
  DenyStep,
} from './authenticator.js';
export { anonymousAuthenticator } from './authenticators/anonymous.js';
export {
  type TicketAuthenticatorOptions,
  type TicketUser,
  ticketAuthenticator,
} from './authenticators/ticket.js';
export type { RealmLimits } from './limits.js';
export type { RealmOptions, RoleOptions } from './realm-options.js';
export type { Action, Permission } from './role-permissions.js';
export { type Decision, RolePermissions } from './role-permissions.js';
export { type AttachOptions, Router, type RouterOptions } from './router.js';
export type {
  Bug,
  Denied,
  EventDropped,
  JoinRefused,
  RouterEvents,
  SessionJoined,
  SessionLeft,
  Violation,
} from './router-events.js';
export type { SessionDetails } from './session-details.js';
export { UriMatcher } from './uri-matcher.js';
