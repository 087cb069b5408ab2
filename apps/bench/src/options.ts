import { parseArgs } from 'node:util';
import { type Scenario, scenarios } from './scenarios.js';
import { knownTargets } from './targets/known-targets.js';
import type { Target } from './targets/target.js';
import type { Transport } from './wire/connection.js';
import { knownWires } from './wire/known-wires.js';
import type { Wire } from './wire/wire.js';

/** What the command line asks for. */
export interface Options {
  readonly targets: readonly Target[];
  readonly scenarios: readonly Scenario[];
  readonly wires: readonly Wire[];
  readonly transports: readonly { readonly name: Transport }[];
  readonly rounds: number;
  /** Milliseconds. */
  readonly warmup: number;
  readonly measured: number;
  /** Files to write; `from` is a list of those to read instead of measuring. */
  readonly json: string | undefined;
  readonly markdown: string | undefined;
  readonly svg: string | undefined;
  readonly from: string | undefined;
  /** A folder for CPU profiles. */
  readonly profile: string | undefined;
  readonly writeDocs: boolean;
  /** What a reader of the figures has to know about this run. */
  readonly note: string;
  /** What was typed, without the files that it writes: what a reader types to measure the same. */
  readonly command: string;
}

const transports: readonly { readonly name: Transport }[] = [{ name: 'websocket' }, { name: 'rawsocket' }];

/** Reads the command line. @throws {Error} that lists the names there are */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      targets: { type: 'string', default: 'ours,limit' },
      scenarios: { type: 'string', default: 'rpc-8x16,rpc-8x16-700,publish-1-1,fanout-100' },
      serializers: { type: 'string', default: 'json' },
      transports: { type: 'string', default: 'websocket' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '3' },
      warmup: { type: 'string', default: '1' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      svg: { type: 'string' },
      from: { type: 'string' },
      profile: { type: 'string' },
      note: { type: 'string', default: '' },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  return {
    targets: pick(knownTargets, values.targets, 'target'),
    scenarios: pick(scenarios, values.scenarios, 'scenario'),
    wires: pick(knownWires, values.serializers, 'serializer'),
    transports: pick(transports, values.transports, 'transport'),
    rounds: positive(values.rounds, 'rounds'),
    warmup: positive(values.warmup, 'warmup') * 1000,
    measured: positive(values.seconds, 'seconds') * 1000,
    json: values.json,
    markdown: values.markdown,
    svg: values.svg,
    from: values.from,
    profile: values.profile,
    writeDocs: values['write-docs'],
    note: values.note,
    command: commandOf(values),
  };
}

function pick<T extends { readonly name: string }>(
  all: readonly T[],
  names: string,
  what: string,
): readonly T[] {
  if (names === 'all') return all;
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined)
      throw new Error(`no ${what} "${name}"; there are all, ${all.map((one) => one.name).join(', ')}`);
    return found;
  });
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${option} wants a number above 0, not "${text}"`);
  return value;
}

const REPEATED = [
  'targets',
  'scenarios',
  'serializers',
  'transports',
  'rounds',
  'seconds',
  'warmup',
] as const;

function commandOf(values: Readonly<Record<(typeof REPEATED)[number], string>>): string {
  return ['npm run bench --', ...REPEATED.map((name) => `--${name} ${values[name]}`)].join(' ');
}
