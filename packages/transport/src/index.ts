// For users: open a port, embed in a server, connect.

export type { ConnectPeerOptions, ConnectTls } from './connect/connect-options.js';
export { connectPeer } from './connect/connect-peer.js';
export { limits } from './limits.js';
export {
  type Arrival,
  createListener,
  type Listener,
  type ListenerOptions,
  type ListenerProtocol,
  type ListenerTls,
} from './listener/listener.js';
export type { CookieOptions } from './listener/signed-cookie.js';
export { type AttachLongPollOptions, attachLongPoll } from './longpoll/attach-longpoll.js';
export type { LongPollOptions } from './longpoll/longpoll-gate.js';
export type { PeerOptions } from './peer/peer-host.js';
export { type AttachOptions, attachWebSocket } from './websocket/attach-websocket.js';
export type { WebSocketOptions } from './websocket/websocket-gate.js';
