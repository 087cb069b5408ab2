/**
 * Authentication by WAMP-CRA.
 *
 * @module
 */
// For users.
export {
  type WampcraAuthenticatorOptions,
  type WampcraUser,
  wampcraAuthenticator,
} from './authentication/wampcra.js';
