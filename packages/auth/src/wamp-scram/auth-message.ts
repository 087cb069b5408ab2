import { encodeBase64 } from '../encoding/base64.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { saslPrep } from './sasl-prep.js';

/** The channel binding of an exchange: the type's name, and the data that both ends see. */
export interface ScramChannelBinding {
  readonly type: string;
  readonly data: Uint8Array;
}

/** What an exchange said, as it was said: HELLO, CHALLENGE and AUTHENTICATE. */
export interface ScramAuthMessageParts {
  readonly authid: string;
  /** `HELLO.Details.authextra.nonce`. */
  readonly clientNonce: string;
  /** `CHALLENGE.Extra.nonce`, and that of AUTHENTICATE: the client's and what the router appended. */
  readonly nonce: string;
  /** `CHALLENGE.Extra.salt`. */
  readonly salt: string;
  readonly iterations: number;
  /** Default `null`: none. */
  readonly channelBinding?: ScramChannelBinding | null;
}

/**
 * The text that both ends sign, in the syntax of RFC 5802 section 7 (SCRAM-08). The authid is prepared by `saslPrep`.
 *
 * @throws {ConfigError} for an authid that SASLprep prohibits
 */
export function scramAuthMessage(parts: ScramAuthMessageParts): string {
  const { authid, clientNonce, nonce, salt, iterations, channelBinding = null } = parts;
  return [
    `n=${escapeName(saslPrep(authid))},r=${clientNonce}`,
    `r=${nonce},s=${salt},i=${iterations}`,
    `c=${bindingInput(channelBinding)},r=${nonce}`,
  ].join(',');
}

function escapeName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function bindingInput(binding: ScramChannelBinding | null): string {
  if (binding === null) return encodeBase64(encodeUtf8('n,,'));
  return encodeBase64(Uint8Array.of(...encodeUtf8(`p=${binding.type},,`), ...binding.data));
}
