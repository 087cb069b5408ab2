import { type LoadMeasurement, type Measurement, mediansOf } from '../measurement.js';
import { scenarios } from '../scenarios.js';
import { knownTargets } from '../targets/known-targets.js';
import { SvgWriter } from './svg.js';

const COLORS: Readonly<Record<string, string>> = {
  ours: '#c2410c',
  limit: '#a8a29e',
  nexusd: '#0e7490',
  nxt: '#4d7c0f',
  crossbar: '#7e22ce',
  'fox-wamp': '#be9600',
};

const BAR = 13;
const GROUP_GAP = 14;
const LABELS = 300;
const BARS = 520;
const TOP = 64;
const WIDTH = LABELS + BARS + 110;
const TITLE =
  'Router CPU time for one operation, microseconds, JSON over WebSocket (logarithmic; less is better)';

/** A chart of the router's CPU an operation: a group of bars for each scenario, one bar a router. */
export function chartOf(measurements: readonly Measurement[]): string {
  const groups = groupsOf(measurements);
  const axis = new LogAxis(groups.flat().map((one) => one.cpuPerOperation));
  const bars = groups.flat().length;
  const height = TOP + bars * BAR + groups.length * GROUP_GAP + 20;
  const svg = new SvgWriter();
  svg.element('text', { x: 16, y: 24, 'font-size': 15, 'font-weight': 'bold', fill: '#1c1917' }, TITLE);
  for (const tick of axis.ticks()) drawTick(svg, axis.x(tick), { label: String(tick), height });
  let y = TOP;
  for (const group of groups) {
    drawGroup(svg, group, { axis, y });
    y += group.length * BAR + GROUP_GAP;
  }
  return svg.document(WIDTH, height, TITLE);
}

function groupsOf(measurements: readonly Measurement[]): LoadMeasurement[][] {
  const order = knownTargets.map(({ name }) => name);
  const shown = mediansOf(measurements).filter(
    (one): one is LoadMeasurement =>
      one.kind === 'load' && one.serializer === 'json' && one.transport === 'websocket',
  );
  const groups = scenarios.map(({ name }) => shown.filter((one) => one.scenario === name));
  for (const group of groups) group.sort((a, b) => order.indexOf(a.target) - order.indexOf(b.target));
  return groups.filter((group) => group.length > 0);
}

/** Maps microseconds to places, a power of ten each the same way. */
class LogAxis {
  readonly #low: number;
  readonly #high: number;

  constructor(values: readonly number[]) {
    const positive = values.filter((value) => value > 0);
    this.#low = Math.floor(Math.log10(Math.min(1, ...positive)));
    this.#high = Math.ceil(Math.log10(Math.max(10, ...positive)));
  }

  x(value: number): number {
    const share = (Math.log10(Math.max(value, 10 ** this.#low)) - this.#low) / (this.#high - this.#low);
    return LABELS + share * BARS;
  }

  ticks(): number[] {
    return Array.from({ length: this.#high - this.#low + 1 }, (_, i) => 10 ** (this.#low + i));
  }
}

function drawTick(svg: SvgWriter, x: number, { label, height }: { label: string; height: number }): void {
  svg.element('line', { x1: x, x2: x, y1: TOP - 12, y2: height - 16, stroke: '#e7e5e4' });
  svg.element('text', { x, y: TOP - 18, 'text-anchor': 'middle', fill: '#78716c' }, label);
}

function drawGroup(
  svg: SvgWriter,
  group: readonly LoadMeasurement[],
  { axis, y }: { axis: LogAxis; y: number },
): void {
  const title = scenarios.find(({ name }) => name === group[0]?.scenario)?.title ?? '';
  svg.element('text', { x: 16, y: y + BAR - 3, fill: '#1c1917' }, shorten(title));
  for (const [i, one] of group.entries()) {
    const top = y + i * BAR;
    const end = axis.x(one.cpuPerOperation);
    const color = COLORS[one.target] ?? '#57534e';
    svg.element('text', { x: LABELS - 8, y: top + BAR - 3, 'text-anchor': 'end', fill: color }, one.target);
    svg.element('rect', {
      x: LABELS,
      y: top + 1,
      width: Math.max(1, end - LABELS),
      height: BAR - 2,
      fill: color,
    });
    const value = one.cpuPerOperation.toPrecision(one.cpuPerOperation < 1 ? 2 : 3);
    svg.element('text', { x: end + 6, y: top + BAR - 3, fill: '#1c1917' }, String(Number(value)));
  }
}

const shorten = (title: string): string => (title.length > 34 ? `${title.slice(0, 33)}…` : title);
