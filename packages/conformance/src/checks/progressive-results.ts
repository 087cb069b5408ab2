import { type Check, type CheckContext, must, should } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok } from '../outcome.js';
import { allRoles, type Dict, type Session } from '../session.js';

interface Stream {
  callee: Session;
  caller: Session;
  call: number;
  invocation: number;
  details: Dict;
}

/* A call that asks for progress, and its invocation. */
async function stream(
  t: CheckContext,
  options: Dict = { receive_progress: true },
  calleeRoles: object = allRoles,
): Promise<Stream> {
  const caller = await t.joinWith('dealer', 'progressive_call_results');
  const callee = await t.join({ details: { roles: calleeRoles } });
  await callee.register(t.uri());
  const call = caller.request(Code.CALL, options, t.uri());
  const { request, details } = await callee.invocation();
  return { callee, caller, call, invocation: request, details };
}

function progress({ callee, invocation }: Stream, ...payload: readonly unknown[]): void {
  callee.send([Code.YIELD, invocation, { progress: true }, ...payload]);
}

/* The next RESULT: whether it is progressive, and its payload. */
async function nextResult({ caller, call }: Stream): Promise<[boolean, ...unknown[]]> {
  const message = await caller.connection.next(Code.RESULT);
  const [, request, details, ...payload] = message;
  ok(isDict(details), `malformed RESULT: ${inText(message)}`);
  equal(request, call, 'CALL.Request of RESULT');
  return [details.progress === true, ...payload];
}

const lacking: readonly (readonly [string, Record<string, boolean>])[] = [
  ['progressive_call_results', { call_canceling: true }],
  ['call_canceling', { progressive_call_results: true }],
];

/** Progressive call results: requirements PCR. */
export const progressiveResults: readonly Check[] = [
  must('PCR-02', 'a dealer that announces progressive_call_results announces call_canceling', async (t) => {
    const session = await t.joinWith('dealer', 'progressive_call_results');
    ok(session.announces('dealer', 'call_canceling'), 'call_canceling is not announced');
  }),
  must('PCR-03', 'receive_progress of CALL reaches the callee', async (t) => {
    const { details } = await stream(t);
    equal(details.receive_progress, true, 'INVOCATION.Details.receive_progress');
  }),
  ...[{}, { receive_progress: false }].map((options) =>
    must('PCR-03', `with options ${JSON.stringify(options)} it does not`, async (t) => {
      const { details } = await stream(t, options);
      ok(details.receive_progress !== true, `INVOCATION.Details is ${inText(details)}`);
    }),
  ),
  ...lacking.map(([name, features]) =>
    must('PCR-02', `a callee without ${name} is not asked for progress`, async (t) => {
      const { details } = await stream(t, { receive_progress: true }, { callee: { features } });
      ok(details.receive_progress !== true, `INVOCATION.Details is ${inText(details)}`);
    }),
  ),
  must(
    'PCR-04',
    'each progressive YIELD becomes a progressive RESULT at once, whatever its payload',
    async (t) => {
      const state = await stream(t);
      for (const payload of [[[1]], [], [[], { a: 1 }], [['x', null]]]) {
        progress(state, ...payload);
        const [progressive, ...got] = await nextResult(state);
        equal(
          [progressive, got[0] ?? [], got[1] ?? {}],
          [true, payload[0] ?? [], payload[1] ?? {}],
          'RESULT',
        );
      }
      state.callee.yield(state.invocation, ['end']);
      equal(await nextResult(state), [false, ['end']], 'the final RESULT');
    },
  ),
  must('PCR-04', 'progressive results come in order', async (t) => {
    const state = await stream(t);
    for (let number = 0; number < 100; number++) progress(state, [number]);
    state.callee.yield(state.invocation);
    for (let number = 0; number < 100; number++) equal(await nextResult(state), [true, [number]], 'RESULT');
    equal((await nextResult(state))[0], false, 'whether the final RESULT is progressive');
  }),
  must('PCR-05', 'ERROR ends a stream too', async (t) => {
    const state = await stream(t);
    progress(state, [1]);
    state.callee.send([Code.ERROR, Code.INVOCATION, state.invocation, {}, t.uri('error')]);
    equal(await nextResult(state), [true, [1]], 'RESULT');
    await state.caller.error(Code.CALL, state.call, t.uri('error'));
  }),
  must('PCR-05', 'nothing comes after the final result', async (t) => {
    const state = await stream(t);
    state.callee.yield(state.invocation);
    await nextResult(state);
    progress(state, ['late']);
    await state.callee.publishAcknowledged(t.uri('nobody')).catch(() => {});
    await state.caller.nothingElse('after the final RESULT');
  }),
  must('PCR-05', 'a callee may answer without any progress', async (t) => {
    const state = await stream(t);
    state.callee.yield(state.invocation, [1]);
    equal(await nextResult(state), [false, [1]], 'RESULT');
  }),
  must(
    'PCR-06',
    'when the caller of a stream goes, the callee is interrupted and its late results discarded',
    async (t) => {
      const state = await stream(t);
      progress(state, [1]);
      await nextResult(state);
      await state.caller.leave();
      const interrupt = await state.callee.connection.next(Code.INTERRUPT);
      equal([interrupt[1], (interrupt[2] as Dict).mode], [state.invocation, 'killnowait'], 'INTERRUPT');
      progress(state, [2]);
      state.callee.yield(state.invocation);
      await state.callee.publishAcknowledged(t.uri('nobody'));
    },
  ),
  must('PCR-06', 'when the callee of a stream goes, the caller gets the error canceled', async (t) => {
    const state = await stream(t);
    progress(state, [1]);
    await nextResult(state);
    await state.callee.leave();
    await state.caller.error(Code.CALL, state.call, 'wamp.error.canceled');
    await state.caller.nothingElse('after the error');
  }),
  must('PCR-05', 'after killnowait no progressive result comes', async (t) => {
    const state = await stream(t);
    progress(state, [1]);
    await nextResult(state);
    state.caller.send([Code.CANCEL, state.call, { mode: 'killnowait' }]);
    await state.caller.error(Code.CALL, state.call, 'wamp.error.canceled');
    progress(state, [2]);
    await state.callee.publishAcknowledged(t.uri('nobody'));
    await state.caller.nothingElse('after the error');
  }),
  should('PCR-08', 'progress that the caller did not ask for does not reach it', async (t) => {
    const state = await stream(t, {});
    progress(state, [1]);
    state.callee.yield(state.invocation, [2]);
    equal(await nextResult(state), [false, [2]], 'RESULT');
  }),
];
