// For users: run the checks, report the results.

export { checks } from './checks.js';
export type { SerializerName } from './codec.js';
export type { Credentials } from './credentials.js';
export { formatSummary, formatTap, type Summary, summarize } from './report.js';
export { type CheckResult, type ConformanceOptions, runCheck, runConformance } from './run-conformance.js';

// For embedders: single checks under a test runner, checks of one's own.

export {
  type Check,
  type CheckContext,
  type JoinOptions,
  type Level,
  may,
  must,
  type Scope,
  should,
  whyNot,
  within,
} from './check.js';
export { CheckFailure, CheckSkipped, equal, fail, ok, skip } from './outcome.js';
