/**
 * The WAMP client for browsers: WebSocket and JSON.
 *
 * @module
 */
import { connectPeer } from '@wampkit/transport/web';
import { createConnect } from './connection/connect.js';
import { webJsonSerializer } from './web-json.js';

export * from './exports.js';
export { webJsonSerializer as jsonSerializer } from './web-json.js';

/**
 * Connects to a router and joins a realm. Several URLs are tried in order, now and at each reconnect.
 *
 * @throws {ConfigError} there is no URL
 * @throws {ConnectError} no transport could be made
 * @throws {JoinError} the router refused, with `uri`, `details`, `args` and `kwargs` of its ABORT, or did not answer
 * @throws {CanceledError} `signal` aborted
 * @example
 * await using client = await connect('wss://router.example/ws', {
 *   realm: 'realm1',
 *   auth: ticket('joe', () => fetch('/ticket').then((response) => response.text())),
 * });
 * const { value } = await client.call('com.example.add', { args: [2, 3] });
 */
export const connect = createConnect({ connectPeer, serializers: [webJsonSerializer] });
