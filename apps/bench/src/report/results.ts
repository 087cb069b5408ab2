import { readFileSync, writeFileSync } from 'node:fs';
import type { Measurement } from '../measurement.js';
import type { MachineDescription } from './machine.js';

/** What a run leaves as JSON: each round of each row, and where it was made. */
export interface Results {
  readonly machine: MachineDescription;
  readonly measurements: readonly Measurement[];
}

/** Reads the results of several runs as one, which is described as the first. */
export function readResults(files: readonly string[]): Results {
  const all = files.map((file): Results => JSON.parse(readFileSync(file, 'utf8')));
  return {
    machine: { ...(all[0] as Results).machine, command: all.flatMap(({ machine }) => machine.command) },
    measurements: all.flatMap(({ measurements }) => measurements),
  };
}

/** One measurement a line, so that two runs can be compared by eye. */
export function writeResults(file: string, { machine, measurements }: Results): void {
  const lines = measurements.map((one) => `    ${JSON.stringify(one, rounded)}`).join(',\n');
  const head = JSON.stringify({ machine }, null, 2).slice(0, -2);
  writeFileSync(file, `${head},\n  "measurements": [\n${lines}\n  ]\n}\n`);
}

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;
