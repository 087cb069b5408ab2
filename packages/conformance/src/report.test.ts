import { expect, test } from 'vitest';
import { formatSummary, formatTap, summarize } from './report.js';
import type { CheckResult } from './run-conformance.js';

const results: CheckResult[] = [
  { id: 'BP-PS-01', title: 'one', level: 'SHOULD', outcome: 'passed', duration: 1 },
  {
    id: 'BP-PS-02',
    title: 'URI a#b',
    level: 'MUST',
    outcome: 'failed',
    message: 'got "x"\n',
    duration: 2.25,
  },
  {
    id: 'PSUB-01',
    title: 'three',
    level: 'MUST',
    outcome: 'skipped',
    message: 'not\nannounced',
    duration: 0,
  },
  { id: 'BP-PS-03', title: 'four', level: 'MAY', outcome: 'failed', message: 'no', duration: 3 },
];

test('formatTap writes TAP 14, with what failed and why', async () => {
  const lines: string[] = [];
  for await (const line of formatTap(results)) lines.push(line);
  expect(lines).toEqual([
    'TAP version 14',
    'ok 1 - BP-PS-01: one',
    'not ok 2 - BP-PS-02: URI a\\#b',
    '  ---',
    '  level: MUST',
    '  message: "got \\"x\\"\\n"',
    '  duration_ms: 2.3',
    '  ...',
    'ok 3 - PSUB-01: three # SKIP not announced',
    'not ok 4 - BP-PS-03: four',
    '  ---',
    '  level: MAY',
    '  message: "no"',
    '  duration_ms: 3.0',
    '  ...',
    '1..4',
  ]);
});

test('summarize counts, and tells failures of what is a must', () => {
  const summary = summarize(results);
  expect(summary).toEqual({ passed: 1, failed: 2, skipped: 1, failedMust: 1 });
  expect(formatSummary(summary)).toBe('1 passed, 2 failed (1 of them MUST), 1 skipped');
  expect(formatSummary(summarize([]))).toBe('0 passed, 0 failed, 0 skipped');
});
