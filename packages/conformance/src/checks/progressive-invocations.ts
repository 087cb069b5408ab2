import { type Check, type CheckContext, must } from '../check.js';
import { Code } from '../message-code.js';
import { equal, ok } from '../outcome.js';
import type { Dict, Session } from '../session.js';

const features = {
  call_canceling: true,
  progressive_call_invocations: true,
  progressive_call_results: true,
};

interface Stream {
  callee: Session;
  caller: Session;
  call: number;
}

async function pair(t: CheckContext, calleeFeatures: Dict = features): Promise<Stream> {
  await t.joinWith('dealer', 'progressive_call_invocations');
  const join = (callee: Dict) =>
    t.join({ details: { roles: { caller: { features }, callee: { features: callee }, publisher: {} } } });
  const [caller, callee] = [await join(features), await join(calleeFeatures)];
  await callee.register(t.uri());
  return { callee, caller, call: caller.lastRequest + 1 };
}

function first(t: CheckContext, { caller }: Stream, options: Dict = {}): void {
  caller.request(Code.CALL, { progress: true, ...options }, t.uri(), [0]);
}

function chunk(t: CheckContext, { caller, call }: Stream, options: Dict, value: unknown): void {
  caller.send([Code.CALL, call, options, t.uri(), [value]]);
}

/** Progressive call invocations: requirements PCI. */
export const progressiveInvocations: readonly Check[] = [
  must('PCI-02', 'progress of a caller that did not announce it is a protocol violation', async (t) => {
    await t.joinWith('dealer', 'progressive_call_invocations');
    const caller = await t.join({ details: { roles: { caller: {} } } });
    caller.request(Code.CALL, { progress: true }, t.uri());
    await caller.connection.violation();
  }),
  ...[{ call_canceling: true }, { progressive_call_invocations: true }].map((lacking) =>
    must('PCI-03', `a callee with only ${Object.keys(lacking)[0]} gives feature_not_supported`, async (t) => {
      const state = await pair(t, lacking);
      first(t, state);
      await state.caller.error(Code.CALL, state.call, 'wamp.error.feature_not_supported');
      await state.callee.nothingElse('at the callee');
    }),
  ),
  must(
    'PCI-04',
    'chunks arrive in order under one INVOCATION.Request, the last without progress',
    async (t) => {
      const state = await pair(t);
      first(t, state);
      chunk(t, state, { progress: true }, 1);
      chunk(t, state, {}, 2);
      const got = [];
      for (let n = 0; n < 3; n++) got.push(await state.callee.invocation());
      equal(new Set(got.map(({ request }) => request)).size, 1, 'number of INVOCATION.Requests');
      equal(
        got.map(({ details, message }) => [details.progress === true, message[4]]),
        [
          [true, [0]],
          [true, [1]],
          [false, [2]],
        ],
        'progress and Arguments',
      );
      state.callee.yield(got[0]?.request as number, ['done']);
      equal((await state.caller.result(state.call))[3], ['done'], 'Arguments of RESULT');
    },
  ),
  must('PCI-05', 'all chunks of a call go to the callee that got the first', async (t) => {
    const { caller, callee, call } = await pair(t);
    const others = [callee, await t.join({ details: { roles: { callee: { features }, publisher: {} } } })];
    const procedure = t.uri('shared');
    for (const other of others) await other.register(procedure, { invoke: 'roundrobin' });
    for (const value of [0, 1, 2, 3])
      caller.send([Code.CALL, call, value < 3 ? { progress: true } : {}, procedure, [value]]);
    const got = [];
    for (let n = 0; n < 4; n++) got.push((await callee.invocation()).message[4]);
    equal(got, [[0], [1], [2], [3]], 'Arguments at the first callee');
    await others[1]?.nothingElse('at the second callee');
  }),
  must('PCI-11', 'chunks and progressive results go both ways in one call', async (t) => {
    const state = await pair(t);
    first(t, state, { receive_progress: true });
    const { request, details } = await state.callee.invocation();
    equal(details.receive_progress, true, 'INVOCATION.Details.receive_progress');
    state.callee.send([Code.YIELD, request, { progress: true }, ['half']]);
    equal((await state.caller.connection.next(Code.RESULT))[3], ['half'], 'Arguments of RESULT');
    chunk(t, state, {}, 1);
    await state.callee.invocation();
    state.callee.yield(request, ['whole']);
    equal((await state.caller.result(state.call))[3], ['whole'], 'Arguments of the last RESULT');
  }),
  must('PCI-07', 'chunks of a call that has ended are discarded without a reply', async (t) => {
    const state = await pair(t);
    first(t, state);
    state.callee.yield((await state.callee.invocation()).request);
    await state.caller.result(state.call);
    chunk(t, state, { progress: true }, 1);
    chunk(t, state, {}, 2);
    await state.caller.nothingElse('after late chunks');
    await state.callee.nothingElse('at the callee');
  }),
  must('PCI-09', 'options of later chunks have no effect', async (t) => {
    const state = await pair(t);
    first(t, state);
    await state.callee.invocation();
    chunk(t, state, { progress: true, disclose_me: true, receive_progress: true }, 1);
    const { details } = await state.callee.invocation();
    equal([details.caller, details.receive_progress], [undefined, undefined], 'caller, receive_progress');
  }),
  must('PCI-10', 'the id of an open call that is not progressive is a protocol violation', async (t) => {
    const state = await pair(t);
    state.caller.call(t.uri());
    await state.callee.invocation();
    chunk(t, state, { progress: true }, 1);
    await state.caller.connection.violation();
  }),
  must('PCI-06', 'when the caller goes, the callee is interrupted', async (t) => {
    const state = await pair(t);
    first(t, state);
    await state.callee.invocation();
    await state.caller.leave();
    const message = await state.callee.connection.next(Code.INTERRUPT);
    ok(message.length === 3, 'malformed INTERRUPT');
  }),
  must('PCI-06', 'when the callee goes, the call is canceled', async (t) => {
    const state = await pair(t);
    first(t, state);
    await state.callee.invocation();
    await state.callee.leave();
    await state.caller.error(Code.CALL, state.call, 'wamp.error.canceled');
  }),
];
