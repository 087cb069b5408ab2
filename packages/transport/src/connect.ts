// For users: connect, without what only a listener needs.
export type { ConnectPeerOptions, ConnectTls } from './connect/connect-options.js';
export { connectPeer } from './connect/connect-peer.js';
export type { PeerOptions } from './peer/peer-host.js';
