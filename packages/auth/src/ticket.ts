import type { ClientHandshake } from './client-authenticator.js';
import { readSecret, type Secret } from './secret.js';

/**
 * Joins by a ticket (TICK-01). The ticket crosses the wire as it is: use it over TLS.
 *
 * @param authid who joins
 * @param ticket the ticket, or a function that is asked for it at each handshake, so that a short-lived ticket is
 *   renewed on reconnect
 * @example
 * connect(url, { realm: 'realm1', auth: ticket('joe', () => fetch('/token').then((r) => r.text())) });
 */
export function ticket(authid: string, ticket: Secret): ClientHandshake {
  return { method: 'ticket', authid, answer: async () => ({ signature: await readSecret(ticket) }) };
}
