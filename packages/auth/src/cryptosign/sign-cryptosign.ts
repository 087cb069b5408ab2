import { ProtocolError } from '@wampkit/protocol';
import { ed25519Sign, ed25519Verify } from '#ed25519';
import { decodeHex, encodeHex } from '../encoding/hex.js';
import { xor } from '../encoding/xor.js';
import { randomBytes } from '../random-bytes.js';
import { decodeKey } from './key.js';

/** Octets of a challenge. */
const CHALLENGE_LENGTH = 32;
/** Octets of a signature without the message that follows it. */
const SIGNATURE_LENGTH = 64;

/** Makes a challenge: 32 random octets in hex (CS-02). */
export function createCryptosignChallenge(): string {
  return encodeHex(randomBytes(CHALLENGE_LENGTH));
}

/**
 * The message that a challenge asks to sign: the challenge, mixed with the channel's id where there is one (CS-04).
 *
 * @throws {ProtocolError} when the challenge is no 64 hex digits
 */
export function challengeMessage(challenge: string, channelId?: Uint8Array): Uint8Array {
  const message = decodeHex(challenge, CHALLENGE_LENGTH);
  if (message === null) throw new ProtocolError('the challenge must be 64 hex digits');
  return channelId === undefined ? message : xor(message, channelId);
}

/**
 * Signs a challenge, for `AUTHENTICATE.Signature` or, by a router, `CHALLENGE.Extra.signature` (CS-03, CS-05).
 *
 * @param seed the private key, 64 hex digits
 * @param challenge 64 hex digits
 * @param channelId 32 octets, of `cryptosignChannelId`; absent without channel binding
 * @returns 192 hex digits: the signature and the message that it is of
 * @throws {ConfigError} for what is no private key
 * @throws {ProtocolError} for what is no challenge
 */
export function signCryptosign(seed: string, challenge: string, channelId?: Uint8Array): string {
  const message = challengeMessage(challenge, channelId);
  return encodeHex(ed25519Sign(decodeKey('private', seed), message)) + encodeHex(message);
}

/**
 * Whether a signature is of this challenge, channel and key. The message that it carries must be the one that was asked
 * for: else an old signature over another challenge would do (CS-03).
 *
 * @param publicKey 64 hex digits
 * @param signature 192 hex digits
 * @returns `false`, too, for what is no key, signature or challenge
 */
export function verifyCryptosign(
  publicKey: string,
  signature: string,
  challenge: string,
  channelId?: Uint8Array,
): boolean {
  const key = decodeHex(publicKey, 32);
  const signed = decodeHex(signature, SIGNATURE_LENGTH + CHALLENGE_LENGTH);
  const asked = decodeHex(challenge, CHALLENGE_LENGTH);
  if (key === null || signed === null || asked === null) return false;
  const message = channelId === undefined ? asked : xor(asked, channelId);
  const carried = signed.subarray(SIGNATURE_LENGTH);
  if (carried.some((byte, index) => byte !== message[index])) return false;
  return ed25519Verify(key, message, signed.subarray(0, SIGNATURE_LENGTH));
}
