import { ConfigError } from '@wampkit/protocol';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import { JWKS_TIMEOUT, SHORTEST_SHARED_KEY } from '../limits.js';

/** What tokens are signed by: the URL of a key set, a key set, or a shared key. */
export type JwtKeys =
  /** `https:`, or `http:` on this machine. Fetched when it is needed, held, and fetched anew for a key that is not in it. */
  | { readonly jwks: string }
  /** Or who is asked for it, when it may change. */
  | { readonly keySet: JSONWebKeySet | (() => JSONWebKeySet) }
  /** At least 32 octets; a text is taken in UTF-8. */
  | { readonly secret: string | Uint8Array };

/** A key, or who finds it by a token's header, and the only algorithms that it may be used with. */
export interface OpenJwtKeys {
  readonly key: JWTVerifyGetKey;
  readonly algorithms: readonly string[];
}

/* Never both kinds at once: a public key must not become the secret of an HMAC. */
const ASYMMETRIC = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
const SYMMETRIC = ['HS256'];

/** @throws {ConfigError} for a URL that is not safe, a shared key that is too short, or what is no key set */
export function openJwtKeys(keys: JwtKeys): OpenJwtKeys {
  if ('secret' in keys) return { key: sharedKey(keys.secret), algorithms: SYMMETRIC };
  if ('jwks' in keys) return { key: remoteKeys(keys.jwks), algorithms: ASYMMETRIC };
  return { key: localKeys(keys.keySet), algorithms: ASYMMETRIC };
}

function sharedKey(secret: string | Uint8Array): JWTVerifyGetKey {
  const octets = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret;
  if (octets.length < SHORTEST_SHARED_KEY)
    throw new ConfigError(`jwt: a shared key must have at least ${SHORTEST_SHARED_KEY} octets`); // RFC 7518, 3.2
  return (async () => octets) as unknown as JWTVerifyGetKey;
}

function remoteKeys(jwks: string): JWTVerifyGetKey {
  const url = parseUrl(jwks);
  const isLocal = url !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
  if (url === null || (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)))
    throw new ConfigError('jwt: the URL of a key set must be https:, or http: on this machine');
  return createRemoteJWKSet(url, { timeoutDuration: JWKS_TIMEOUT });
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function localKeys(keySet: JSONWebKeySet | (() => JSONWebKeySet)): JWTVerifyGetKey {
  const give = typeof keySet === 'function' ? keySet : () => keySet;
  let of = give();
  let find = openKeySet(of);
  return ((header, token) => {
    const now = give();
    if (now !== of) [of, find] = [now, openKeySet(now)];
    return find(header, token);
  }) as JWTVerifyGetKey;
}

function openKeySet(keySet: JSONWebKeySet): ReturnType<typeof createLocalJWKSet> {
  try {
    return createLocalJWKSet(keySet);
  } catch (error) {
    if (error instanceof errors.JOSEError) throw new ConfigError('jwt: this is no JSON Web Key Set');
    throw error;
  }
}
