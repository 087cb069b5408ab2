import { Register, Unregister } from '@wampkit/protocol';
import { describe, test } from 'vitest';
import {
  call,
  cancel,
  ends,
  errs,
  invocation,
  named,
  progress,
  progressed,
  type Row,
  refused,
  removeCallee,
  result,
  Stage,
  type Step,
  ways,
  yields,
} from './stage.js';

const register = (options = {}): Step => ['callee', new Register(1, options, 'a.b')];
const others = (options = {}): Step => ['other', new Register(1, options, 'a.b')];
const roundrobin = { invoke: 'roundrobin', concurrency: 1 };
const canceled = (request: number) => refused(request, 'canceled');

/** What there was before the callee goes, what comes afterwards, and what the caller gets of it all. */
interface Phase extends Omit<Row, 'steps'> {
  readonly steps?: readonly Step[];
  readonly after?: readonly Step[];
}

const phases: readonly Phase[] = [
  {
    name: 'BP-RPC-03: before any call',
    before: [register()],
    after: [['caller', call(1)]],
    caller: [refused(1, 'no_such_procedure')],
  },
  {
    name: 'BP-RPC-06: with an open call',
    before: [register()],
    steps: [['caller', call(1)]],
    caller: [canceled(1)],
  },
  {
    name: 'PCR-06, BP-RPC-06: after a progressive result',
    before: [register()],
    steps: [
      ['caller', call(1, { receive_progress: true })],
      ['callee', progress(1)],
    ],
    caller: [progressed(1), canceled(1)],
  },
  {
    name: 'BP-RPC-06, CAN-03: during a kill',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['caller', cancel(1, 'kill')],
    ],
    caller: [canceled(1)],
  },
  {
    name: 'BP-RPC-07, CAN-04: after killnowait',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['caller', cancel(1)],
    ],
    caller: [canceled(1)],
  },
  {
    name: 'BP-RPC-06, TMO-03: with a timer, which ends too',
    before: [register()],
    steps: [['caller', call(1, { timeout: 100 })]],
    after: [200],
    caller: [canceled(1)],
  },
  {
    name: 'BP-RPC-06, TMO-04: while it times the call itself',
    before: [register({ forward_timeout: true })],
    steps: [['caller', call(1, { timeout: 100 })]],
    after: [200],
    caller: [canceled(1)],
  },
  {
    name: 'BP-RPC-07, TMO-03: after the time was up',
    before: [register()],
    steps: [['caller', call(1, { timeout: 100 })], 100],
    caller: [refused(1, 'timeout')],
  },
  {
    name: 'PCI-06, PCI-07: between chunks, of which more are under way',
    before: [register()],
    steps: [['caller', call(1, { progress: true })]],
    after: [
      ['caller', call(1, { progress: true })],
      ['caller', call(1)],
    ],
    caller: [canceled(1)],
  },
  {
    name: 'BP-RPC-06, SHR-03: with calls that wait for it alone',
    before: [register({ concurrency: 1 })],
    steps: [
      ['caller', call(1)],
      ['caller', call(2)],
      ['caller', call(3)],
    ],
    caller: [canceled(1), canceled(2), canceled(3)],
  },
  {
    name: 'BP-RPC-06, SHR-03: with calls that wait for it or another',
    before: [register(roundrobin), others(roundrobin)],
    steps: [
      ['caller', call(1)],
      ['caller', call(2)],
      ['caller', call(3)],
    ],
    after: [
      ['other', yields(1)],
      ['other', yields(2)],
    ],
    caller: [canceled(1), result(2), result(3)],
    other: [invocation(1, 2), invocation(2, 3)],
  },
  {
    name: 'RER-02: after it turned a call down',
    before: [register({ invoke: 'first' }), others({ invoke: 'first' })],
    steps: [
      ['caller', call(1)],
      ['callee', errs(1, 'wamp.error.unavailable')],
    ],
    after: [['other', yields(1)]],
    caller: [result(1)],
    other: [invocation(1, 1)],
  },
  {
    name: 'RER-02, BP-RPC-06: with a call that another turned down',
    before: [others({ invoke: 'first' }), register({ invoke: 'first' })],
    steps: [
      ['caller', call(1)],
      ['other', errs(1, 'wamp.error.unavailable')],
    ],
    caller: [canceled(1)],
    other: [invocation(1, 1)],
  },
  {
    name: 'RER-03: while a call that another turned down waits for it',
    before: [others({ invoke: 'first' }), register({ invoke: 'first', concurrency: 1 })],
    steps: [
      ['caller', call(1)],
      ['caller', call(2)],
      ['other', errs(1, 'wamp.error.unavailable')],
      ['other', errs(2, 'wamp.error.unavailable')],
    ],
    caller: [canceled(1), refused(2, 'no_available_callee')],
    other: [invocation(1, 1), invocation(2, 2)],
  },
  {
    name: 'BP-RPC-06: with a call that it goes on serving after UNREGISTER',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['callee', (stage) => new Unregister(2, stage.idOf('callee'))],
    ],
    caller: [canceled(1)],
  },
  {
    name: 'BP-RPC-06, RREV-02: with a call that it goes on serving after a revocation',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['admin', removeCallee],
    ],
    caller: [canceled(1)],
  },
  {
    name: 'BP-RPC-07: after the answer',
    before: [register()],
    steps: [
      ['caller', call(1)],
      ['callee', yields(1)],
    ],
    caller: [result(1)],
  },
];

describe.each(ways)('the callee goes by %s', (way) => {
  test.each(named(phases))('%s', async (_, phase) => {
    const stage = await Stage.open();
    const steps = [...(phase.steps ?? []), ends('callee', way), ...(phase.after ?? [])];
    await stage.play({ ...phase, steps }, ['callee']);
  });
});
