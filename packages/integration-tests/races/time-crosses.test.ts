import { Register } from '@wampkit/protocol';
import { describe, test } from 'vitest';
import {
  call,
  cancel,
  errs,
  failed,
  interrupt,
  invocation,
  named,
  progress,
  progressed,
  type Row,
  refused,
  result,
  Stage,
  type Step,
  without,
  yields,
} from './stage.js';

const timedOut = (request = 1) => refused(request, 'timeout');
const stopped = interrupt(1, 'killnowait', 'timeout');
const register = (options = {}): Step => ['callee', new Register(1, options, 'a.b')];
const others = (options = {}): Step => ['other', new Register(1, options, 'a.b')];
const timed: Step = ['caller', call(1, { timeout: 100 })];

const rows: readonly (Row & { readonly features?: readonly string[] })[] = [
  {
    name: 'TMO-03: the result comes a moment before',
    steps: [timed, 99, ['callee', yields(1)], 1],
    caller: [result(1)],
    callee: [invocation(1, 1)],
  },
  {
    name: 'TMO-03: the result comes at the moment, but after it',
    steps: [timed, 100, ['callee', yields(1)], 100],
    caller: [timedOut()],
    callee: [invocation(1, 1), stopped],
  },
  {
    name: 'TMO-03: the error comes a moment before',
    steps: [timed, 99, ['callee', errs(1)], 1],
    caller: [failed(1)],
    callee: [invocation(1, 1)],
  },
  {
    name: 'TMO-03: the error comes at the moment, but after it',
    steps: [timed, 100, ['callee', errs(1)]],
    caller: [timedOut()],
    callee: [invocation(1, 1), stopped],
  },
  {
    name: 'TMO-03, CAN-05: a callee that takes no INTERRUPT gets none',
    features: ['call_canceling'],
    steps: [timed, 100, ['callee', yields(1)]],
    caller: [timedOut()],
    callee: [invocation(1, 1)],
  },
  {
    name: 'PCR-07: progress a moment before gives the whole time again',
    steps: [
      ['caller', call(1, { timeout: 100, receive_progress: true })],
      99,
      ['callee', progress(1)],
      99,
      ['callee', progress(1)],
      99,
      ['callee', yields(1)],
      100,
    ],
    caller: [progressed(1), progressed(1), result(1)],
    callee: [invocation(1, 1, { receive_progress: true })],
  },
  {
    name: 'PCR-07: progress after it is told to stop once more',
    steps: [
      ['caller', call(1, { timeout: 100, receive_progress: true })],
      ['callee', progress(1)],
      100,
      ['callee', progress(1)],
      ['callee', yields(1)],
    ],
    caller: [progressed(1), timedOut()],
    callee: [invocation(1, 1, { receive_progress: true }), stopped, interrupt(1)],
  },
  {
    name: 'PCR-08: progress that nobody asked for gives no time',
    steps: [timed, 99, ['callee', progress(1)], 1],
    caller: [timedOut()],
    callee: [invocation(1, 1), stopped],
  },
  {
    name: 'PCI-09: a chunk gives no time',
    steps: [['caller', call(1, { timeout: 100, progress: true })], 99, ['caller', call(1)], 1],
    caller: [timedOut()],
    callee: [invocation(1, 1, { progress: true }), invocation(1, 1), stopped],
  },
  {
    name: 'PCI-07: chunks after it are discarded',
    steps: [
      ['caller', call(1, { timeout: 100, progress: true })],
      100,
      ['caller', call(1, { progress: true })],
      ['caller', call(1)],
    ],
    caller: [timedOut()],
    callee: [invocation(1, 1, { progress: true }), stopped],
  },
  ...(['skip', 'killnowait'] as const).map((mode) => ({
    name: `CAN-04, TMO-03: ${mode} a moment before: nothing comes of the time`,
    steps: [timed, 99, ['caller', cancel(1, mode)] as const, 1],
    caller: [refused(1, 'canceled')],
    callee: [invocation(1, 1), ...(mode === 'skip' ? [] : [interrupt(1)])],
  })),
  {
    name: 'CAN-03, TMO-03: the time of a call that is killed runs out: the caller does not wait any longer',
    steps: [timed, 99, ['caller', cancel(1, 'kill')], 1, ['callee', errs(1)]],
    caller: [timedOut()],
    callee: [invocation(1, 1), interrupt(1, 'kill'), stopped],
  },
  ...(['skip', 'kill', 'killnowait'] as const).map((mode) => ({
    name: `CAN-07, TMO-03: ${mode} after it`,
    steps: [timed, 100, ['caller', cancel(1, mode)] as const, ['callee', yields(1)] as const],
    caller: [timedOut()],
    callee: [invocation(1, 1), stopped],
  })),
  {
    name: 'TMO-03, RER-02: a call that is turned down has no more time than before',
    before: [register({ invoke: 'first' }), others({ invoke: 'first' })],
    steps: [timed, 60, ['callee', errs(1, 'wamp.error.unavailable')], 39, 1, ['other', yields(1)]],
    caller: [timedOut()],
    callee: [invocation(1, 1)],
    other: [invocation(1, 1), stopped],
  },
  {
    name: 'TMO-03, RER-03: turned down after it, nobody else gets the call',
    before: [register({ invoke: 'first' }), others({ invoke: 'first' })],
    steps: [timed, 100, ['callee', errs(1, 'wamp.error.unavailable')]],
    caller: [timedOut()],
    callee: [invocation(1, 1), stopped],
  },
  {
    name: 'TMO-03, SHR-03: the time runs out while the call waits: no callee ever sees it',
    before: [register({ concurrency: 1 }), ['admin', call(9)]],
    steps: [timed, 100, ['callee', yields(1)]],
    caller: [timedOut()],
  },
  {
    name: 'TMO-03, SHR-03: the time goes on when the call has waited',
    before: [register({ concurrency: 1 }), ['admin', call(9)]],
    steps: [timed, 60, ['callee', yields(1)], 40],
    caller: [timedOut()],
    callee: [invocation(2, 1), interrupt(2, 'killnowait', 'timeout')],
  },
  {
    name: 'TMO-04, SHR-03: a callee that times the call is told what is left, and the dealer stops',
    before: [register({ concurrency: 1, forward_timeout: true }), ['admin', call(9)]],
    steps: [timed, 60, ['callee', yields(1)], 1000, ['callee', errs(2, 'wamp.error.timeout')]],
    caller: [[8, 48, 1, {}, 'wamp.error.timeout']],
    callee: [invocation(2, 1, { timeout: 40 })],
  },
  {
    name: 'TMO-03, SHR-03: two run out at once, of which one waits for the other: it is not passed on',
    before: [register({ concurrency: 1 })],
    steps: [timed, ['caller', call(2, { timeout: 100 })], 100],
    caller: [timedOut(1), timedOut(2)],
    callee: [invocation(1, 1), stopped],
  },
  {
    name: 'TMO-03, SHR-03: the next one is passed on after the INTERRUPT',
    before: [register({ concurrency: 1 })],
    steps: [timed, ['other', call(2)], 100, ['callee', yields(1)], ['callee', yields(2)]],
    caller: [timedOut()],
    callee: [invocation(1, 1), stopped, invocation(2, 2)],
    other: [result(2)],
  },
];

describe('the time of a call runs out', () => {
  test.each(named(rows))('%s', async (_, { features = [], ...row }) => {
    const stage = await Stage.open({ callee: without(...features) });
    await stage.play({ before: [register()], ...row });
  });
});
