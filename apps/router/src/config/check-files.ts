import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findTlsFault } from './find-tls-fault.js';
import type { ConfigPath, Problem } from './problem.js';
import { listAt, textAt, valueAt } from './tree.js';

/** Checks that the files which a config names are there and hold what they should; paths start at `folder`. */
export function checkFiles(tree: unknown, folder: string): Problem[] {
  return listAt(tree, ['listeners']).flatMap(({ value, path }) => {
    if (valueAt(value, ['tls']) === undefined) return [];
    return checkTls(value, { path: [...path, 'tls'], folder });
  });
}

function checkTls(listener: unknown, { path, folder }: { path: ConfigPath; folder: string }): Problem[] {
  const problems: Problem[] = [];
  const read = (key: string): Buffer | undefined => {
    const file = textAt(listener, ['tls', key]);
    if (file === undefined || file === '') return undefined;
    try {
      return readFileSync(resolve(folder, file));
    } catch (error) {
      problems.push({ path: [...path, key], message: describeReadFault(resolve(folder, file), error) });
      return undefined;
    }
  };
  const [cert, key, ca] = [read('certificate'), read('key'), read('clientCa')];
  if (problems.length === 0 && cert !== undefined && key !== undefined) {
    const fault = findTlsFault({ cert, key, ...(ca === undefined ? {} : { ca }) });
    if (fault !== null) problems.push({ path, message: fault });
  }
  if (valueAt(listener, ['tls', 'requireClientCertificate']) === true && ca === undefined) {
    if (textAt(listener, ['tls', 'clientCa']) === undefined) {
      problems.push({ path: [...path, 'requireClientCertificate'], message: 'needs clientCa' });
    }
  }
  return problems;
}

/** Says in a phrase why a file cannot be read. */
export function describeReadFault(file: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return `there is no file ${file}`;
  if (code === 'EACCES') return `file ${file} may not be read`;
  if (code === 'EISDIR') return `${file} is a folder, not a file`;
  return `file ${file} cannot be read: ${(error as Error).message}`;
}
