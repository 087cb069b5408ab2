/**
 * For tests of code that uses the client: a router's end in hand, without a socket; and time in hand. A test that wants
 * a real router attaches it to an end of a peer pair: `router.attach(routerEnd)`, `connect('', { peer: clientEnd })`.
 *
 * @module
 */
export { createPeerPair } from '@wampkit/protocol';
export { ManualClock } from './manual-clock.js';
export { joinScripted, type ScriptedClient } from './scripted-client.js';
export { ScriptedListener } from './scripted-listener.js';
export { ScriptedPeer } from './scripted-peer.js';
