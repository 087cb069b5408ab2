import type { ConnectError } from '@wampkit/protocol';
import { connectRefused } from './connect-failure.js';

const causes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nobody listens there',
  ECONNRESET: 'the other end reset the connection',
  EPIPE: 'the other end closed the connection',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ENOENT: 'there is no such socket file',
  EACCES: 'permission denied',
  EPROTO: 'the TLS handshake failed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other end does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the other end does not speak TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain ends in an unknown self-signed certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

/** What a port that speaks TLS does to one that does not, and the other way round. */
const mismatches = /^(ECONNRESET|EPIPE|EPROTO|HPE_|ERR_SSL_)/;

const otherSchemes: Readonly<Record<string, string>> = {
  ws: 'wss',
  wss: 'ws',
  http: 'https',
  https: 'http',
  tcp: 'tcps',
  tcps: 'tcp',
};

/** Failures that waiting does not mend: they are about certificates. */
const lasting = /CERT|SIGNATURE/;

/** The error of a socket that could not be opened, in words where its code is known. */
export function socketFailure(url: string, error: unknown): ConnectError {
  const { code, message } = error as NodeJS.ErrnoException;
  const why =
    code === undefined
      ? message
      : `${causes[code] ?? message} (${code})${mismatches.test(code) ? tlsHint(url) : ''}`;
  return connectRefused(url, why, { cause: error, retryable: code === undefined || !lasting.test(code) });
}

/* A RawSocket handshake is shorter than a TLS record: a port with TLS waits for more of it. */
function tlsHint(url: string): string {
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase();
  const other = otherSchemes[scheme];
  if (other === undefined) return '';
  return scheme.length > other.length
    ? `; does this port speak TLS? If not, try ${other}://`
    : `; does this port speak TLS? Try ${other}://`;
}
