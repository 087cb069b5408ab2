import { readFileSync, writeFileSync } from 'node:fs';
import type { Measurement } from '../measurement.js';
import type { MachineDescription } from './machine.js';

/** What a run leaves as JSON: each round of each row, and where it was made. */
export interface Results {
  readonly machine: MachineDescription;
  readonly measurements: readonly Measurement[];
}

export function readResults(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** One measurement a line, so that two runs can be compared by eye. */
export function writeResults(file: string, { machine, measurements }: Results): void {
  const lines = measurements.map((one) => `    ${JSON.stringify(one, rounded)}`).join(',\n');
  const head = JSON.stringify({ machine }, null, 2).slice(0, -2);
  writeFileSync(file, `${head},\n  "measurements": [\n${lines}\n  ]\n}\n`);
}

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;
