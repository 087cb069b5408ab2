/**
 * Authentication by WAMP-SCRAM.
 *
 * @module
 */
// For users.
export type { ScramUser } from './authentication/read-scram-user.js';
export { type WampScramAuthenticatorOptions, wampScramAuthenticator } from './authentication/wamp-scram.js';
