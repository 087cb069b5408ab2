import { type Check, type CheckContext, must } from '../check.js';
import { Code } from '../message-code.js';
import { equal, ok } from '../outcome.js';
import type { Session } from '../session.js';

const UNAVAILABLE = 'wamp.error.unavailable';
const NOBODY = 'wamp.error.no_available_callee';
const rerouting = { call_reroute: true };

/* Callees of one procedure, in the order of registration. */
async function setUp(t: CheckContext, invoke: string, count: number, features: object = rerouting) {
  const caller = await t.joinWith('dealer', 'call_reroute');
  const callees: Session[] = [];
  for (let n = 0; n < count; n++) {
    const callee = await t.join({ details: { roles: { callee: { features }, publisher: {} } } });
    await callee.register(t.uri(), invoke === 'single' ? {} : { invoke });
    callees.push(callee);
  }
  return { caller, callees, call: caller.call(t.uri(), [1]) };
}

async function refuse(callee: Session | undefined): Promise<void> {
  const invocation = (await callee?.invocation())?.request;
  callee?.send([Code.ERROR, Code.INVOCATION, invocation, {}, UNAVAILABLE]);
}

/** Call re-routing: requirements RER. */
export const callRerouting: readonly Check[] = [
  must('RER-02', 'roundrobin: the next callee gets the call, with its payload', async (t) => {
    const { caller, callees, call } = await setUp(t, 'roundrobin', 3);
    await refuse(callees[0]);
    const next = callees[1] as Session;
    const { request, message } = await next.invocation();
    equal(message[4], [1], 'Arguments of INVOCATION');
    next.yield(request, ['next']);
    equal((await caller.result(call))[3], ['next'], 'Arguments of RESULT');
    await callees[2]?.nothingElse('at the third callee');
  }),
  must('RER-02', 'first: the one registered after it gets the call', async (t) => {
    const { caller, callees, call } = await setUp(t, 'first', 2);
    await refuse(callees[0]);
    callees[1]?.yield((await (callees[1] as Session).invocation()).request, ['later']);
    equal((await caller.result(call))[3], ['later'], 'Arguments of RESULT');
  }),
  must('RER-02', 'last: the one registered before it gets the call', async (t) => {
    const { caller, callees, call } = await setUp(t, 'last', 2);
    await refuse(callees[1]);
    callees[0]?.yield((await (callees[0] as Session).invocation()).request, ['before']);
    equal((await caller.result(call))[3], ['before'], 'Arguments of RESULT');
  }),
  must('RER-02', 'single: there is no other, so no_available_callee', async (t) => {
    const { caller, callees, call } = await setUp(t, 'single', 1);
    await refuse(callees[0]);
    await caller.error(Code.CALL, call, NOBODY);
  }),
  must('RER-03', 'when all are unavailable, the caller gets no_available_callee', async (t) => {
    const { caller, callees, call } = await setUp(t, 'roundrobin', 2);
    for (const callee of callees) await refuse(callee);
    await caller.error(Code.CALL, call, NOBODY);
  }),
  must('RER-03', 'the ERROR of a callee that did not announce call_reroute is passed on', async (t) => {
    const { caller, callees, call } = await setUp(t, 'roundrobin', 2, {});
    await refuse(callees[0]);
    await caller.error(Code.CALL, call, UNAVAILABLE);
    await callees[1]?.nothingElse('at another callee');
  }),
  must('RER-01', 'a dealer that re-routes announces call_reroute', async (t) => {
    const caller = await t.join();
    const callee = await t.join({ details: { roles: { callee: { features: rerouting }, publisher: {} } } });
    await callee.register(t.uri());
    const call = caller.call(t.uri());
    await refuse(callee);
    const error = (await caller.error(Code.CALL, call))[4];
    ok(caller.announces('dealer', 'call_reroute') === (error === NOBODY), `the caller gets ${error}`);
  }),
];
