/**
 * For tests of code that uses the client: a router's end in hand, without a socket; and time in hand. A test that wants
 * a real router attaches it to an end of a peer pair: `router.attach(routerEnd)`, `connect('', { peer: clientEnd })`.
 *
 * @module
 */
// What a scripted router reads and sends.
export {
  Abort,
  Authenticate,
  Call,
  Cancel,
  Challenge,
  createPeerPair,
  ErrorMessage,
  Event,
  Goodbye,
  Hello,
  Interrupt,
  Invocation,
  Payload,
  Publish,
  Published,
  Register,
  Registered,
  Result,
  Subscribe,
  Subscribed,
  Unregister,
  Unregistered,
  Unsubscribe,
  Unsubscribed,
  Welcome,
  Yield,
} from '@wampkit/protocol';
export { ManualClock } from './scripted/manual-clock.js';
export { joinScripted, type ScriptedClient } from './scripted/scripted-client.js';
export { ScriptedListener } from './scripted/scripted-listener.js';
export { ScriptedPeer } from './scripted/scripted-peer.js';
