import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chartOf } from './chart.js';
import { pageOf } from './page.js';
import { type Results, writeResults } from './results.js';

const docs = fileURLToPath(new URL('../../../../docs/', import.meta.url));

/** Writes docs/performance.md, its chart, and the results that both are made of. */
export function writeDocs(results: Results): void {
  writeResults(`${docs}performance.json`, results);
  writeFileSync(`${docs}performance.svg`, chartOf(results.measurements));
  writeFileSync(`${docs}performance.md`, pageOf(results));
}
