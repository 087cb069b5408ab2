import { CanceledError, ConnectError } from '@wampkit/protocol';

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
  EPROTO: 'the TLS handshake failed: does the other end speak TLS?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the other end does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'the other end does not speak TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain ends in an unknown self-signed certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

/** Failures that waiting does not mend: they are about certificates. */
const lasting = /CERT|SIGNATURE/;

/** Writes a URL for messages, without its password. */
export function displayUrl(url: string): string {
  return url.replace(/(\/\/[^/:@]*):[^/@]*@/, '$1:***@');
}

/** The error of a connection that could not be made, naming the URL and the cause in words. */
export function connectError(url: string, error: unknown): ConnectError {
  const { code, message } = error as NodeJS.ErrnoException;
  const cause = code === undefined ? message : `${causes[code] ?? message} (${code})`;
  return new ConnectError(`cannot connect to ${displayUrl(url)}: ${cause}`, {
    cause: error,
    retryable: code === undefined || !lasting.test(code),
  });
}

/** The same, where the cause is already in words. */
export function connectRefused(url: string, cause: string, retryable: boolean): ConnectError {
  return new ConnectError(`cannot connect to ${displayUrl(url)}: ${cause}`, { retryable });
}

/** The error of a connection attempt that its AbortSignal ended. */
export function connectCanceled(url: string, signal: AbortSignal): CanceledError {
  return new CanceledError(`the connection to ${displayUrl(url)} was given up`, { cause: signal.reason });
}
