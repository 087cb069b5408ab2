import { type Dict, ProtocolError } from '@wampkit/protocol';
import type { ClientHandshake } from '../client-authenticator.js';
import { readSecret, type Secret } from '../secret.js';
import { deriveWampcraKey } from './derive-wampcra-key.js';
import { signWampcra } from './sign-wampcra.js';

/**
 * Signs challenges for a client that does not hold the secret (CRA-05): asks the party that does.
 *
 * @param challenge what to sign, exactly as it came; the JSON in it says who joins, and as what
 * @param extra all of `CHALLENGE.Extra`, with `salt`, `iterations` and `keylen` where the secret is salted
 * @returns the signature in base64, as `signWampcra` makes it
 */
export type ChallengeSigner = (challenge: string, extra: Dict) => string | Promise<string>;

/** The secret, who is asked for it at each handshake, or who signs in our place. */
export type WampcraSecret = Secret | { readonly signer: ChallengeSigner };

/**
 * Joins by a secret that never crosses the wire (CRA-01 to CRA-05). Salted secrets are derived as the router asks, within
 * `limits`.
 *
 * @param authid who joins
 * @param secret the secret before salting; or a signer, for signing elsewhere
 * @example
 * connect(url, { realm: 'realm1', auth: wampcra('ann', 'ann-secret') });
 * @example
 * const signer = (challenge: string) => fetch('/sign', { method: 'POST', body: challenge }).then((r) => r.text());
 * connect(url, { realm: 'realm1', auth: wampcra('ann', { signer }) });
 */
export function wampcra(authid: string, secret: WampcraSecret): ClientHandshake {
  return {
    method: 'wampcra',
    authid,
    answer: async (extra) => {
      const { challenge } = extra;
      if (typeof challenge !== 'string') throw malformed('challenge', 'a string');
      if (typeof secret === 'object') return { signature: await secret.signer(challenge, extra) };
      return { signature: await signWampcra(await keyOf(await readSecret(secret), extra), challenge) };
    },
  };
}

/* Some routers send an empty salt where there is none. */
function keyOf(secret: string, { salt, iterations, keylen }: Dict): string | Promise<string> {
  if (salt === undefined || salt === null || salt === '') return secret;
  if (typeof salt !== 'string') throw malformed('salt', 'a string');
  return deriveWampcraKey(secret, {
    salt,
    iterations: costOf('iterations', iterations, 1000),
    keylen: costOf('keylen', keylen, 32),
  });
}

function costOf(name: string, value: unknown, byDefault: number): number {
  if (value === undefined || value === null) return byDefault;
  if (typeof value !== 'number') throw malformed(name, 'an integer');
  return value;
}

function malformed(key: string, expected: string): ProtocolError {
  return new ProtocolError(`CHALLENGE.Extra.${key} is not ${expected}`);
}
