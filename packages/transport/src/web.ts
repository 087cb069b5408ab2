// For users: connect from browsers, Deno and Bun, over the platform's WebSocket.
export { connectPeer } from './web-connect.js';
export type { ConnectWebOptions, WebSocketConstructor, WebSocketLike } from './web-options.js';
