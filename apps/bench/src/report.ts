import type { Measurement } from './measure.js';

/** The median of several measurements of the same row. */
export function medianOf(measurements: readonly Measurement[]): Measurement {
  const sorted = [...measurements].sort((a, b) => a.cpuPerOperation - b.cpuPerOperation);
  return sorted[Math.floor((sorted.length - 1) / 2)] as Measurement;
}

/** A Markdown table of the medians; `vs limit` is the router's CPU an operation over the limit loop's in JSON. */
export function formatReport(measurements: readonly Measurement[]): string {
  const rows = new Map<string, Measurement[]>();
  for (const one of measurements) {
    const key = `${one.scenario} ${one.serializer} ${one.target}`;
    rows.set(key, [...(rows.get(key) ?? []), one]);
  }
  const medians = [...rows.values()].map(medianOf);
  const lines = [
    '| scenario | serializer | router | ops/s | router us/op | vs limit | router core | generator core | p50 ms | p99 ms | RSS MB | lost |',
    '|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|',
  ];
  for (const row of medians) lines.push(formatRow(row, medians));
  return lines.join('\n');
}

function formatRow(row: Measurement, all: readonly Measurement[]): string {
  const limit = all.find((other) => other.target === 'limit' && other.scenario === row.scenario);
  const ratio = limit === undefined ? '' : (row.cpuPerOperation / limit.cpuPerOperation).toFixed(2);
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const cells = [
    row.scenario,
    row.serializer,
    row.target,
    Math.round(row.rate).toLocaleString('en'),
    row.cpuPerOperation.toFixed(2),
    ratio,
    percent(row.routerCpu),
    percent(row.generatorCpu),
    row.p50.toFixed(2),
    row.p99.toFixed(2),
    (row.rss / 2 ** 20).toFixed(0),
    String(row.lost),
  ];
  return `| ${cells.join(' | ')} |`;
}
