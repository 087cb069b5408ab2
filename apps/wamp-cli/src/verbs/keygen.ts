import { chmod, writeFile } from 'node:fs/promises';
import { cryptosignPublicKey, generateCryptosignKey } from '@wampkit/auth/cryptosign';
import { keySource } from '../authentication/auth-options.js';
import { readPrivateKey } from '../authentication/read-private-key.js';
import { printRow } from '../output/print-table.js';
import { readSecret } from '../read-secret.js';
import type { VerbContext } from '../run-verb.js';
import { UsageError } from '../usage-error.js';

/** What `keygen` was given by name. */
export interface KeygenOptions {
  from?: string;
  force?: boolean;
}

/**
 * Makes a key pair and writes or prints it, or prints the public half of a key that there is.
 *
 * @throws {UsageError} when a file is there already, or cannot be written or read
 */
export async function keygen(
  { terminal, printer, talk }: VerbContext,
  file: string | undefined,
  { from, force = false }: KeygenOptions,
): Promise<void> {
  if (from !== undefined) {
    if (file !== undefined) throw new UsageError('--from makes no key, so there is no file to write');
    const request = { source: keySource(from), option: '--from', question: 'Private key: ' };
    const privateKey = readPrivateKey(await readSecret(request, terminal), '--from');
    return printRow(printer, { publicKey: cryptosignPublicKey(privateKey) }, 'publicKey');
  }
  const { privateKey, publicKey } = generateCryptosignKey();
  if (file === undefined) return printRow(printer, { privateKey, publicKey }, 'privateKey');
  await writeKey(file, privateKey, { mode: 0o600, force });
  await writeKey(`${file}.pub`, publicKey, { mode: 0o644, force });
  talk.info(`wrote ${file} (keep it) and ${file}.pub`);
  printRow(printer, { publicKey, file }, 'publicKey');
}

async function writeKey(
  file: string,
  key: string,
  { mode, force }: { mode: number; force: boolean },
): Promise<void> {
  try {
    // A file that is there keeps its mode, and the key must not be in it before the mode is right.
    if (force) await chmod(file, mode).catch(ignoreMissing);
    await writeFile(file, `${key}\n`, { mode, flag: force ? 'w' : 'wx' });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`${file} is there already: --force replaces it`);
    throw new UsageError(`cannot write ${JSON.stringify(file)}: ${message}`);
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
