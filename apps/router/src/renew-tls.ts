import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Listener } from '@wampkit/transport';
import { describeReadFault } from './config/check-files.js';
import { findTlsFault, type TlsMaterial } from './config/find-tls-fault.js';
import type { ListenerConfig } from './config/listener-schema.js';
import type { Log } from './log.js';
import type { WatchedFiles } from './watched-files.js';

type TlsConfig = NonNullable<ListenerConfig['tls']>;

/** What the renewal of a listener's TLS is made of. */
export interface RenewTlsOptions {
  readonly config: TlsConfig;
  /** What the listener was made with. */
  readonly material: TlsMaterial;
  /** The listener's name in the log. */
  readonly bind: string;
  readonly files: WatchedFiles;
  readonly log: Log;
}

/** Reads the TLS files of a listener. @throws when one cannot be read */
export function readTlsFiles({ certificate, key, clientCa }: TlsConfig): TlsMaterial {
  return {
    cert: readFileSync(certificate),
    key: readFileSync(key),
    ...(clientCa === undefined ? {} : { ca: readFileSync(clientCa) }),
  };
}

/**
 * Gives a listener its certificate, key and authorities again whenever their files change. What cannot be used is logged,
 * and all three stay as they were: also between the change of a certificate and that of its key.
 */
export function renewTls(listener: Pick<Listener, 'renewTls'>, options: RenewTlsOptions): void {
  const { config, bind, files, log } = options;
  let last = markOf(options.material);
  const look = (): void => {
    const read = tryToRead(config);
    const mark = typeof read === 'string' ? read : markOf(read);
    if (mark === last) return; // each of the files tells of the same change
    last = mark;
    const fault = typeof read === 'string' ? read : findTlsFault(read);
    if (fault !== null || typeof read === 'string') {
      log.error({ listener: bind, fault }, 'TLS files cannot be read again; all stays as it was');
      return;
    }
    listener.renewTls(read);
    log.info({ listener: bind, ...describeCertificate(read) }, 'TLS files read again');
  };
  for (const file of [config.certificate, config.key, config.clientCa]) {
    if (file !== undefined) files.add(file, look);
  }
  look(); // they may have changed since the listener was made, and nobody watched
}

function tryToRead(config: TlsConfig): TlsMaterial | string {
  try {
    return readTlsFiles(config);
  } catch (error) {
    return describeReadFault((error as NodeJS.ErrnoException).path ?? 'of TLS', error);
  }
}

function markOf({ cert, key, ca }: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const each of [cert, key, ca ?? Buffer.alloc(0)]) hash.update(`${each.length} `).update(each);
  return hash.digest('hex');
}

function describeCertificate({ cert }: TlsMaterial): {
  subject: string;
  validTo: string;
  fingerprint: string;
} {
  const { subject, validTo, fingerprint256 } = new X509Certificate(cert);
  return { subject, validTo, fingerprint: `sha256:${fingerprint256.replaceAll(':', '').toLowerCase()}` };
}
