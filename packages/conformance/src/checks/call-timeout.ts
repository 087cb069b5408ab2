import { type Check, type CheckContext, must, should } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok } from '../outcome.js';
import type { Dict, Session } from '../session.js';

const TIMEOUT = 'wamp.error.timeout';
const canceling = { call_canceling: true, progressive_call_results: true };
const timing = { ...canceling, call_timeout: true };

interface Timed {
  callee: Session;
  caller: Session;
  call: number;
  invocation: number;
  details: Dict;
}

/* A call with a time limit that its callee has got. */
async function timed(
  t: CheckContext,
  features: Dict = canceling,
  options: { call?: Dict; register?: Dict } = {},
): Promise<Timed> {
  const caller = await t.joinWith('dealer', 'call_timeout');
  const callee = await t.join({ details: { roles: { callee: { features }, publisher: {} } } });
  await callee.register(t.uri(), options.register);
  const call = caller.request(Code.CALL, { timeout: 100, ...options.call }, t.uri());
  const { request, details } = await callee.invocation();
  return { callee, caller, call, invocation: request, details };
}

/** Call timeouts: requirements TMO, and PCR-07. */
export const callTimeout: readonly Check[] = [
  must('TMO-03', 'a call that takes too long gives timeout, and its late answer is discarded', async (t) => {
    const { caller, callee, call, invocation } = await timed(t, {});
    await caller.error(Code.CALL, call, TIMEOUT);
    await callee.nothingElse('at a callee that does not cancel');
    callee.yield(invocation, ['late']);
    await callee.nothingElse('after the late answer');
    await caller.nothingElse('after the timeout');
  }),
  must('TMO-03', 'a callee that cancels is interrupted with killnowait', async (t) => {
    const { caller, callee, call, invocation } = await timed(t);
    await caller.error(Code.CALL, call, TIMEOUT);
    const message = await callee.connection.next(Code.INTERRUPT);
    ok(isDict(message[2]), `malformed INTERRUPT: ${inText(message)}`);
    equal([message[1], message[2].mode], [invocation, 'killnowait'], 'INTERRUPT');
  }),
  must('TMO-03', 'an answer in time is the result', async (t) => {
    const { caller, callee, call, invocation } = await timed(t, canceling, { call: { timeout: 60_000 } });
    callee.yield(invocation, [1]);
    equal((await caller.result(call))[3], [1], 'Arguments of RESULT');
  }),
  must('TMO-01', 'timeout 0 is no limit', async (t) => {
    const { caller, callee, call, invocation } = await timed(t, canceling, { call: { timeout: 0 } });
    callee.yield(invocation);
    await caller.result(call);
  }),
  must('TMO-01', 'a timeout that is no integer of 0 or more is a protocol violation', async (t) => {
    const caller = await t.joinWith('dealer', 'call_timeout');
    caller.request(Code.CALL, { timeout: 'soon' }, t.uri());
    await caller.connection.violation();
  }),
  must('TMO-04', 'a callee that did not ask for the timeout is not told', async (t) => {
    const { details } = await timed(t, timing);
    equal(details.timeout, undefined, 'INVOCATION.Details.timeout');
  }),
  must('TMO-04', 'a callee that asked and did not announce call_timeout is not told', async (t) => {
    const { details } = await timed(t, canceling, { register: { forward_timeout: true } });
    equal(details.timeout, undefined, 'INVOCATION.Details.timeout');
  }),
  should('TMO-04', 'a callee that asked and announced call_timeout is told', async (t) => {
    const { details } = await timed(t, timing, { register: { forward_timeout: true } });
    equal(details.timeout, 100, 'INVOCATION.Details.timeout');
  }),
  must(
    'TMO-05',
    'a callee that runs out of time itself answers timeout, and the caller gets it',
    async (t) => {
      const { caller, callee, call, invocation } = await timed(t, canceling, { call: { timeout: 60_000 } });
      callee.send([Code.ERROR, Code.INVOCATION, invocation, {}, TIMEOUT]);
      await caller.error(Code.CALL, call, TIMEOUT);
    },
  ),
  must('PCR-07', 'without another progressive result in time the call ends', async (t) => {
    const { caller, callee, call, invocation } = await timed(t, canceling, {
      call: { receive_progress: true },
    });
    callee.send([Code.YIELD, invocation, { progress: true }]);
    await caller.connection.next(Code.RESULT);
    await caller.error(Code.CALL, call, TIMEOUT);
  }),
];
