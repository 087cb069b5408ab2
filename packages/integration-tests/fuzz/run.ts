/**
 * Fuzzes everything for long: `npx tsx packages/integration-tests/fuzz/run.ts --count 10000000 [--seed N]`, after a
 * build. Rounds of a hundred thousand inputs, each with a seed of its own, until there were `count`.
 */
import { parseArgs } from 'node:util';
import { serializers } from '../src/start-router.js';
import { collectGarbage } from './collect-garbage.js';
import { fuzzConfig } from './fuzz-config.js';
import { fuzzDecoder } from './fuzz-decoder.js';
import { fuzzHandshake } from './fuzz-handshake.js';
import { fuzzLongPoll } from './fuzz-longpoll.js';
import { DISMISSED, fuzzSessions } from './fuzz-sessions.js';
import { fuzzTransport } from './fuzz-transport.js';
import { fuzzValues } from './fuzz-values.js';
import { sessionStates } from './session-states.js';

const { values } = parseArgs({
  options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const wanted = Number(values.count);
const firstSeed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
/** Inputs of one round for each target. */
const share = { decoder: 20_000, session: 1_500, transport: 200, parser: 200 };
/** What the heap may grow between the third round and the last, after a collection: bytes. */
const HEAP_GROWTH = 64 * 2 ** 20;

if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(firstSeed)) {
  console.error('usage: run.ts [--count N] [--seed N]');
  process.exit(1);
}

let done = 0;
let round = 0;
let settledHeap = 0;
while (done < wanted) {
  done += await runRound(firstSeed + round);
  round++;
  await collectGarbage();
  const { heapUsed, rss } = process.memoryUsage();
  if (round === 3) settledHeap = heapUsed;
  console.log(`${done} inputs, seed ${firstSeed + round - 1}, heap ${mib(heapUsed)}, rss ${mib(rss)}`);
  if (round > 3 && heapUsed > settledHeap + HEAP_GROWTH)
    throw new Error(`the heap grew from ${mib(settledHeap)} to ${mib(heapUsed)}`);
}
console.log(`nothing found in ${done} inputs`);

/** @returns how many inputs there were */
async function runRound(seed: number): Promise<number> {
  const kinds = Object.values(serializers);
  let count = 0;
  for (const [index, serializer] of kinds.entries()) {
    const other = kinds[(index + 1) % kinds.length] ?? serializer;
    fuzzDecoder(serializer, { count: share.decoder, seed });
    count += share.decoder;
    for (const state of [...Object.keys(sessionStates), DISMISSED]) {
      await fuzzSessions({ serializer, other, state }, { count: share.session, seed });
      count += share.session;
    }
  }
  for (const serializer of kinds) {
    await fuzzLongPoll({ serializer, batched: true }, { count: share.transport, seed });
    count += share.transport;
  }
  for (const transport of ['ws', 'tcp', 'unix'] as const) {
    await fuzzTransport(transport, { count: share.transport, seed });
    count += share.transport;
  }
  fuzzConfig({ count: share.parser, seed });
  await fuzzValues({ count: share.parser, seed });
  await fuzzHandshake({ count: share.parser, seed });
  return count + 3 * share.parser;
}

function mib(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
