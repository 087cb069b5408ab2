/**
 * The WAMP client for Node: WebSocket, RawSocket and long-poll, JSON; MessagePack and CBOR from `/msgpack` and `/cbor`.
 *
 * @module
 */
import { jsonSerializer } from '@wampkit/serializer';
import { type ConnectPeerOptions, connectPeer } from '@wampkit/transport/connect';
import { createConnect } from './connection/connect.js';

export { jsonSerializer } from '@wampkit/serializer';
export * from './exports.js';

/**
 * Connects to a router and joins a realm. Several URLs are tried in order, now and at each reconnect: `ws://`, `wss://`,
 * over RawSocket `tcp://host:port`, `tcps://host:port`, `unix:/path`, and as long-poll `http://`, `https://`.
 *
 * @throws {ConfigError} there is no URL
 * @throws {ConnectError} no transport could be made
 * @throws {JoinError} the router refused, with `uri`, `details`, `args` and `kwargs` of its ABORT, or did not answer
 * @throws {CanceledError} `signal` aborted
 * @example
 * await using client = await connect(['wss://a.example/ws', 'wss://b.example/ws'], {
 *   realm: 'realm1',
 *   auth: ticket('joe', () => readFile('/run/secrets/ticket', 'utf8')),
 * });
 * const { value } = await client.call('com.example.add', { args: [2, 3] });
 */
export const connect = createConnect({
  // The transport's types say Buffer where any Uint8Array will do.
  connectPeer: (url, options) => connectPeer(url, options as ConnectPeerOptions),
  serializers: [jsonSerializer],
});
