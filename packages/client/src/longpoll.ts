/**
 * A `connectPeer` for browsers whose way to the router may let no WebSocket through: `http://` and `https://` URLs are
 * long-poll. With `batched` it asks for batches over WebSocket too. In Node `connect` has both already.
 *
 * @example
 * const client = await connect(['wss://router.example/ws', 'https://router.example/lp'], { realm: 'realm1', connectPeer });
 * @module
 */
export { connectPeer } from '@wampkit/transport/web-longpoll';
