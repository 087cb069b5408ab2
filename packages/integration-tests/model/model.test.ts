import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actions } from './action.js';
import { type Run, runActions } from './run-actions.js';

const runs = Number(process.env.WAMPKIT_MODEL_RUNS ?? 1000);
const seed = process.env.WAMPKIT_MODEL_SEED;

const run: fc.Arbitrary<Run> = fc.record({
  rules: fc.record({
    requestIds: fc.constantFrom('lenient' as const, 'strict' as const),
    metaApi: fc.boolean(),
  }),
  scarceIds: fc.boolean(),
  actions,
  ends: fc.array(fc.nat({ max: 99 }), { minLength: 6, maxLength: 6 }),
});

test('AZ-02, AZ-04, BP-RPC-07, BP-ORD-01, BP-ORD-02, BP-ORD-03, BP-SESS-06, BP-SESS-07, BP-SESS-09, PSUB-02, PREG-04, PREG-05, BWL-03, PCR-04, PCR-07, PCI-04, PCI-07, PCI-10, TMO-03, TMO-04, CAN-02, CAN-03, CAN-04, RER-02, RER-03, SHR-02, SHR-03, CID-02, PID-02, CTL-01, PTL-01, RET-03, RET-04, HIST-03, HIST-04, HIST-06, TEST-03, TEST-04, RREV-02, SREV-01, SMETA-02, SMETA-03, SMETA-06, SMETA-07, SMETA-08, RMETA-02, UMETA-02: whatever clients do, the router does what a naive model of it does', {
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
