/** Packs every public package and checks the tarball with publint and attw (ES modules only), as a user would get it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readWorkspace } from './boundaries/read-workspace.js';

const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'wampkit-pack-'));
const published = readWorkspace(root).filter(({ manifest }) => manifest.private !== true);
const failed: string[] = [];

try {
  for (const one of published) {
    const target = join(folder, one.folder.replaceAll('/', '-'));
    const passed =
      run('npx', ['--yes', 'pnpm@12', 'pack', '--pack-destination', target], join(root, one.folder)) &&
      readdirSync(target).every((tarball) => checkTarball(join(target, tarball)));
    console.log(`${passed ? 'ok    ' : 'FAILED'} ${one.manifest.name}`);
    if (!passed) failed.push(one.manifest.name);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed.length === 0 ? 0 : 1;

function checkTarball(tarball: string): boolean {
  const sound = run('npx', ['publint', 'run', tarball, '--strict'], root);
  return run('npx', ['attw', tarball, '--profile', 'esm-only'], root) && sound;
}

/** Runs a command; what it printed is shown when it fails. */
function run(command: string, args: readonly string[], cwd: string): boolean {
  try {
    execFileSync(command, args, { cwd, stdio: 'pipe', encoding: 'utf8' });
    return true;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    console.error(`${command} ${args.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`);
    return false;
  }
}
