/**
 * Both halves of WAMP-SCRAM: a password that the router does not store and the wire does not carry, and a router that
 * proves to know it too (SCRAM-01 to SCRAM-10).
 *
 * @module
 */
// For users: what a client joins with, and what a config stores.

export { deriveScramKeys, type ScramKeys } from './wamp-scram/derive-scram-keys.js';
export type { ScramCosts, ScramKdf } from './wamp-scram/scram-costs.js';
export { type WampScramOptions, wampScram } from './wamp-scram/wamp-scram.js';

// For embedders: the router's half.

export {
  type ScramAuthMessageParts,
  type ScramChannelBinding,
  scramAuthMessage,
} from './wamp-scram/auth-message.js';
export { type MockScramCosts, mockScramUser, type ScramUser } from './wamp-scram/mock-scram-user.js';
export { createScramNonce, createScramSalt, extendScramNonce, isScramNonce } from './wamp-scram/nonce.js';
export { saslPrep } from './wamp-scram/sasl-prep.js';
export { type ScramVerdict, verifyScramProof } from './wamp-scram/verify-scram-proof.js';
