import { type ChannelBindingType, type Dict, ProtocolError } from '@wampkit/protocol';
import { hmacSha256 } from '#hash';
import { bindChannel, type ChannelBinding } from '../channel-binding.js';
import type {
  AuthAnswer,
  ClientHandshake,
  HandshakeContext,
  StatefulAuthenticator,
} from '../client-authenticator.js';
import { encodeBase64 } from '../encoding/base64.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { xor } from '../encoding/xor.js';
import { limits } from '../limits.js';
import { type RandomBytes, randomBytes } from '../random-bytes.js';
import { readSecret, type Secret } from '../secret.js';
import { secretsMatch } from '../secrets-match.js';
import { scramAuthMessage } from './auth-message.js';
import { createScramNonce } from './nonce.js';
import { keysOf, type PasswordKeys } from './password-keys.js';
import { readChallenge, type ScramChallenge } from './read-challenge.js';
import { saltedPassword } from './salted-password.js';
import { saslPrep } from './sasl-prep.js';

/** Options of `wampScram`. */
export interface WampScramOptions {
  /** Binds the proofs to the TLS channel, so that nobody can pass them on (SCRAM-10). */
  readonly channelBinding?: ChannelBindingType;
  /** PBKDF2 iterations below which the router is left: it may want a hash that is easily cracked (SCRAM-05). Default 4096. */
  readonly minIterations?: number;
  /** The same for argon2id13: its memory in KiB times its iterations. Default 8192. */
  readonly minWork?: number;
  /** Default: the platform's. */
  readonly random?: RandomBytes;
}

/**
 * Joins by a password that never crosses the wire and that the router does not store; the router proves to know it too
 * (SCRAM-01 to SCRAM-10). What the password was derived to is kept for the next handshake.
 *
 * @param authid who joins
 * @throws {ConfigError} for an authid that SASLprep prohibits
 * @example
 * connect(url, { realm: 'realm1', auth: wampScram('eve', 'eve-password') });
 */
export function wampScram(
  authid: string,
  password: Secret,
  options: WampScramOptions = {},
): StatefulAuthenticator {
  const name = saslPrep(authid);
  const keys = new KeyCache(password);
  return {
    method: 'wamp-scram',
    authid: name,
    begin: (context) => new Handshake(name, keys, { options, context }),
  };
}

/* Derivation is meant to be slow, and clients reconnect. */
class KeyCache {
  readonly #password: Secret;
  #of = '';
  #keys: PasswordKeys | null = null;

  constructor(password: Secret) {
    this.#password = password;
  }

  async keys({ kdf, salt, iterations, memory }: ScramChallenge): Promise<PasswordKeys> {
    const password = saslPrep(await readSecret(this.#password));
    const of = JSON.stringify([password, kdf, salt, iterations, memory]);
    if (this.#keys !== null && this.#of === of) return this.#keys;
    const keys = keysOf(await saltedPassword(password, { kdf, salt, iterations, memory }));
    [this.#of, this.#keys] = [of, keys];
    return keys;
  }
}

class Handshake implements ClientHandshake {
  readonly method = 'wamp-scram';
  readonly authid: string;
  readonly authextra: Dict;
  readonly #keys: KeyCache;
  readonly #options: WampScramOptions;
  readonly #channel: ChannelBinding | null;
  readonly #nonce: string;
  /** What the router's proof must be; empty until a challenge was answered. */
  #verifier = '';

  constructor(
    authid: string,
    keys: KeyCache,
    { options, context }: { options: WampScramOptions; context: HandshakeContext },
  ) {
    this.authid = authid;
    this.#keys = keys;
    this.#options = options;
    this.#channel = bindChannel(options.channelBinding, context);
    this.#nonce = createScramNonce(options.random ?? randomBytes);
    this.authextra = { nonce: this.#nonce, channel_binding: this.#channel?.type ?? null };
  }

  async answer(extra: Dict): Promise<AuthAnswer> {
    const challenge = readChallenge(extra, {
      clientNonce: this.#nonce,
      minIterations: this.#options.minIterations ?? limits.scramMinIterations,
      minWork: this.#options.minWork ?? limits.scramMinWork,
    });
    const { clientKey, storedKey, serverKey } = await this.#keys.keys(challenge);
    const message = this.#authMessage(challenge);
    this.#verifier = encodeBase64(hmacSha256(serverKey, message));
    const signature = encodeBase64(xor(clientKey, hmacSha256(storedKey, message)));
    return { signature, extra: this.#answerExtra(challenge.nonce) };
  }

  // SCRAM-07
  welcomed({ authextra }: Dict): void {
    const given = (authextra as Dict | undefined)?.verifier;
    if (
      this.#verifier !== '' &&
      typeof given === 'string' &&
      secretsMatch(this.#verifier, withoutPrefix(given))
    )
      return;
    throw new ProtocolError('the router does not prove that it knows the password');
  }

  #authMessage({ nonce, salt, iterations }: ScramChallenge): Uint8Array {
    const said = { authid: this.authid, clientNonce: this.#nonce, nonce, salt, iterations };
    return encodeUtf8(scramAuthMessage({ ...said, channelBinding: this.#channel }));
  }

  // SCRAM-06
  #answerExtra(nonce: string): Dict {
    const channel = this.#channel;
    return {
      nonce,
      channel_binding: channel?.type ?? null,
      cbind_data: channel === null ? null : encodeBase64(channel.data),
    };
  }
}

/* The example of the specification writes the verifier as RFC 5802 does. */
function withoutPrefix(verifier: string): string {
  return verifier.startsWith('v=') ? verifier.slice(2) : verifier;
}
