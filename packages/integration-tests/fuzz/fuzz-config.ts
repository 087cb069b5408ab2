import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '@wampkit/protocol';
import { loadConfig } from '@wampkit/router-app';
import { FuzzFailure } from './fuzz-failure.js';
import { changeText } from './lines-of-text.js';
import { Random } from './random.js';

const reference = fileURLToPath(new URL('../../../docs/reference/router.yaml', import.meta.url));

/**
 * Loads config files that were made of the reference file: each is read, or refused with a ConfigError.
 *
 * @returns how many were read
 * @throws {FuzzFailure} for the first one that is taken amiss
 */
export function fuzzConfig({ count, seed }: { count: number; seed: number }): number {
  const random = new Random(seed);
  const folder = mkdtempSync(join(tmpdir(), 'wampkit-'));
  const file = join(folder, 'router.yaml');
  const text = readFileSync(reference, 'utf8');
  let read = 0;
  try {
    for (let index = 0; index < count; index++) {
      const changed = Buffer.from(changeText(text, random));
      writeFileSync(file, random.once(50) ? Buffer.concat([changed, random.bytes(3)]) : changed);
      try {
        if (isRead(file)) read++;
      } catch (error) {
        throw new FuzzFailure({ target: 'config', seed, index, input: changed }, error);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return read;
}

function isRead(file: string): boolean {
  try {
    loadConfig(file, { env: {} });
    return true;
  } catch (error) {
    if (error instanceof ConfigError && error.message !== '') return false;
    throw error;
  }
}
