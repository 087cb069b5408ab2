// For users: connect from browsers, Deno and Bun, also over long-poll and in batches.
export { type ConnectLongPollOptions, connectPeer } from './web-longpoll-connect.js';
