import { describe } from 'vitest';
import { hasGoClients, nexusGo, xconnGo } from './go-clients.js';
import { interopSuite } from './interop-suite.js';

// Skipped, and visibly so, where go/install.sh was not run or there is no Go.
const needed = hasGoClients ? '' : ' (needs interop/go/install.sh)';
describe.skipIf(!hasGoClients)(`Go nexus client 3.3.0${needed}`, () => interopSuite(nexusGo));
describe.skipIf(!hasGoClients)(`Go xconn-go 0.1.0${needed}`, () => interopSuite(xconnGo));
