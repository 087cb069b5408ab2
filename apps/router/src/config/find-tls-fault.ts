import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** What the TLS files of a listener hold, PEM. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Of the authorities of client certificates. */
  readonly ca?: Buffer;
}

/** Says why TLS cannot be served with these; `null` when it can. */
export function findTlsFault({ cert, key, ca }: TlsMaterial): string | null {
  if (!/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/.test(cert.toString('latin1')))
    return 'certificate cannot be used: it holds no certificate in PEM';
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key.toString('latin1')))
    return 'key cannot be used: it holds no private key in PEM';
  try {
    createSecureContext({ cert, key });
    // OpenSSL takes a key of another kind, and then every handshake fails
    if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
      return 'certificate and key cannot be used: the key is of another certificate';
  } catch (error) {
    return `certificate and key cannot be used: ${(error as Error).message}`;
  }
  return ca === undefined ? null : findAuthoritiesFault(ca.toString('latin1'));
}

/* OpenSSL takes what it can read of authorities, and is content with none: then nobody is believed. */
function findAuthoritiesFault(pem: string): string | null {
  const begun = pem.match(/-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/g)?.length ?? 0;
  const whole = pem.match(/-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[^-]*-----END \1-----/g) ?? [];
  if (begun === 0) return 'clientCa cannot be used: it holds no certificate';
  if (whole.length < begun) return 'clientCa cannot be used: a certificate in it is cut off';
  try {
    for (const each of whole) new X509Certificate(each);
    return null;
  } catch (error) {
    return `clientCa cannot be used: ${(error as Error).message}`;
  }
}
