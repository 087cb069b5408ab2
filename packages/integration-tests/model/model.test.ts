import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actions } from './action.js';
import { type Run, runActions } from './run-actions.js';

const runs = Number(process.env.WAMPKIT_MODEL_RUNS ?? 1000);
const seed = process.env.WAMPKIT_MODEL_SEED;

const run: fc.Arbitrary<Run> = fc.record({
  rules: fc.record({
    requestIds: fc.constantFrom('lenient' as const, 'strict' as const),
    slowConsumer: fc.constantFrom('drop' as const, 'disconnect' as const),
  }),
  scarceIds: fc.boolean(),
  actions,
  ends: fc.array(fc.nat({ max: 99 }), { minLength: 6, maxLength: 6 }),
});

test('BP-RPC-07, BP-ORD-01, BP-ORD-02, BP-ORD-03, BP-SESS-07, PSUB-02, PREG-04, PREG-05, BWL-03: whatever clients do, the router does what a naive model of it does', {
  timeout: 15_000 + runs * 60,
}, async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(run, async (each) => {
      await runActions(each);
      done++;
    }),
    { numRuns: runs, ...(seed === undefined ? { seed: 20_260 } : { seed: Number(seed) }) },
  );
  expect(done).toBe(runs);
});
