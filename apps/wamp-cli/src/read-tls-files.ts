import { readFile } from 'node:fs/promises';
import type { TlsOptions } from './global-options.js';
import { unreadableFile } from './unreadable-file.js';
import { UsageError } from './usage-error.js';

/** TLS as transports take it. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/**
 * Reads the files that the TLS options name; `undefined` when there are no such options.
 *
 * @throws {UsageError} when a file cannot be read, or the URL has no TLS
 */
export async function readTlsFiles(tls: TlsOptions, url: string): Promise<TlsFiles | undefined> {
  const { ca, cert, key, insecure } = tls;
  if (!insecure && ca === undefined && cert === undefined && key === undefined) return undefined;
  if (!/^(wss|https|tcps):/.test(url)) {
    throw new UsageError(`--tls-* and --insecure need a wss://, https:// or tcps:// URL, not ${url}`);
  }
  return {
    ...(ca !== undefined && { ca: await readPem(ca, '--tls-ca') }),
    ...(cert !== undefined && { cert: await readPem(cert, '--tls-cert') }),
    ...(key !== undefined && { key: await readPem(key, '--tls-key') }),
    rejectUnauthorized: !insecure,
  };
}

async function readPem(file: string, option: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unreadableFile(file, option, error);
  }
}
