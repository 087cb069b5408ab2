import type { ClientHandshake } from './client-authenticator.js';

/**
 * Joins without proof of identity: authmethod `anonymous`. Offer it after others to be let in either way.
 *
 * @param authid a wish; the router may assign another
 * @example
 * connect(url, { realm: 'realm1', auth: [ticket('joe', 'secret'), anonymous()] });
 */
export function anonymous(authid?: string): ClientHandshake {
  const answer = () => ({ signature: '' });
  return authid === undefined ? { method: 'anonymous', answer } : { method: 'anonymous', authid, answer };
}
