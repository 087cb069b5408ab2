/**
 * Authentication by JSON Web Tokens; an entry of its own, for it is built on `jose`.
 *
 * @module
 */
// For users.
export { type JwtAuthenticatorOptions, jwtAuthenticator } from './authentication/jwt.js';
export type { JwtKeys } from './authentication/jwt-keys.js';
