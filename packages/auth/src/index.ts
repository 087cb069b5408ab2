// For users: what a client joins with.
export { anonymous } from './anonymous.js';
export { cookie, tls } from './by-transport.js';
export type {
  AuthAnswer,
  ClientAuthenticator,
  ClientHandshake,
  HandshakeContext,
  StatefulAuthenticator,
} from './client-authenticator.js';
export { jwt } from './jwt.js';
export type { Secret } from './secret.js';
// For embedders: the router's half.
export { secretsMatch } from './secrets-match.js';
export { ticket } from './ticket.js';
export { ticketMatches } from './ticket-matches.js';
