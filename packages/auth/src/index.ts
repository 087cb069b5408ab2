// For users: what a client joins with.
export { anonymous } from './anonymous.js';
export type { AuthAnswer, ClientAuthenticator } from './client-authenticator.js';
export { ticket } from './ticket.js';
// For embedders: the router's half.
export { ticketMatches } from './ticket-matches.js';
