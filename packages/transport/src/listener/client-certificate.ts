import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '@wampkit/protocol';

/** The certificate that a TLS client showed; `undefined` when it showed none, or there is no TLS. */
export function readClientCertificate(socket: Socket): ClientCertificate | undefined {
  const tls = socket as TLSSocket;
  if (tls.encrypted !== true) return undefined;
  const { fingerprint256, subject } = tls.getPeerCertificate() ?? {};
  if (fingerprint256 === undefined) return undefined;
  return {
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    subject: writeSubject(subject as unknown as Readonly<Record<string, string | string[]>>),
    authorized: tls.authorized,
  };
}

/* `CN=device-1,O=example`, with what would make it ambiguous escaped: RFC 4514. */
function writeSubject(subject: Readonly<Record<string, string | readonly string[]>> = {}): string {
  return Object.entries(subject)
    .flatMap(([key, values]) => [values].flat().map((value) => `${key}=${escapeValue(value)}`))
    .join(',');
}

function escapeValue(value: string): string {
  return value.replace(/[,+"\\<>;=]/g, '\\$&');
}
