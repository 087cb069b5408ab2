import type { CheckResult } from './run-conformance.js';

/**
 * Writes results as TAP version 14, line by line as they come.
 *
 * @example
 * for await (const line of formatTap(runConformance(options))) console.log(line);
 */
export async function* formatTap(
  results: AsyncIterable<CheckResult> | Iterable<CheckResult>,
): AsyncGenerator<string> {
  yield 'TAP version 14';
  let count = 0;
  for await (const result of results) {
    count++;
    yield tapLine(count, result);
    if (result.outcome === 'failed') yield* tapDiagnostics(result);
  }
  yield `1..${count}`;
}

function tapLine(number: number, { id, title, outcome, message }: CheckResult): string {
  const line = `${outcome === 'failed' ? 'not ok' : 'ok'} ${number} - ${id}: ${title}`.replaceAll('#', '\\#');
  return outcome === 'skipped' ? `${line} # SKIP ${oneLine(message ?? '')}` : line;
}

function* tapDiagnostics({ level, message, duration }: CheckResult): Generator<string> {
  yield '  ---';
  yield `  level: ${level}`;
  yield `  message: ${JSON.stringify(message ?? '')}`;
  yield `  duration_ms: ${duration.toFixed(1)}`;
  yield '  ...';
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** How many checks ended in each way; `failedMust` counts the failures that the specification does not allow. */
export interface Summary {
  passed: number;
  failed: number;
  skipped: number;
  failedMust: number;
}

/** Counts results. */
export function summarize(results: Iterable<CheckResult>): Summary {
  const summary: Summary = { passed: 0, failed: 0, skipped: 0, failedMust: 0 };
  for (const { outcome, level } of results) {
    summary[outcome]++;
    if (outcome === 'failed' && level === 'MUST') summary.failedMust++;
  }
  return summary;
}

/** A summary in one line: `112 passed, 1 failed (0 of them MUST), 4 skipped`. */
export function formatSummary({ passed, failed, skipped, failedMust }: Summary): string {
  const musts = failed === 0 ? '' : ` (${failedMust} of them MUST)`;
  return `${passed} passed, ${failed} failed${musts}, ${skipped} skipped`;
}
