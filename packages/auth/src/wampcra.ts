/**
 * Both halves of WAMP-CRA: a secret that both know, or a key derived from it, signs a challenge (CRA-01 to CRA-05).
 *
 * @module
 */
// For users: what a client joins with, and what a config stores.

export { deriveWampcraKey, type WampcraCosts } from './wampcra/derive-wampcra-key.js';
export { type ChallengeSigner, type WampcraSecret, wampcra } from './wampcra/wampcra.js';

// For embedders: the router's half, and who signs for others.

export { signWampcra, verifyWampcra } from './wampcra/sign-wampcra.js';
