import { describe } from 'vitest';
import { autobahnPython, hasPython } from './autobahn-python-client.js';
import { interopSuite } from './interop-suite.js';

// Skipped, and visibly so, where no Python with autobahn is: see CONTRIBUTING.
describe.skipIf(!hasPython)('PyPI autobahn', () => interopSuite(autobahnPython));
