import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Measurement, measure } from './measure.js';
import { formatReport } from './report.js';
import { scenarios } from './scenarios.js';
import { knownTargets } from './targets/known-targets.js';
import { cborWire } from './wire/cbor-wire.js';
import { jsonWire } from './wire/json-wire.js';
import { msgpackWire } from './wire/msgpack-wire.js';

const wires = [jsonWire, msgpackWire, cborWire];

const { values } = parseArgs({
  options: {
    targets: { type: 'string', default: 'ours,limit' },
    scenarios: { type: 'string', default: 'rpc-8x16,rpc-8x16-700,publish-1-1,fanout-100' },
    serializers: { type: 'string', default: 'json,msgpack' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});

const measured: Measurement[] = [];
for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const scenario of pick(scenarios, values.scenarios, 'scenario')) {
    for (const wire of pick(wires, values.serializers, 'serializer')) {
      for (const target of pick(knownTargets, values.targets, 'target')) {
        if (!target.serializers.includes(wire.name)) continue;
        const run = { wire, warmup: 1000, measured: Number(values.seconds) * 1000 };
        const one = await measure(target, scenario, run);
        measured.push(one);
        console.error(
          `round ${round}: ${scenario.name} ${wire.name} ${target.name}: ${one.cpuPerOperation.toFixed(2)} us/op, ${Math.round(one.rate)} ops/s`,
        );
      }
    }
  }
}
console.log(formatReport(measured));
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);

function pick<T extends { readonly name: string }>(all: readonly T[], names: string, what: string): T[] {
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined)
      throw new Error(`no ${what} "${name}"; there are ${all.map((one) => one.name).join(', ')}`);
    return found;
  });
}
