export { FakeClock } from './fake-clock.js';
export { Greeter, type GreetOptions, nextOf, reasonOf } from './greeter.js';
export { type PeerFixture, type PeerPair, testPeerContract } from './peer-contract.js';
export { allRoles, ScriptedPeer, SteerablePeer, toWire, turn, type WireMessage } from './scripted-peer.js';
export { testTls } from './test-tls.js';
export { readVectors, type SerializationVector, type ValidationVector, type Vectors } from './vectors.js';
