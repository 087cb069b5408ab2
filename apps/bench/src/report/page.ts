import { type LoadMeasurement, type Measurement, mediansOf } from '../measurement.js';
import { scenarios } from '../scenarios.js';
import { Comparison } from './compare.js';
import type { MachineDescription } from './machine.js';
import type { Results } from './results.js';
import { count, escapeCell, formatTable, kilobytes, ratio } from './table.js';

/** The whole of docs/performance.md. */
export function pageOf({ machine, measurements }: Results): string {
  const comparison = new Comparison(mediansOf(measurements));
  return `${[
    '# Performance',
    `Written by \`apps/bench\` from the runs named below (every round is in \`docs/performance.json\`); do not edit by hand.${machine.note === '' ? '' : `\n\n**${machine.note}**`}`,
    '![Router CPU time for one operation](performance.svg)',
    '## What one operation costs',
    COST_INTRODUCTION,
    costTable(comparison),
    '## Operations a second',
    RATE_INTRODUCTION,
    rateTable(comparison),
    '## Every row',
    ROW_INTRODUCTION,
    formatTable(measurements),
    '## How the numbers were made',
    howMade(machine),
    '## What the figures do not say',
    LIMITS_OF_THE_FIGURES,
  ].join('\n\n')}\n`;
}

const COST_INTRODUCTION = [
  'The CPU time of the router, all of its processes, for one call or one delivered event, in microseconds, in JSON over',
  'WebSocket; for idle sessions the resident memory of one. `limit` is no router but what Node can do: a loop on a bare',
  'WebSocket server that checks nothing (`apps/bench/limit.mjs`). The last two columns set ours beside it and beside the',
  'cheapest rival.',
].join('\n');

const RATE_INTRODUCTION = [
  'The same rows. Router and generator share the cores of one machine, so the generator ends up as the bound: where its',
  'core is busy for 95 % or more, our throughput is its, not the router’s.',
].join('\n');

const ROW_INTRODUCTION = [
  '`x limit`: cost over the limit loop of the same serializer and transport. `x JSON limit`: over the reference, JSON over',
  'WebSocket. `x cheapest rival`: ours over the rival that took the least CPU in this row. `lost`: calls, events and',
  'acknowledgements that never came. `router cores`: 1.00 is one whole core.',
].join('\n');

const LIMITS_OF_THE_FIGURES = [
  '- They are loopback on one machine of few cores: no network, no TLS, no compression. Router and generator compete for',
  '  caches and cores; a router with several threads (Go) can use more cores on a larger machine, and its throughput then',
  '  grows while its CPU an operation does not fall. Compare CPU an operation rather than throughput.',
  '- CPU time is counted by the kernel in ticks of 10 ms: a row of few operations is coarse. A difference of less than 10 %',
  '  between two runs is noise, on a machine that does other work 20 %.',
  '- Latency is measured with a full window, so it is a queue’s length more than a router’s speed; only `rpc-1x1` shows the',
  '  latter.',
  '- Payloads are opaque to us when both ends use one serializer, which is the case here. Between serializers a payload is',
  '  decoded and encoded once, and that is not shown.',
  '- Rivals run as their documentation starts them, everything allowed; ours decides role rules for every URI. The one',
  '  departure is nexusd’s `out_queue_size`, raised from 64 to 4096: with the default it refuses calls in `rpc-8x16`.',
  '- Memory of an idle session is read after a collection where the router runs on Node; the others collect when they like.',
  '  Pages that a router used while sessions joined stay resident, so a slope from few sessions has heap growth in it, and one',
  '  from many can be too low.',
  '- `limit` does less than any router may: it keeps no state of a session, checks no message, and knows no patterns: the',
  '  prefix row is held against its exact fan-out.',
].join('\n');

function costTable(comparison: Comparison): string {
  const targets = targetsIn(comparison);
  const rows = scenariosIn(comparison).map(({ name, title }) => {
    const cells = targets.map((target) => costCell(find(comparison, name, target)));
    const ours = find(comparison, name, 'ours');
    const ratios =
      ours === undefined
        ? ['', '']
        : [comparison.overLimit(ours), comparison.overCheapestRival(ours)].map(ratio);
    return [title, ...cells, ...ratios];
  });
  return tableOf(['', ...targets, 'ours / limit', 'ours / cheapest rival'], rows);
}

function costCell(row: Measurement | undefined): string {
  if (row === undefined) return '';
  if (row.kind === 'failure') return 'failed';
  return row.kind === 'idle' ? kilobytes(row.bytesPerSession) : row.cpuPerOperation.toFixed(2);
}

function rateTable(comparison: Comparison): string {
  const targets = targetsIn(comparison);
  const loads = scenariosIn(comparison).filter(({ kind }) => kind === 'load');
  const rows = loads.map(({ name, title }) => {
    const cells = targets.map((target) => rateCell(find(comparison, name, target)));
    const ours = find(comparison, name, 'ours');
    const ratios = ours?.kind === 'load' ? [overFastest(comparison, ours), generatorCell(ours)] : ['', ''];
    return [title, ...cells, ...ratios];
  });
  return tableOf(['', ...targets, 'ours / fastest rival', 'generator, at ours'], rows);
}

const rateCell = (row: Measurement | undefined): string =>
  row?.kind === 'load' ? `${count(row.rate)}${row.lost > 0 ? ` (${count(row.lost)} lost)` : ''}` : '';

const overFastest = (comparison: Comparison, ours: LoadMeasurement): string =>
  ratio(comparison.overFastestRival(ours));

const generatorCell = ({ generatorCpu }: LoadMeasurement): string =>
  `${Math.round(generatorCpu * 100)} %${generatorCpu >= 0.95 ? ', the bound' : ''}`;

const JSON_ROW = { serializer: 'json', transport: 'websocket' };

const find = (comparison: Comparison, scenario: string, target: string): Measurement | undefined =>
  comparison.find({ ...JSON_ROW, scenario, target });

const targetsIn = (comparison: Comparison): string[] => [
  ...new Set(comparison.rows.map(({ target }) => target)),
];

const scenariosIn = (comparison: Comparison) =>
  scenarios.filter(({ name }) => comparison.rows.some(({ scenario }) => scenario === name));

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|---|${'--:|'.repeat(head.length - 1)}`, ...rows.map(line)].join('\n');
}

