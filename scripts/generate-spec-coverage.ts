/** Writes docs/reference/spec-coverage.md; with `--check` only says whether it is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readWorkspace } from './boundaries/read-workspace.js';
import { collectCoverage, renderCoverage } from './spec-coverage/coverage.js';
import { parseRequirements } from './spec-coverage/requirements.js';

const page = 'docs/reference/spec-coverage.md';
const requirements = parseRequirements(readFileSync('docs/reference/requirements.md', 'utf8'));
const coverage = collectCoverage(requirements, readTests());
const text = renderCoverage(requirements, coverage);

for (const slip of coverage.unknown) console.error(`no such requirement: ${slip}`);
if (coverage.unknown.length > 0) process.exitCode = 1;
if (!process.argv.includes('--check')) {
  writeFileSync(page, text);
} else if (readFileSync(page, 'utf8') !== text) {
  console.error(`${page} is stale: run \`npm run docs\` and commit it`);
  process.exitCode = 1;
}

/** Test files, and the suites that test files run: contracts, testkit and conformance. */
function readTests(): Map<string, string> {
  const tests = new Map<string, string>();
  for (const { folder, sources } of readWorkspace(process.cwd())) {
    const suites = /\/(?:testkit|conformance|integration-tests)$/.test(folder);
    for (const [file, text] of sources) {
      if (suites || /\.test\.ts$/.test(file) || file.startsWith('src/contracts/'))
        tests.set(`${folder}/${file}`, text);
    }
  }
  return tests;
}
