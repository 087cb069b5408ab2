import { type Measurement, mediansOf } from '../measurement.js';
import { Comparison } from './compare.js';

const COLUMNS = [
  ['scenario', '---'],
  ['serializer', '---'],
  ['transport', '---'],
  ['router', '---'],
  ['ops/s', '--:'],
  ['router us/op', '--:'],
  ['x limit', '--:'],
  ['x JSON limit', '--:'],
  ['x cheapest rival', '--:'],
  ['router cores', '--:'],
  ['generator core', '--:'],
  ['p50 ms', '--:'],
  ['p99 ms', '--:'],
  ['RSS MB', '--:'],
  ['lost', '--:'],
] as const;

/** A Markdown table of every row: the medians, each beside the limit loop and the cheapest rival. */
export function formatTable(measurements: readonly Measurement[]): string {
  const comparison = new Comparison(mediansOf(measurements));
  return [
    `| ${COLUMNS.map(([name]) => name).join(' | ')} |`,
    `|${COLUMNS.map(([, alignment]) => alignment).join('|')}|`,
    ...comparison.rows.map((row) => formatRow(row, comparison)),
  ].join('\n');
}

function formatRow(row: Measurement, comparison: Comparison): string {
  const head = [row.scenario, row.serializer, row.transport, row.target];
  return `| ${[...head, ...cellsOf(row, comparison)].join(' | ')} |`;
}

function cellsOf(row: Measurement, comparison: Comparison): string[] {
  if (row.kind === 'failure') return ['', `failed: ${escapeCell(row.reason)}`, ...Array(9).fill('')];
  const ratios = [
    ratio(comparison.overLimit(row)),
    ratio(comparison.overJsonLimit(row)),
    row.target === 'ours' ? ratio(comparison.overCheapestRival(row)) : '',
  ];
  const memory = (row.rss / 2 ** 20).toFixed(0);
  if (row.kind === 'idle')
    return ['', `${kilobytes(row.bytesPerSession)} a session`, ...ratios, '', '', '', '', memory, ''];
  return [
    count(row.rate),
    row.cpuPerOperation.toFixed(2),
    ...ratios,
    row.routerCpu.toFixed(2),
    `${Math.round(row.generatorCpu * 100)} %`,
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    memory,
    count(row.lost),
  ];
}

/** A whole number with thousands apart. */
export const count = (value: number): string => Math.round(value).toLocaleString('en');

/** A ratio in two digits, three when it is small; nothing when there is none. */
export const ratio = (value: number): string =>
  Number.isFinite(value) && value > 0 ? value.toFixed(value < 0.1 ? 3 : 2) : '';

export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

/** One line that cannot end a cell. */
export const escapeCell = (text: string): string =>
  text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replaceAll('|', '\\|')
    .slice(0, 160);
