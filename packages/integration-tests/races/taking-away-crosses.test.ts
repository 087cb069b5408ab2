import { Call, Payload, Publish, Register, Subscribe, Unregister, Unsubscribe } from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import {
  type Actor,
  call,
  errs,
  invocation,
  killOf,
  named,
  type Row,
  refused,
  removeCallee,
  result,
  Stage,
  type Step,
  yields,
} from './stage.js';

/* Subscriptions. */

const subscribe = (request = 1, options = {}): Step => ['other', new Subscribe(request, options, 'a.t')];
const unsubscribe: Step = ['other', (stage) => new Unsubscribe(9, stage.idOf('other'))];
const publish = (number: number, options = {}): Step => [
  'caller',
  new Publish(number, options, 'a.t', Payload.of([number])),
];
const revoke: Step = [
  'admin',
  ({ peers }: Stage) => {
    const args = [subscriptionOf(peers.other.received), peers.other.session];
    return new Call(1, {}, 'wamp.subscription.remove_subscriber', Payload.of(args));
  },
];
const event = (number: number, details = {}) => [
  36,
  expect.any(Number),
  expect.any(Number),
  details,
  [number],
];
const unsubscribed = [35, 9];
const revoked = [35, 0, { subscription: expect.any(Number) }];

const ofSubscriptions: readonly Row[] = [
  {
    name: 'BP-PS-09: UNSUBSCRIBE behind an event',
    steps: [publish(1), unsubscribe],
    other: [event(1), unsubscribed],
  },
  {
    name: 'BP-PS-09: an event behind UNSUBSCRIBE',
    steps: [unsubscribe, publish(1)],
    other: [unsubscribed],
  },
  {
    name: 'BP-PS-03: a second UNSUBSCRIBE behind the first',
    steps: [unsubscribe, unsubscribe],
    other: [unsubscribed, refused(9, 'no_such_subscription', 34)],
  },
  {
    name: 'BP-ORD-03: SUBSCRIBE once more behind UNSUBSCRIBE: events in between are lost, those behind are not',
    steps: [unsubscribe, publish(1), subscribe(10), publish(2)],
    other: [unsubscribed, [33, 10, expect.any(Number)], event(2)],
  },
  {
    name: 'RET-03: SUBSCRIBE behind an event that is kept, and UNSUBSCRIBE behind that',
    steps: [unsubscribe, publish(1, { retain: true }), subscribe(10, { get_retained: true }), publish(2)],
    other: [unsubscribed, [33, 10, expect.any(Number)], event(1, { retained: true }), event(2)],
  },
  {
    name: 'SREV-01: an event behind a revocation',
    steps: [revoke, publish(1)],
    other: [revoked],
  },
  {
    name: 'SREV-01: a revocation behind an event',
    steps: [publish(1), revoke],
    other: [event(1), revoked],
  },
  {
    name: 'SREV-01, BP-PS-03: UNSUBSCRIBE behind a revocation',
    steps: [revoke, unsubscribe],
    other: [revoked, refused(9, 'no_such_subscription', 34)],
  },
  {
    name: 'SREV-01: a revocation behind UNSUBSCRIBE',
    steps: [unsubscribe, revoke],
    other: [unsubscribed],
    admin: [refused(1, 'no_such_subscription')],
  },
  {
    name: 'SREV-01, SMETA-06: a revocation behind a kill',
    steps: [['admin', killOf('other')], revoke, publish(1)],
    other: [[6, {}, 'wamp.close.killed']],
    admin: [[50, 1000, {}], refused(1, 'no_such_subscription')],
  },
];

describe('an end of a subscription crosses', () => {
  test.each(named(ofSubscriptions))('%s', async (_, row) => {
    const stage = await Stage.open();
    await stage.play({ before: [subscribe()], ...row });
  });
});

function subscriptionOf(received: readonly (readonly unknown[])[]): unknown {
  return received.find(([code]) => code === 33)?.[2];
}

/* Registrations. */

const register = (options = {}): Step => ['callee', new Register(1, options, 'a.b')];
const others = (options = {}): Step => ['other', new Register(1, options, 'a.b')];
const unregister: Step = ['callee', (stage) => new Unregister(9, stage.idOf('callee'))];
const unregistered = [67, 9];
const takeAway: Step = ['admin', removeCallee];
const taken = [67, 0, { registration: expect.any(Number) }];
const takeOver = (options = {}): Step => others({ force_reregister: true, ...options });
const takenOver = [67, 0, { registration: expect.any(Number), reason: expect.any(String) }];
const registered = [65, 1, expect.any(Number)];
const roundrobin = { invoke: 'roundrobin', concurrency: 1 };
const calls = (...numbers: number[]): Step[] => numbers.map((number) => ['caller' as Actor, call(number)]);

/* Each way to lose a registration, and what callee and caller see of it. */
const losses = [
  { id: 'BP-RPC-02', by: 'UNREGISTER', step: unregister, callee: unregistered },
  { id: 'RREV-02', by: 'a revocation', step: takeAway, callee: taken },
] as const satisfies readonly { id: string; by: string; step: Step; callee: readonly unknown[] }[];

