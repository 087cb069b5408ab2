import { type Check, type CheckContext, must, should } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok, skip } from '../outcome.js';
import { allRoles, type Dict, type Session } from '../session.js';

const CANCELED = 'wamp.error.canceled';

interface Pending {
  callee: Session;
  caller: Session;
  call: number;
  invocation: number;
}

/* A call that its callee has and has not answered. */
async function pending(t: CheckContext, calleeRoles: object = allRoles): Promise<Pending> {
  const caller = await t.joinWith('dealer', 'call_canceling');
  const callee = await t.join({ details: { roles: calleeRoles } });
  await callee.register(t.uri());
  const call = caller.call(t.uri());
  return { callee, caller, call, invocation: (await callee.invocation()).request };
}

function cancel({ caller, call }: Pending, options: Dict): void {
  caller.send([Code.CANCEL, call, options]);
}

async function interrupted({ callee, invocation }: Pending, mode: string): Promise<void> {
  const message = await callee.connection.next(Code.INTERRUPT);
  ok(message.length === 3 && isDict(message[2]), `malformed INTERRUPT: ${inText(message)}`);
  equal(message[1], invocation, 'INVOCATION.Request of INTERRUPT');
  equal(message[2].mode, mode, 'mode of INTERRUPT');
}

/* The late answer of the callee is discarded and is no violation. */
async function discardsLateAnswer(t: CheckContext, { callee, caller, invocation }: Pending): Promise<void> {
  callee.yield(invocation, ['late']);
  await callee.publishAcknowledged(t.uri('nobody'));
  await caller.nothingElse('after the late answer');
}

const withoutCanceling = { callee: { features: {} }, publisher: {} };

/** Cancelling calls: requirements CAN. */
export const callCanceling: readonly Check[] = [
  must('CAN-01', 'a dealer that cancels calls spells it call_canceling', async (t) => {
    const { roles } = (await t.join()).details;
    const dealer = isDict(roles) && isDict(roles.dealer) ? roles.dealer : {};
    const spelled = Object.keys(dealer.features ?? {}).filter((key) => /^call_?cancel/.test(key));
    if (spelled.length === 0) skip('the dealer does not cancel calls');
    ok(spelled.includes('call_canceling'), `announced is ${inText(spelled)}`);
  }),
  must('CAN-02', 'skip answers the caller at once, and does not interrupt', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'skip' });
    await state.caller.error(Code.CALL, state.call, CANCELED);
    await state.callee.nothingElse('after skip');
    await discardsLateAnswer(t, state);
  }),
  must('CAN-03', 'kill interrupts, and the caller gets the ERROR that the callee sends', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'kill' });
    await interrupted(state, 'kill');
    await state.caller.nothingElse('before the callee answered');
    state.callee.send([Code.ERROR, Code.INVOCATION, state.invocation, {}, CANCELED, ['stopped']]);
    equal((await state.caller.error(Code.CALL, state.call, CANCELED))[5], ['stopped'], 'Arguments of ERROR');
  }),
  must('CAN-03', 'kill lets the RESULT of a callee that is done through', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'kill' });
    await interrupted(state, 'kill');
    state.callee.yield(state.invocation, [42]);
    equal((await state.caller.result(state.call))[3], [42], 'Arguments of RESULT');
  }),
  must('CAN-04', 'killnowait answers the caller at once and interrupts', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'killnowait' });
    await state.caller.error(Code.CALL, state.call, CANCELED);
    await interrupted(state, 'killnowait');
    await discardsLateAnswer(t, state);
  }),
  must('CAN-04', 'the ERROR of a callee after killnowait is discarded', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'killnowait' });
    await state.caller.error(Code.CALL, state.call, CANCELED);
    await interrupted(state, 'killnowait');
    state.callee.send([Code.ERROR, Code.INVOCATION, state.invocation, {}, CANCELED]);
    await state.callee.publishAcknowledged(t.uri('nobody'));
    await state.caller.nothingElse('after the late ERROR');
  }),
  ...['skip', 'kill', 'killnowait'].map((mode) =>
    must('CAN-05', `${mode} is skip for a callee that does not cancel`, async (t) => {
      const state = await pending(t, withoutCanceling);
      cancel(state, { mode });
      await state.caller.error(Code.CALL, state.call, CANCELED);
      await state.callee.nothingElse(`after ${mode}`);
      await discardsLateAnswer(t, state);
    }),
  ),
  must('CAN-06', 'without a mode the caller is answered', async (t) => {
    const state = await pending(t);
    cancel(state, {});
    await state.caller.error(Code.CALL, state.call, CANCELED);
  }),
  must('CAN-06', 'an unknown mode is a protocol violation', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'softly' });
    await state.caller.connection.violation();
  }),
  must('CAN-06', 'a mode that is no string is a protocol violation', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 1 });
    await state.caller.connection.violation();
  }),
  must('CAN-07', 'CANCEL of a call that never was is ignored', async (t) => {
    const session = await t.joinWith('dealer', 'call_canceling');
    await session.publishAcknowledged(t.uri('nobody'));
    session.send([Code.CANCEL, 1, { mode: 'kill' }]);
    session.send([Code.CANCEL, 500, {}]);
    await session.nothingElse('after CANCEL');
  }),
  must('CAN-07', 'CANCEL of a finished call is ignored', async (t) => {
    const state = await pending(t);
    state.callee.yield(state.invocation);
    await state.caller.result(state.call);
    cancel(state, { mode: 'killnowait' });
    await state.caller.nothingElse('at the caller');
    await state.callee.nothingElse('at the callee');
  }),
  must('CAN-07', 'CANCEL of the call of another session is ignored', async (t) => {
    const state = await pending(t);
    const other = await t.join();
    await other.publishAcknowledged(t.uri('nobody'));
    other.send([Code.CANCEL, state.call, { mode: 'killnowait' }]);
    await other.nothingElse('at the other session');
    await state.callee.nothingElse('at the callee');
    state.callee.yield(state.invocation);
    await state.caller.result(state.call);
  }),
  must('CAN-07', 'a repeated CANCEL is ignored', async (t) => {
    const state = await pending(t);
    for (let count = 0; count < 3; count++) cancel(state, { mode: 'kill' });
    await state.caller.nothingElse('before the callee answered');
    await interrupted(state, 'kill');
    await state.callee.nothingElse('after one INTERRUPT');
    state.callee.send([Code.ERROR, Code.INVOCATION, state.invocation, {}, CANCELED]);
    await state.caller.error(Code.CALL, state.call, CANCELED);
    await state.caller.nothingElse('after the error');
  }),
  should('CAN-08', 'INTERRUPT.Options.reason, if present, is a URI', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'kill' });
    const [, , options] = await state.callee.connection.next(Code.INTERRUPT);
    ok(
      isDict(options) && ['string', 'undefined'].includes(typeof options.reason),
      `Options is ${inText(options)}`,
    );
  }),
  must('CAN-03', 'a callee that leaves while it is killed answers the call once', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'kill' });
    await interrupted(state, 'kill');
    await state.callee.leave();
    await state.caller.error(Code.CALL, state.call, CANCELED);
    await state.caller.nothingElse('after the error');
  }),
  must('CAN-03', 'the answer to kill for a caller that left meanwhile is discarded', async (t) => {
    const state = await pending(t);
    cancel(state, { mode: 'kill' });
    await interrupted(state, 'kill');
    await state.caller.leave();
    state.callee.send([Code.ERROR, Code.INVOCATION, state.invocation, {}, CANCELED]);
    await state.callee.publishAcknowledged(t.uri('nobody'));
  }),
];