function howMade(machine: MachineDescription): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const skipped =
    machine.skipped.length === 0 ? '' : `; not installed and so skipped: ${machine.skipped.join(', ')}`;
  return [
    `- Machine: ${escapeCell(machine.cpu)}, ${machine.cores} cores, ${Math.round(machine.memory / 2 ** 30)} GiB; ${machine.system}; Node ${machine.node}. Load average before the run: ${machine.load.toFixed(2)}.`,
    `- Versions: ${versions.join(', ')}; commit ${machine.commit}${skipped}.`,
    `- Date: ${machine.date}. Commands:`,
    ...machine.command.map((one) => `  - \`${one}\``),
    '- Each measurement starts its router afresh on a free port, warms up, and measures for as many seconds and in as many rounds as its command says. Targets take turns within a row, rows within a round; each row shows its median by CPU an operation (of two the lower).',
    '- Rivals are installed by `apps/bench/install-rivals.sh` at fixed versions; their configs are in `apps/bench/rivals`, ours is `apps/bench/router.yaml`: anonymous authentication and role rules that are decided for every URI.',
    '- The generator (`apps/bench/src`) is one process with wire code of its own; it masks with random keys, as real clients do. It checks code and length of every answer, in calls the id too, and compares the whole payload of each 256th; a wrong answer fails the row. What has not come a second after the last answer is lost.',
    '- CPU and memory are read from procfs, over the router’s process and all below it. `rpc-1x1` runs with the router on one core and the generator on another (`taskset`).',
  ].join('\n');
}