const ofRegistrations: readonly Row[] = losses.flatMap(({ id, by, step, callee }) => [
  {
    name: `${id}, BP-RPC-04: ${by} behind a call: it is answered all the same`,
    steps: [...calls(1), step, ['callee', yields(1)] as const],
    caller: [result(1)],
    callee: [invocation(1, 1), callee],
  },
  {
    name: `${id}, BP-RPC-03: a call behind ${by}`,
    steps: [step, ...calls(1)],
    caller: [refused(1, 'no_such_procedure')],
    callee: [callee],
  },
  {
    name: `${id}, BP-RPC-04: ${by} between a call and its error`,
    steps: [...calls(1), step, ['callee', errs(1, 'wamp.error.canceled')] as const],
    caller: [[8, 48, 1, {}, 'wamp.error.canceled']],
    callee: [invocation(1, 1), callee],
  },
  {
    name: `${id}, RER-03: a call is turned down behind ${by}, and there was one callee`,
    steps: [...calls(1), step, ['callee', errs(1, 'wamp.error.unavailable')] as const],
    caller: [refused(1, 'no_available_callee')],
    callee: [invocation(1, 1), callee],
  },
  {
    name: `${id}, RER-02: a call is turned down behind ${by}, and another callee is there`,
    before: [register({ invoke: 'first' }), others({ invoke: 'first' })],
    steps: [
      ...calls(1),
      step,
      ['callee', errs(1, 'wamp.error.unavailable')] as const,
      ['other', yields(1)] as const,
    ],
    caller: [result(1)],
    callee: [invocation(1, 1), callee],
    other: [invocation(1, 1)],
  },
  {
    name: `${id}, SHR-03: ${by} while a call waits: it is canceled, the other goes on`,
    before: [register({ concurrency: 1 })],
    steps: [...calls(1, 2), step, ['callee', yields(1)] as const],
    caller: [refused(2, 'canceled'), result(1)],
    callee: [invocation(1, 1), callee],
  },
  {
    name: `${id}, SHR-03: ${by} while a call waits for two: the other gets it`,
    before: [register(roundrobin), others(roundrobin)],
    steps: [
      ...calls(1, 2, 3),
      step,
      ['callee', yields(1)] as const,
      ['other', yields(1)] as const,
      ['other', yields(2)] as const,
    ],
    caller: [result(1), result(2), result(3)],
    callee: [invocation(1, 1), callee],
    other: [invocation(1, 2), invocation(2, 3)],
  },
  {
    name: `${id}, PCI-04: ${by} between chunks: the rest still comes`,
    steps: [
      ['caller', call(1, { progress: true })] as const,
      step,
      ['caller', call(1)] as const,
      ['callee', yields(1)] as const,
    ],
    caller: [result(1)],
    callee: [invocation(1, 1, { progress: true }), callee, invocation(1, 1)],
  },
  {
    name: `${id}, TMO-03: ${by} of a call with a timer, which goes on`,
    steps: [['caller', call(1, { timeout: 100 })] as const, step, 100],
    caller: [refused(1, 'timeout')],
    callee: [invocation(1, 1), callee, [69, 1, { mode: 'killnowait', reason: 'wamp.error.timeout' }]],
  },
]);

const crossing: readonly Row[] = [
  {
    name: 'RREV-02, BP-RPC-02: UNREGISTER behind a revocation',
    steps: [takeAway, unregister],
    callee: [taken, refused(9, 'no_such_registration', 66)],
  },
  {
    name: 'RREV-02: a revocation behind UNREGISTER',
    steps: [unregister, takeAway],
    callee: [unregistered],
    admin: [refused(1001, 'no_such_registration')],
  },
  {
    name: 'RREV-02, SHR-02: force_reregister behind a call, which the former callee answers',
    steps: [...calls(1), takeOver(), ...calls(2), ['callee', yields(1)], ['other', yields(1)]],
    caller: [result(1), result(2)],
    callee: [invocation(1, 1), takenOver],
    other: [registered, invocation(1, 2)],
  },
  {
    name: 'RREV-02, SHR-03: force_reregister while a call waits: the new callee gets it after REGISTERED',
    before: [register({ concurrency: 1 })],
    steps: [...calls(1, 2), takeOver(), ['callee', yields(1)], ['other', yields(1)]],
    caller: [result(1), result(2)],
    callee: [invocation(1, 1), takenOver],
    other: [registered, invocation(1, 2)],
  },
  {
    name: 'RREV-02, RER-03: a call is turned down behind force_reregister: the new registration is another one',
    steps: [...calls(1), takeOver(), ['callee', errs(1, 'wamp.error.unavailable')]],
    caller: [refused(1, 'no_available_callee')],
    callee: [invocation(1, 1), takenOver],
    other: [registered],
  },
  {
    name: 'RREV-02, SMETA-06: a revocation behind a kill',
    steps: [...calls(1), ['admin', killOf('callee')], takeAway],
    caller: [refused(1, 'canceled')],
    callee: [invocation(1, 1), [6, {}, 'wamp.close.killed']],
    admin: [[50, 1000, {}], refused(1001, 'no_such_registration')],
  },
];

describe('an end of a registration crosses', () => {
  test.each(named([...ofRegistrations, ...crossing]))('%s', async (_, row) => {
    const stage = await Stage.open();
    await stage.play({ before: [register()], ...row });
  });
});
