import type { ClientHandshake } from './client-authenticator.js';

/**
 * Joins by the certificate that the client showed in TLS: authmethod `tls` (AUTH-05). Nothing is asked beyond it.
 *
 * @param authid a wish; the certificate decides
 */
export function tls(authid?: string): ClientHandshake {
  return byTransport('tls', authid);
}

/**
 * Joins by a cookie that an earlier session got, and that the browser brings by itself: authmethod `cookie` (AUTH-05).
 * Offer it first, and before it fails another method follows.
 *
 * @param authid a wish; the cookie decides
 */
export function cookie(authid?: string): ClientHandshake {
  return byTransport('cookie', authid);
}

function byTransport(method: string, authid: string | undefined): ClientHandshake {
  const answer = () => ({ signature: '' });
  return authid === undefined ? { method, answer } : { method, authid, answer };
}
