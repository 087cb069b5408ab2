import { readFileSync, writeFileSync } from 'node:fs';
import { type Measurement, sameRow } from '../measurement.js';
import type { MachineDescription } from './machine.js';

/** What a run leaves as JSON: each round of each row, and where it was made. */
export interface Results {
  readonly machine: MachineDescription;
  readonly measurements: readonly Measurement[];
}

/**
 * Reads the results of several runs as one, which is described as the first. A row is taken from the first run that has it,
 * so that no target has more rounds to choose from than another.
 */
export function readResults(files: readonly string[]): Results {
  const all = files.map((file): Results => JSON.parse(readFileSync(file, 'utf8')));
  return {
    machine: { ...(all[0] as Results).machine, command: all.flatMap(({ machine }) => machine.command) },
    measurements: all.flatMap(({ measurements }, i) => {
      const earlier = all.slice(0, i).flatMap((results) => results.measurements);
      return measurements.filter((one) => !earlier.some((other) => sameRow(one, other)));
    }),
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
