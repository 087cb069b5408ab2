/**
 * Authentication by WAMP-SCRAM.
 *
 * @module
 */
// For users.
export {
  type ScramUser,
  type WampScramAuthenticatorOptions,
  wampScramAuthenticator,
} from './authentication/wamp-scram.js';
