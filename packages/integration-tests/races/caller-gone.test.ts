import { Register } from '@wampkit/protocol';
import { describe, test } from 'vitest';
import {
  call,
  cancel,
  ends,
  errs,
  interrupt,
  invocation,
  named,
  progress,
  type Row,
  result,
  Stage,
  type Step,
  ways,
  without,
  yields,
} from './stage.js';

const register = (options = {}): Step => ['callee', new Register(1, options, 'a.b')];
const others = (options = {}): Step => ['other', new Register(1, options, 'a.b')];
const both = { invoke: 'roundrobin', concurrency: 1 };

/** What there was before the caller goes, and what comes afterwards: `other` calls or serves too. */
interface Phase extends Omit<Row, 'steps'> {
  readonly features?: readonly string[];
  readonly steps: readonly Step[];
  readonly after?: readonly Step[];
}

const phases: readonly Phase[] = [
  {
    name: 'BP-RPC-05: with an open call, whose answer comes late',
    before: [register()],
    steps: [['caller', call(1)]],
    after: [['callee', yields(1)]],
    callee: [invocation(1, 1), interrupt(1)],
  },
  {
    name: 'BP-RPC-05: with an open call, whose error comes late',
    before: [register()],
    steps: [['caller', call(1)]],
    after: [['callee', errs(1)]],
    callee: [invocation(1, 1), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, RER-02: with an open call, which is turned down late',
    before: [register({ invoke: 'first' }), others({ invoke: 'first' })],
    steps: [['caller', call(1)]],
    after: [['callee', errs(1, 'wamp.error.unavailable')]],
    callee: [invocation(1, 1), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, CAN-05: of a callee that takes no INTERRUPT',
    features: ['call_canceling'],
    before: [register()],
    steps: [['caller', call(1)]],
    after: [
      ['callee', progress(1)],
      ['callee', yields(1)],
    ],
    callee: [invocation(1, 1)],
  },
  {
    name: 'PCR-06: between progressive results: each late one is told to stop',
    before: [register()],
    steps: [
      ['caller', call(1, { receive_progress: true })],
      ['callee', progress(1)],
    ],
    after: [
      ['callee', progress(1)],
      ['callee', yields(1)],
    ],
    callee: [invocation(1, 1, { receive_progress: true }), interrupt(1), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, CAN-03: during a kill, which becomes killnowait',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['caller', cancel(1, 'kill')],
    ],
    after: [['callee', errs(1, 'wamp.error.canceled')]],
    callee: [invocation(1, 1), interrupt(1, 'kill'), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, CAN-04: after killnowait',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['caller', cancel(1)],
    ],
    after: [['callee', yields(1)]],
    callee: [invocation(1, 1), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, TMO-03: with a timer, which ends too',
    before: [register()],
    steps: [['caller', call(1, { timeout: 100 })]],
    after: [200],
    callee: [invocation(1, 1), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, TMO-03: after the time was up',
    before: [register()],
    steps: [['caller', call(1, { timeout: 100 })], 100],
    callee: [invocation(1, 1), interrupt(1, 'killnowait', 'timeout')],
  },
  {
    name: 'PCI-06: between chunks',
    before: [register()],
    steps: [['caller', call(1, { progress: true })]],
    callee: [invocation(1, 1, { progress: true }), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, SHR-03: with a call that waits behind one of its own: nobody ever sees it',
    before: [register({ concurrency: 1 })],
    steps: [
      ['caller', call(1)],
      ['caller', call(2)],
    ],
    after: [['callee', yields(1)]],
    callee: [invocation(1, 1), interrupt(1)],
  },
  {
    name: 'BP-RPC-05, SHR-03: with a call that waits behind one of somebody else',
    before: [register({ concurrency: 1 })],
    steps: [
      ['other', call(1)],
      ['caller', call(2)],
      ['other', call(3)],
    ],
    after: [
      ['callee', yields(1)],
      ['callee', yields(2)],
    ],
    callee: [invocation(1, 1), invocation(2, 3)],
    other: [result(1), result(3)],
  },
  {
    name: 'BP-RPC-05, SHR-03: with a call for which others wait: they go on after the INTERRUPT',
    before: [register({ concurrency: 1 })],
    steps: [
      ['caller', call(1)],
      ['other', call(2)],
    ],
    after: [['callee', yields(2)]],
    callee: [invocation(1, 1), interrupt(1), invocation(2, 2)],
    other: [result(2)],
  },
  {
    name: 'BP-RPC-05, RER-03: with a call that one turned down and that waits for the other',
    before: [register(both), others(both), ['admin', call(9)]],
    steps: [
      ['caller', call(1)],
      ['other', errs(1, 'wamp.error.unavailable')],
    ],
    after: [['callee', yields(1)]],
    other: [invocation(1, 1)],
  },
  {
    name: 'BP-RPC-05: after the answer',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['callee', yields(1)],
    ],
    callee: [invocation(1, 1)],
  },
];

describe.each(ways)('the caller goes by %s', (way) => {
  test.each(named(phases))('%s', async (_, phase) => {
    const stage = await Stage.open({ callee: without(...(phase.features ?? [])) });
    const steps = [...phase.steps, ends('caller', way), ...(phase.after ?? [])];
    await stage.play({ ...phase, steps }, ['caller']);
  });
});
