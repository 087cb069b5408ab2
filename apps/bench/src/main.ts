import { writeFileSync } from 'node:fs';
import { readOptions } from './options.js';
import { chartOf } from './report/chart.js';
import { describeMachine } from './report/machine.js';
import { type Results, readResults, writeResults } from './report/results.js';
import { formatTable } from './report/table.js';
import { writeDocs } from './report/write-docs.js';
import { runAll } from './run-all.js';

const options = readOptions(process.argv.slice(2));

async function makeResults(): Promise<Results> {
  if (options.from !== undefined) {
    const { machine, measurements } = readResults(options.from.split(','));
    return { machine: { ...machine, note: options.note || machine.note }, measurements };
  }
  const machine = describeMachine(options);
  return { machine, measurements: await runAll(options) };
}

const results = await makeResults();
const table = formatTable(results.measurements);
console.log(table);
if (options.json !== undefined) writeResults(options.json, results);
if (options.markdown !== undefined) writeFileSync(options.markdown, `${table}\n`);
if (options.svg !== undefined) writeFileSync(options.svg, chartOf(results.measurements));
if (options.writeDocs) writeDocs(results);
const broken = results.measurements.some((one) => one.kind === 'failure' && one.target === 'ours');
process.exitCode = broken ? 1 : 0;
