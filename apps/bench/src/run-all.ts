import { measure } from './measure.js';
import type { Measurement } from './measurement.js';
import type { Options } from './options.js';
import { Progress } from './progress.js';
import type { Run } from './run.js';
import { limitRowOf } from './scenarios.js';

/** Measures every row that is asked for; targets take turns within a row, rows within a round. */
export async function runAll(options: Options): Promise<Measurement[]> {
  const runs = plan(options);
  const progress = new Progress(runs.length * options.rounds);
  const measured: Measurement[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const run of runs) {
      progress.begin(
        `round ${round}: ${run.scenario.name} ${run.wire.name} ${run.transport} ${run.target.name}`,
      );
      const one = await measure(run);
      measured.push(one);
      progress.end(inWords(one));
    }
  }
  return measured;
}

function plan(options: Options): Run[] {
  const { warmup, measured, profile } = options;
  const installed = options.targets.filter((target) => {
    if (target.version() !== null) return true;
    process.stderr.write(
      `skipped: ${target.name} is not installed (apps/bench/install-rivals.sh installs it)\n`,
    );
    return false;
  });
  return options.scenarios.flatMap((scenario) =>
    options.transports.flatMap(({ name: transport }) =>
      options.wires.flatMap((wire) =>
        installed
          .filter((target) => target.serializers.includes(wire.name) && target.transports.includes(transport))
          .filter((target) => target.name !== 'limit' || limitRowOf(scenario.name) === scenario.name)
          .map((target) => ({ scenario, transport, wire, target, warmup, measured, profile })),
      ),
    ),
  );
}

function inWords(one: Measurement): string {
  if (one.kind === 'failure') return `FAILED: ${one.reason}`;
  if (one.kind === 'idle') return `${(one.bytesPerSession / 1000).toFixed(1)} kB a session`;
  const lost = one.lost > 0 ? `, ${one.lost} lost` : '';
  return `${one.cpuPerOperation.toFixed(2)} us/op, ${Math.round(one.rate).toLocaleString('en')} ops/s${lost}`;
}
