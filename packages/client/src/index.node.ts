import { ConnectError } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { createConnect } from './connect.js';

export * from './exports.js';

/**
 * Connects to a router and joins a realm.
 *
 * @example
 * const client = await connect('wss://router.example/ws', { realm: 'realm1' });
 */
export const connect = createConnect({
  connectPeer: (url) => Promise.reject(new ConnectError(`cannot connect to ${url}: pass connectPeer`)),
  serializers: [jsonSerializer],
});
