import { describe } from 'vitest';
import { autobahnAsyncio, autobahnTwisted, hasPython } from './autobahn-python-client.js';
import { interopSuite } from './interop-suite.js';

// Skipped, and visibly so, where no Python with autobahn is: see CONTRIBUTING.
const needed = hasPython ? '' : ' (needs a Python with .ci/requirements.txt)';
describe.skipIf(!hasPython)(`PyPI autobahn 26.10.2, asyncio${needed}`, () => interopSuite(autobahnAsyncio));
describe.skipIf(!hasPython)(`PyPI autobahn 26.10.2, Twisted${needed}`, () => interopSuite(autobahnTwisted));
