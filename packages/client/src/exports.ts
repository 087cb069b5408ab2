// What every entry of this package exports beside its `connect`.

// For users.

export {
  type AuthAnswer,
  anonymous,
  type ClientAuthenticator,
  type ClientHandshake,
  cookie,
  type HandshakeContext,
  jwt,
  type Secret,
  type StatefulAuthenticator,
  ticket,
  tls,
} from '@wampkit/auth';
export {
  CallError,
  CanceledError,
  CloseUri,
  ConfigError,
  ConnectError,
  ConnectionLostError,
  ErrorUri,
  JoinError,
  ProtocolError,
  RequestError,
  TimeoutError,
  WampError,
} from '@wampkit/protocol';
export type { CallStream } from './calls/call-stream.js';
export type { Client, Publication } from './client.js';
export type { Direction, HookOptions, Logger } from './hooks.js';
export { CallResult, EventMessage, type ResultPayload } from './messages.js';
export type {
  CallOptions,
  CancelMode,
  ConnectOptions,
  ConnectPeer,
  ConnectPeerOptions,
  CustomOptions,
  EventStreamOptions,
  JoinOptions,
  OverflowPolicy,
  PayloadChunks,
  PayloadInput,
  PublishOptions,
  ReconnectOptions,
  RegisterOptions,
  ResultInput,
  StreamOptions,
  SubscribeOptions,
  TransportOptions,
} from './options.js';
export type { PassthruOptions } from './passthru/passthru-options.js';
export type {
  InvocationChunk,
  InvocationContext,
  InvocationHandler,
} from './registrations/invocation-context.js';
export type { Registration } from './registrations/registration.js';
export { result } from './result.js';
export type { EndReason } from './session/kept.js';
export type { SessionDetails } from './session/session-details.js';
export type { ClientStatus, StatusEvent } from './status.js';
export type { EventHandler, EventStream, Subscription } from './subscriptions/subscription.js';

// For embedders: to make a `connect` of other transports or serializers, or a codec of payloads.

export { type Connect, createConnect, type Platform } from './connection/connect.js';
export type { PayloadCodec } from './payload-codec.js';
