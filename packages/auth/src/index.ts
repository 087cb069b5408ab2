// For users: what a client joins with.

export type {
  AuthAnswer,
  ClientAuthenticator,
  ClientHandshake,
  HandshakeContext,
  StatefulAuthenticator,
} from './client-authenticator.js';
export { jwt } from './jwt.js';
export type { Secret } from './secret.js';
export { ticket } from './ticket.js';
export { anonymous, cookie, tls } from './unsigned.js';

// For embedders: the router's half.

export { secretsMatch } from './secrets-match.js';
export { ticketMatches } from './ticket-matches.js';
