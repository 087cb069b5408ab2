/**
 * A client of the meta API: who is joined, what is registered, subscribed and described, and how to end it. An entry of its own, so
 * that who does not use it does not load it.
 *
 * @module
 */
// For users.
export type {
  AuthorizationInfo,
  AuthorizationMeta,
  AuthorizedAction,
  ExplainOptions,
} from './meta/authorization-meta.js';
export type { EndOptions } from './meta/end-options.js';
export type { HistoryEvent, HistoryQuery } from './meta/history.js';
export { type MetaApi, meta } from './meta/meta-api.js';
export type { IdsByMatch, MetaClient } from './meta/meta-call.js';
export type {
  Defined,
  DefinedKind,
  DefineOptions,
  ReflectionMeta,
  Undescribed,
} from './meta/reflection-meta.js';
export type { RegistrationInfo, RegistrationMeta } from './meta/registration-meta.js';
export type { SessionInfo, SessionLeft, SessionMeta, SessionsOptions } from './meta/session-meta.js';
export type { SubscriptionInfo, SubscriptionMeta } from './meta/subscription-meta.js';
export type { TestamentOptions } from './meta/testament.js';
