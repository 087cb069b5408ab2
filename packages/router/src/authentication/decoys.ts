import { mockScramUser } from '@wampkit/auth/wamp-scram';

/**
 * Octets that look random, always the same for one authid, which nobody can tell from those of a user (SCRAM-03).
 *
 * @param secret known to the router alone
 */
export function decoyOctets(secret: string, authid: string, length: number): Uint8Array {
  const octets: number[] = [];
  for (let block = 0; octets.length < length; block++) {
    const { salt } = mockScramUser(secret, block === 0 ? authid : `${authid}\u0000${block}`);
    octets.push(...octetsOf(salt));
  }
  return Uint8Array.from(octets.slice(0, length));
}

/** A salt as long as another, in the same letters. */
export function decoySalt(secret: string, authid: string, like: string): string {
  const letters = /^[0-9a-f]*$/.test(like) ? HEX : /^[a-z0-9_-]*$/.test(like) ? LOWER : BASE64;
  return [...decoyOctets(secret, authid, like.length)]
    .map((octet) => letters[octet % letters.length])
    .join('');
}

const HEX = '0123456789abcdef';
const LOWER = 'abcdefghijklmnopqrstuvwxyz012345';
const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The octets of base64, which must be well formed. */
export function octetsOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Octets in base64. */
export function base64Of(octets: Uint8Array): string {
  return btoa(String.fromCharCode(...octets));
}
