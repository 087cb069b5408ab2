import { type ChannelBindingType, ConfigError, type Dict, ProtocolError } from '@wampkit/protocol';
import { bindChannel, type ChannelBinding } from '../channel-binding.js';
import type { AuthAnswer, ClientHandshake, StatefulAuthenticator } from '../client-authenticator.js';
import { encodeHex } from '../encoding/hex.js';
import { cryptosignChannelId } from './channel-id.js';
import { cryptosignPublicKey, decodeKey } from './key.js';
import {
  challengeMessage,
  createCryptosignChallenge,
  signCryptosign,
  verifyCryptosign,
} from './sign-cryptosign.js';

/** Who signs in place of a private key that we do not hold: an agent, a token, a key that cannot be read. */
export interface CryptosignSigner {
  /** 64 hex digits. */
  readonly publicKey: string;
  /** The Ed25519 signature, 64 octets, of a message of 32. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** Options of `cryptosign`. */
export interface CryptosignOptions {
  /** Who joins; default: whom the router knows by the key. */
  readonly authid?: string;
  /** The router's public key, 64 hex digits: a router that cannot prove to have its private half is left (CS-05). */
  readonly routerKey?: string;
  /** Binds the proofs to the TLS channel, so that nobody can pass them on; a router that does not is left (CS-04). */
  readonly channelBinding?: Exclude<ChannelBindingType, 'tls-server-end-point'>;
}

/**
 * Joins by an Ed25519 key (CS-01 to CS-05).
 *
 * @param key the private key, 64 hex digits, or who signs in its place
 * @throws {ConfigError} for what is no key
 * @example
 * connect(url, { realm: 'realm1', auth: cryptosign(privateKey, { authid: 'device-1' }) });
 */
export function cryptosign(
  key: string | CryptosignSigner,
  options: CryptosignOptions = {},
): StatefulAuthenticator {
  const pubkey = typeof key === 'string' ? cryptosignPublicKey(key) : key.publicKey.toLowerCase();
  decodeKey('public', pubkey);
  if (options.routerKey !== undefined) decodeKey('public', options.routerKey);
  const { authid, channelBinding } = options;
  return {
    method: 'cryptosign',
    authid,
    begin: (context) =>
      new Handshake(key, pubkey, { options, channel: bindChannel(channelBinding, context) }),
  };
}

class Handshake implements ClientHandshake {
  readonly method = 'cryptosign';
  readonly authid: string | undefined;
  readonly authextra: Dict;
  readonly #key: string | CryptosignSigner;
  readonly #routerKey: string | undefined;
  readonly #channel: ChannelBinding | null;
  readonly #channelId: Uint8Array | undefined;
  /** What the router has to sign. */
  readonly #challenge = createCryptosignChallenge();
  #proven = false;

  constructor(
    key: string | CryptosignSigner,
    pubkey: string,
    { options, channel }: { options: CryptosignOptions; channel: ChannelBinding | null },
  ) {
    this.authid = options.authid;
    this.#key = key;
    this.#routerKey = options.routerKey?.toLowerCase();
    this.#channel = channel;
    this.#channelId = channel === null ? undefined : cryptosignChannelId(channel.type, channel.data);
    this.authextra = {
      pubkey,
      ...(channel === null ? {} : { channel_binding: channel.type }),
      ...(this.#routerKey === undefined ? {} : { challenge: this.#challenge }),
    };
  }

  async answer(extra: Dict): Promise<AuthAnswer> {
    this.#checkChannel(extra.channel_binding);
    this.#checkRouter(extra);
    if (typeof extra.challenge !== 'string')
      throw new ProtocolError('CHALLENGE.Extra.challenge is not a string');
    const signature = await this.#sign(extra.challenge);
    this.#proven = true;
    return { signature };
  }

  /* A router that asks for no signature has neither proven itself nor the channel. */
  welcomed(): void {
    if (this.#proven || (this.#routerKey === undefined && this.#channel === null)) return;
    throw new ProtocolError(
      'the router sent WELCOME without a CHALLENGE, so it has not proven to be the right one',
    );
  }

  // CS-04
  #checkChannel(given: unknown): void {
    const asked = this.#channel?.type ?? null;
    if ((given ?? null) === asked) return;
    throw new ProtocolError(
      asked === null
        ? 'the router uses channel binding, which was not asked for'
        : `the router does not use channel binding "${asked}", which was asked for`,
    );
  }

  // CS-05
  #checkRouter({ pubkey, signature }: Dict): void {
    const expected = this.#routerKey;
    if (expected === undefined) return;
    if (typeof pubkey !== 'string' || typeof signature !== 'string')
      throw new ProtocolError(
        'the router does not prove who it is: no pubkey and signature in CHALLENGE.Extra',
      );
    if (pubkey.toLowerCase() !== expected)
      throw new ProtocolError(`the router has another key than the expected ${expected}`);
    if (!verifyCryptosign(expected, signature, this.#challenge, this.#channelId))
      throw new ProtocolError('the signature of the router is wrong');
  }

  async #sign(challenge: string): Promise<string> {
    if (typeof this.#key === 'string') return signCryptosign(this.#key, challenge, this.#channelId);
    const message = challengeMessage(challenge, this.#channelId);
    const signature = await this.#key.sign(message);
    if (signature.length !== 64) throw new ConfigError('cryptosign: a signature must be of 64 octets');
    return encodeHex(signature) + encodeHex(message);
  }
}
