import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type LoadMeasurement, type Measurement, mediansOf } from '../measurement.js';
import { chartOf } from './chart.js';
import { Comparison } from './compare.js';
import type { MachineDescription } from './machine.js';
import { pageOf } from './page.js';
import { readResults, writeResults } from './results.js';
import { formatTable } from './table.js';

const row = {
  scenario: 'rpc-8x16',
  serializer: 'json',
  transport: 'websocket',
  target: 'ours',
} as const;

/** A result. */
function load(changes: Partial<LoadMeasurement> = {}): LoadMeasurement {
  return {
    kind: 'load',
    ...row,
    rate: 1000,
    cpuPerOperation: 2,
    routerCpu: 0.5,
    generatorCpu: 0.25,
    rss: 64_000_000,
    p50: 1,
    p99: 2,
    lost: 0,
    ...changes,
  };
}

const failure = (target: string, reason: string): Measurement => ({
  kind: 'failure',
  ...row,
  target,
  reason,
});

const machine: MachineDescription = {
  date: '2026-01-02',
  command: ['npm run bench -- --rounds 3'],
  note: '',
  cpu: 'A CPU',
  cores: 2,
  memory: 8 * 2 ** 30,
  system: 'Linux',
  node: 'v20.19.0',
  load: 0.1,
  commit: 'abcdef0',
  versions: { ours: '0.1.0' },
  skipped: ['nxt'],
  rounds: 3,
  measured: 2000,
  warmup: 1000,
};

test('a row shows the median of its rounds by CPU, of two the lower, and a failure only when all failed', () => {
  const failed = failure('ours', 'it ended');
  const rounds = [5, 1, 3].map((cpuPerOperation) => load({ cpuPerOperation }));
  expect(mediansOf(rounds)).toEqual([load({ cpuPerOperation: 3 })]);
  expect(mediansOf(rounds.slice(0, 2))).toEqual([load({ cpuPerOperation: 1 })]);
  expect(mediansOf([failed, ...rounds])).toEqual([load({ cpuPerOperation: 3 })]);
  expect(mediansOf([failed, failed])).toEqual([failed]);
});

test('rounds of different rows are not mixed', () => {
  const all = [
    load({ cpuPerOperation: 1 }),
    load({ cpuPerOperation: 9, target: 'limit' }),
    load({ cpuPerOperation: 7, serializer: 'cbor' }),
    load({ cpuPerOperation: 8, transport: 'rawsocket' }),
    load({ cpuPerOperation: 6, scenario: 'publish-1-1' }),
  ];
  expect(mediansOf(all)).toEqual(all);
});

describe('Comparison', () => {
  const ours = load({ cpuPerOperation: 2, rate: 3000 });
  const rows = [
    ours,
    load({ target: 'limit', cpuPerOperation: 4, rate: 9000 }),
    load({ target: 'nexusd', cpuPerOperation: 20, rate: 1000 }),
    load({ target: 'nxt', cpuPerOperation: 10, rate: 500 }),
    failure('crossbar', 'it ended'),
    load({ target: 'fox-wamp', cpuPerOperation: 1, rate: 90_000, scenario: 'publish-1-1' }),
  ];

  test('ours is held against the cheapest and the fastest rival of the same row, the loop being none', () => {
    const comparison = new Comparison(rows);
    expect(comparison.overLimit(ours)).toBe(0.5);
    expect(comparison.overCheapestRival(ours)).toBe(0.2);
    expect(comparison.overFastestRival(ours)).toBe(3);
  });

  test('a row in another serializer or transport has a limit loop of its own, and the reference', () => {
    const cbor = load({ serializer: 'cbor', transport: 'rawsocket', cpuPerOperation: 3 });
    const loop = load({ ...cbor, target: 'limit', cpuPerOperation: 2 });
    const comparison = new Comparison([...rows, cbor, loop]);
    expect(comparison.overLimit(cbor)).toBe(1.5);
    expect(comparison.overJsonLimit(cbor)).toBe(0.75);
    expect(new Comparison([...rows, cbor]).overLimit(cbor)).toBeNaN();
  });

  test('the prefix row is held against the loop of the exact one', () => {
    const prefix = load({ scenario: 'fanout-100-prefix', cpuPerOperation: 3 });
    const exact = load({ scenario: 'fanout-100', target: 'limit', cpuPerOperation: 2 });
    expect(new Comparison([prefix, exact]).overLimit(prefix)).toBe(1.5);
  });
});

