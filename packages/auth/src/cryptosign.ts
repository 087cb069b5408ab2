/**
 * Both halves of WAMP-Cryptosign: an Ed25519 key signs a challenge (CS-01 to CS-05). Without trust roots (CS-06) and
 * attestation (CS-07).
 *
 * @module
 */
// For users: what a client joins with, and its key.

export { type CryptosignOptions, type CryptosignSigner, cryptosign } from './cryptosign/cryptosign.js';
export { type CryptosignKey, cryptosignPublicKey, generateCryptosignKey } from './cryptosign/key.js';

// For embedders: the router's half.

export { cryptosignChannelId } from './cryptosign/channel-id.js';
export { createCryptosignChallenge, signCryptosign, verifyCryptosign } from './cryptosign/sign-cryptosign.js';
