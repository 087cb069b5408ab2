import { describe } from 'vitest';
import { interopSuite } from './interop-suite.js';
import { wampy } from './wampy-client.js';

describe('npm wampy 8.0.2', () => interopSuite(wampy));
