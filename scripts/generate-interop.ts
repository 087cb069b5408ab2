/**
 * Writes docs/reference/interop.md from a run of the interop tests; nothing when a test failed or was skipped.
 *
 * @example
 * tsx scripts/generate-interop.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InteropTest, interopPage } from './interop/interop-page.js';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly InteropTest[] }[];
}

function runTests(): readonly InteropTest[] {
  const folder = mkdtempSync(join(tmpdir(), 'wampkit-interop-'));
  try {
    const file = join(folder, 'report.json');
    const argv = ['run', 'packages/integration-tests/interop', '--reporter=dot', '--reporter=json'];
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    spawnSync(process.execPath, [vitest, ...argv, `--outputFile=${file}`], { cwd: root, stdio: 'inherit' });
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    return report.testResults.flatMap((result) => result.assertionResults);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const tests = runTests();
const notPassed = tests.filter((test) => test.status !== 'passed');
for (const { fullName, status } of notPassed) console.error(`${status}: ${fullName}`);
if (tests.length === 0 || notPassed.length > 0) {
  console.error('docs/reference/interop.md is left as it is');
  process.exitCode = 1;
} else {
  writeFileSync(join(root, 'docs/reference/interop.md'), interopPage(tests));
}