describe('the table', () => {
  test('has one line a row, the median, with ratios and what was lost', () => {
    const rounds = [2, 4, 3].map((cpuPerOperation) => load({ cpuPerOperation, lost: 1234 }));
    const table = formatTable([...rounds, load({ target: 'limit', cpuPerOperation: 4 })]).split('\n');
    expect(table.slice(2)).toEqual([
      '| rpc-8x16 | json | websocket | ours | 1,000 | 3.00 | 0.75 | 0.75 |  | 0.50 | 25 % | 1.00 | 2.00 | 61 | 1,234 |',
      '| rpc-8x16 | json | websocket | limit | 1,000 | 4.00 | 1.00 | 1.00 |  | 0.50 | 25 % | 1.00 | 2.00 | 61 | 0 |',
    ]);
  });

  test('a failure keeps to its cell, whatever a router wrote', () => {
    const [, , line] = formatTable([failure('nexusd', 'panic: a|b\nc')]).split('\n');
    expect(line).toContain('| failed: panic: a\\|b c |');
    expect(line?.replaceAll('\\|', '').split('|')).toHaveLength(17);
  });
});

describe('the page', () => {
  const page = (measurements: readonly Measurement[], changes: Partial<MachineDescription> = {}): string =>
    pageOf({ machine: { ...machine, ...changes }, measurements });

  test('says where the generator was the bound, and what was lost', () => {
    expect(page([load({ generatorCpu: 0.95 })])).toContain('95 %, the bound');
    expect(page([load({ generatorCpu: 0.94 })])).not.toContain('the bound |');
    expect(page([load({ target: 'nxt', lost: 12 })])).toContain('1,000 (12 lost)');
  });

  test('names commands, commit, what was skipped, and the note', () => {
    const text = page([load()], { command: ['one', 'two'], note: 'Mind the gap.' });
    for (const part of ['  - `one`\n  - `two`', 'commit abcdef0', 'skipped: nxt', '**Mind the gap.**'])
      expect(text).toContain(part);
  });
});

describe('results', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wampkit-bench-test-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('several runs are read as one: a row comes from the first that has it, with all its rounds', () => {
    const [first, second] = ['a.json', 'b.json'].map((name) => join(folder, name)) as [string, string];
    const again = load({ cpuPerOperation: 9 });
    const other = load({ target: 'limit' });
    writeResults(first, { machine, measurements: [load(), load({ cpuPerOperation: 3 })] });
    writeResults(second, { machine: { ...machine, command: ['second'] }, measurements: [again, other] });
    const { machine: both, measurements } = readResults([first, second]);
    expect(measurements).toEqual([load(), load({ cpuPerOperation: 3 }), other]);
    expect(both.command).toEqual([...machine.command, 'second']);
  });
});

describe('the chart', () => {
  const widths = (svg: string): number[] =>
    [...svg.matchAll(/<rect x="[^"]+" y="[^"]+" width="([^"]+)"/g)].map(([, width]) => Number(width));

  test('bars grow with the cost, in the order of the targets, and only JSON over WebSocket is shown', () => {
    const svg = chartOf([
      load({ target: 'nxt', cpuPerOperation: 30 }),
      load({ target: 'limit', cpuPerOperation: 4 }),
      load({ cpuPerOperation: 2 }),
      load({ cpuPerOperation: 50, serializer: 'cbor' }),
    ]);
    const [ours, limit, nxt, ...rest] = widths(svg) as [number, number, number];
    expect(rest).toEqual([]);
    expect(ours < limit && limit < nxt).toBe(true);
    // A power of ten is the same length everywhere.
    const decade = 520 / 2;
    expect(nxt - ours).toBeCloseTo(decade * Math.log10(15), 0);
  });
});
