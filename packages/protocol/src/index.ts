// For users: what messages, errors and URIs are called.

export { CloseUri, ErrorUri } from './error-uris.js';
export {
  CallError,
  CanceledError,
  ConfigError,
  ConnectError,
  ConnectionLostError,
  JoinError,
  ProtocolError,
  RequestError,
  type RequestErrorOptions,
  TimeoutError,
  WampError,
  type WampErrorOptions,
} from './errors.js';
export { MessageCode, messageName, type RequestType } from './message-code.js';
export {
  describeUriFault,
  isMatchPolicy,
  isReservedUri,
  isUri,
  type MatchPolicy,
  type UriCheck,
} from './uri.js';

// For embedders: messages and the seams.

export { type Clock, systemClock, type Timer } from './clock.js';
export { checkDict, dictKeys } from './dict-schema.js';
export {
  type ClientRole,
  type Features,
  hasFeature,
  type Roles,
  type RouterRole,
} from './features.js';
export { type IdSource, isId, MAX_ID, RandomIds, SequentialIds } from './id.js';
export { createPeerPair } from './memory-peer.js';
export {
  createMessage,
  type FieldKind,
  type MessageShape,
  messageShape,
  messageValues,
} from './message-shape.js';
export {
  Abort,
  Authenticate,
  Call,
  Cancel,
  Challenge,
  type Dict,
  ErrorMessage,
  Event,
  EventReceived,
  emptyDict,
  Goodbye,
  Hello,
  Interrupt,
  Invocation,
  type Message,
  Publish,
  Published,
  Register,
  Registered,
  Result,
  Subscribe,
  Subscribed,
  Unregister,
  Unregistered,
  Unsubscribe,
  Unsubscribed,
  Welcome,
  Yield,
} from './messages.js';
export { type Args, type Kwargs, Payload, type PayloadCount } from './payload.js';
export type { ChannelBindingType, ClientCertificate, CloseReason, Peer, TransportInfo } from './peer.js';
export type { Serializer, SerializerName } from './serializer.js';
export { SharedMessage } from './shared-message.js';
export { isDict } from './value-check.js';
