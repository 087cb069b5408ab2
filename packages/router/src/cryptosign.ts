/**
 * Authentication by WAMP-Cryptosign.
 *
 * @module
 */
// For users.
export {
  type CryptosignAuthenticatorOptions,
  type CryptosignUser,
  cryptosignAuthenticator,
} from './authentication/cryptosign.js';
