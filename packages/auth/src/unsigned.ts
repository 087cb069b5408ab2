import type { ClientHandshake } from './client-authenticator.js';

/**
 * Joins without proof of identity: authmethod `anonymous`. Offer it after others to be let in either way.
 *
 * @param authid a wish; the router may assign another
 * @example
 * connect(url, { realm: 'realm1', auth: [ticket('joe', 'secret'), anonymous()] });
 */
export function anonymous(authid?: string): ClientHandshake {
  return unsigned('anonymous', authid);
}

/**
 * Joins by the certificate that the client showed in TLS: authmethod `tls` (AUTH-05). Nothing is asked beyond it.
 *
 * @param authid a wish; the certificate decides
 */
export function tls(authid?: string): ClientHandshake {
  return unsigned('tls', authid);
}

/**
 * Joins by a cookie that an earlier session got, and that the browser brings by itself: authmethod `cookie` (AUTH-05).
 * Offer it first, and before it fails another method follows.
 *
 * @param authid a wish; the cookie decides
 */
export function cookie(authid?: string): ClientHandshake {
  return unsigned('cookie', authid);
}

/* An empty signature answers, should there be a CHALLENGE all the same. */
function unsigned(method: string, authid: string | undefined): ClientHandshake {
  const answer = () => ({ signature: '' });
  return authid === undefined ? { method, answer } : { method, authid, answer };
}
