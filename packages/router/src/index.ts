// For users: a router and what it is told.

export {
  type AnonymousAuthenticatorOptions,
  anonymousAuthenticator,
} from './authentication/anonymous.js';
export { CookieAuthenticator, type CookieAuthenticatorOptions } from './authentication/cookie.js';
export {
  ProcedureUsers,
  type ProcedureUsersOptions,
  usersByProcedure,
} from './authentication/procedure-users.js';
export { StaticUsers } from './authentication/static-users.js';
export {
  type TicketAuthenticatorOptions,
  type TicketUser,
  ticketAuthenticator,
} from './authentication/ticket.js';
export { type TlsAuthenticatorOptions, type TlsUser, tlsAuthenticator } from './authentication/tls.js';
export type { Users } from './authentication/users.js';
export type { PayloadCheck, PayloadFault } from './authorization/payload-check.js';
export { type Permission, RolePermissions } from './authorization/role-permissions.js';
export { MemoryEventStore } from './event-store/memory-event-store.js';
export type { RealmLimits } from './limits.js';
export type { RealmOptions, RealmTemplateOptions, RoleOptions } from './realm/realm-options.js';
export { type AttachOptions, Router, type RouterOptions } from './router.js';
export type {
  Bug,
  Denied,
  EventDropped,
  JoinRefused,
  LockedOut,
  PayloadRefused,
  RouterEvents,
  SessionJoined,
  SessionLeft,
  Violation,
} from './router-events.js';
export type { SessionDetails } from './session/session-details.js';

// For embedders: the seams, and what implements one.

export type {
  AcceptStep,
  AuthCall,
  Authenticator,
  AuthJoined,
  AuthRequest,
  AuthStep,
  ChallengeStep,
  DenyStep,
} from './authentication/authenticator.js';
export type { KnownUser, UserRequest, UserSource } from './authentication/user-source.js';
export type {
  AuthorizationOptions,
  Authorizer,
  AuthorizerProcedure,
  Verdict,
} from './authorization/authorizer.js';
export type { Action, Decision } from './authorization/decision.js';
export { permissionsAuthorizer } from './authorization/permissions-authorizer.js';
export type {
  EventHistory,
  EventStore,
  HistoryOptions,
  RetainedEvents,
  RetainOptions,
} from './event-store/event-store.js';
export type { StoredEvent } from './event-store/stored-event.js';
export { UriMatcher } from './uri/uri-matcher.js';
