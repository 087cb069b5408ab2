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
  yields,
} from './stage.js';

const canceled = refused(1, 'canceled');
const progressive = { receive_progress: true };
const invoked = invocation(1, 1, progressive);
const before: readonly Step[] = [['callee', new Register(1, {}, 'a.b')]];
const begin: Step = ['caller', call(1, progressive)];
const twice = (mode?: string): Step[] => [
  ['caller', cancel(1, mode)],
  ['caller', cancel(1, mode)],
];

const answers = [
  { is: 'the result', step: ['callee', yields(1)], caller: [result(1)] },
  { is: 'the error', step: ['callee', errs(1)], caller: [failed(1)] },
  {
    is: 'an error that says canceled',
    step: ['callee', errs(1, 'wamp.error.canceled')],
    caller: [[8, 48, 1, {}, 'wamp.error.canceled']],
  },
] as const satisfies readonly { is: string; step: Step; caller: readonly unknown[] }[];

/* Each answer behind CANCEL, and before it. CANCEL comes twice: the second says nothing new (CAN-07). */
const rows: readonly Row[] = answers.flatMap(({ is, step, caller }) => [
  {
    name: `CAN-02: skip before ${is}`,
    steps: [begin, ...twice('skip'), step],
    caller: [canceled],
    callee: [invoked],
  },
  {
    name: `CAN-03: kill before ${is}`,
    steps: [begin, ...twice('kill'), step, ['caller', cancel(1, 'kill')] as const],
    caller,
    callee: [invoked, interrupt(1, 'kill')],
  },
  {
    name: `CAN-04: killnowait before ${is}`,
    steps: [begin, ...twice('killnowait'), step],
    caller: [canceled],
    callee: [invoked, interrupt(1)],
  },
  {
    name: `CAN-06: no mode before ${is}`,
    steps: [begin, ...twice(), step],
    caller: [canceled],
    callee: [invoked, interrupt(1)],
  },
  ...[undefined, 'skip', 'kill', 'killnowait'].map((mode) => ({
    name: `CAN-07: ${is} before ${mode ?? 'no mode'}`,
    steps: [begin, step, ...twice(mode)],
    caller,
    callee: [invoked],
  })),
]);

/* What does not end the call. */
const unfinished: readonly Row[] = [
  {
    name: 'CAN-02, PCR-04: progress before skip, and behind it',
    steps: [begin, ['callee', progress(1)], ['caller', cancel(1, 'skip')], ['callee', progress(1)]],
    caller: [progressed(1), canceled],
    callee: [invoked, interrupt(1)],
  },
  {
    name: 'CAN-03, PCR-04: progress behind kill still comes, and then the answer',
    steps: [
      begin,
      ['caller', cancel(1, 'kill')],
      ['callee', progress(1)],
      ['callee', yields(1)],
      ['callee', progress(1)],
    ],
    caller: [progressed(1), result(1)],
    callee: [invoked, interrupt(1, 'kill'), interrupt(1)],
  },
  {
    name: 'CAN-04, PCR-04: progress behind killnowait is told to stop once more',
    steps: [begin, ['caller', cancel(1)], ['callee', progress(1)], ['callee', yields(1)]],
    caller: [canceled],
    callee: [invoked, interrupt(1), interrupt(1)],
  },
  {
    name: 'CAN-07: skip behind kill changes nothing',
    steps: [begin, ['caller', cancel(1, 'kill')], ['caller', cancel(1, 'skip')], ['callee', yields(1)]],
    caller: [result(1)],
    callee: [invoked, interrupt(1, 'kill')],
  },
  {
    name: 'CAN-07: kill behind skip changes nothing',
    steps: [begin, ['caller', cancel(1, 'skip')], ['caller', cancel(1, 'kill')], ['callee', yields(1)]],
    caller: [canceled],
    callee: [invoked],
  },
  {
    name: 'CAN-03, PCI-04: chunks behind kill do not reach the callee any more',
    steps: [
      ['caller', call(1, { progress: true })],
      ['caller', cancel(1, 'kill')],
      ['caller', call(1, { progress: true })],
      ['caller', call(1)],
      ['callee', yields(1)],
    ],
    caller: [result(1)],
    callee: [invocation(1, 1, { progress: true }), interrupt(1, 'kill')],
  },
  {
    name: 'CAN-04, PCI-07: chunks behind killnowait are discarded, the last one too',
    steps: [
      ['caller', call(1, { progress: true })],
      ['caller', cancel(1)],
      ['caller', call(1, { progress: true })],
      ['caller', call(1)],
    ],
    caller: [canceled],
    callee: [invocation(1, 1, { progress: true }), interrupt(1)],
  },
];

/* Two callees, of which the first turns the call down. */
const others: Step = ['other', new Register(1, { invoke: 'first' }, 'a.b')];
const first: Step = ['callee', new Register(1, { invoke: 'first' }, 'a.b')];
const down: Step = ['callee', errs(1, 'wamp.error.unavailable')];
const turnedDown: readonly Row[] = [
  ...(['skip', 'killnowait'] as const).map((mode) => ({
    name: `RER-02, CAN-04: ${mode} before it is turned down: no other gets it`,
    steps: [begin, ['caller', cancel(1, mode)] as const, down],
    caller: [canceled],
    callee: [invoked, ...(mode === 'skip' ? [] : [interrupt(1)])],
  })),
  {
    name: 'RER-02, CAN-03: kill before it is turned down: it is canceled',
    steps: [begin, ['caller', cancel(1, 'kill')], down],
    caller: [canceled],
    callee: [invoked, interrupt(1, 'kill')],
  },
  {
    name: 'RER-02, CAN-04: killnowait behind it goes to the next callee',
    steps: [begin, down, ['caller', cancel(1)], ['other', yields(1)]],
    caller: [canceled],
    callee: [invoked],
    other: [invoked, interrupt(1)],
  },
  {
    name: 'RER-02, CAN-03: kill behind it goes to the next callee, which answers',
    steps: [begin, down, ['caller', cancel(1, 'kill')], ['callee', yields(1)], ['other', yields(1)]],
    caller: [result(1)],
    callee: [invoked],
    other: [invoked, interrupt(1, 'kill')],
  },
];

describe('CANCEL crosses', () => {
  test.each(named([...rows, ...unfinished]))('%s', async (_, row) => {
    const stage = await Stage.open();
    await stage.play({ before, ...row });
  });
  test.each(named(turnedDown))('%s', async (_, row) => {
    const stage = await Stage.open();
    await stage.play({ before: [first, others], ...row });
  });
});
