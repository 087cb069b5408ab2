/**
 * For tests of code that uses the client: a router's end in hand, without a socket. A test that wants a real router
 * attaches one to the other end: `router.attach(peer)`.
 *
 * @example
 * const [clientEnd, routerEnd] = createPeerPair();
 * const router = new ScriptedPeer(routerEnd);
 * const connecting = connect('', { realm: 'realm1', peer: clientEnd });
 * await router.welcome();
 * const client = await connecting;
 * @module
 */
export { createPeerPair } from '@wampkit/protocol';
export { ScriptedListener } from './scripted-listener.js';
export { ScriptedPeer } from './scripted-peer.js';
