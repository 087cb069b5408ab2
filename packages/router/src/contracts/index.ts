// For embedders: the seams of the router, and the checks that whoever implements one runs.
export type {
  AcceptStep,
  Authenticator,
  AuthRequest,
  AuthStep,
  ChallengeStep,
  DenyStep,
} from '../authentication/authenticator.js';
export type { AuthorizationOptions, Authorizer, Verdict } from '../authorization/authorizer.js';
export type { Action } from '../authorization/decision.js';
export type {
  EventHistory,
  EventStore,
  HistoryOptions,
  RetainedEvents,
  RetainOptions,
} from '../event-store/event-store.js';
export type { StoredEvent } from '../event-store/stored-event.js';
export {
  type AuthAttempt,
  type AuthenticatorFixture,
  authenticatorContract,
  type ContractCheck,
} from './authenticator-contract.js';
export {
  type AuthorizationAttempt,
  type AuthorizerFixture,
  authorizerContract,
} from './authorizer-contract.js';
export { type EventStoreFixture, eventStoreContract } from './event-store-contract.js';
