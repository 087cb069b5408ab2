import type { ClientHandshake } from './client-authenticator.js';
import { readSecret, type Secret } from './secret.js';

/**
 * Joins by a JSON Web Token, which says who joins. It crosses the wire as it is: use it over TLS. The session ends when
 * the token does, so give a function where sessions live longer: it is asked at each handshake, reconnects included.
 *
 * @example
 * connect(url, { realm: 'realm1', auth: jwt(() => fetch('/token').then((response) => response.text())) });
 */
export function jwt(token: Secret): ClientHandshake {
  return { method: 'jwt', answer: async () => ({ signature: await readSecret(token) }) };
}
