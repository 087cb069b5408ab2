/** Fails when a package, an import or a file departs from the arrows in scripts/boundaries/arrows.ts. */
import { findViolations } from './boundaries/find-violations.js';
import { readWorkspace } from './boundaries/read-workspace.js';

const packages = readWorkspace(process.cwd());
const violations = findViolations(packages);
for (const violation of violations) console.error(violation);
console.log(`boundaries: ${packages.length} packages, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
