import { describe } from 'vitest';
import { autobahnJs } from './autobahn-js-client.js';
import { interopSuite } from './interop-suite.js';

describe('npm autobahn 22.11.1', () => interopSuite(autobahnJs));
