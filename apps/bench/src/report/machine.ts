import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, version } from 'node:os';
import type { Options } from '../options.js';

/** What one has to know about a run to read its figures. */
export interface MachineDescription {
  readonly date: string;
  /** The command of each run that the results come from. */
  readonly command: readonly string[];
  readonly note: string;
  readonly cpu: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  /** How many processes wanted a core in the minute before the run. */
  readonly load: number;
  /** The commit that was measured; with `+` when files had changed since. */
  readonly commit: string;
  /** Targets that took part. */
  readonly versions: Readonly<Record<string, string>>;
  /** Targets that were asked for and are not installed. */
  readonly skipped: readonly string[];
  readonly rounds: number;
  /** Milliseconds each measurement took, after the warm-up. */
  readonly measured: number;
  readonly warmup: number;
}

/** Describes where and how a run is made; call it before the run, which loads the machine. */
export function describeMachine(options: Options): MachineDescription {
  const versions = options.targets.map(({ name, version }) => [name, version()] as const);
  return {
    date: new Date().toISOString().slice(0, 10),
    command: [options.command],
    note: options.note,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
    system: `Linux ${release()} (${version()})`,
    node: process.version,
    load: loadavg()[0] ?? Number.NaN,
    commit: commit(),
    versions: Object.fromEntries(versions.filter((pair): pair is [string, string] => pair[1] !== null)),
    skipped: versions.filter(([, installed]) => installed === null).map(([name]) => name),
    rounds: options.rounds,
    measured: options.measured,
    warmup: options.warmup,
  };
}

function commit(): string {
  try {
    const hash = git('rev-parse', '--short', 'HEAD');
    return git('status', '--porcelain', '--untracked-files=no') === '' ? hash : `${hash}+`;
  } catch {
    return 'unknown';
  }
}

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
