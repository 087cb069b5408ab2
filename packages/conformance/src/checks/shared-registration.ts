import { type Check, type CheckContext, may, must, should } from '../check.js';
import { Code } from '../message-code.js';
import { equal, ok } from '../outcome.js';
import type { Dict, Session } from '../session.js';

interface Shared {
  caller: Session;
  callees: Session[];
  registrations: number[];
}

/* A procedure of three callees. */
async function shared(t: CheckContext, invoke: string): Promise<Shared> {
  const caller = await t.joinWith('dealer', 'shared_registration');
  const callees: Session[] = [];
  const registrations: number[] = [];
  for (let n = 0; n < 3; n++) {
    const callee = await t.join();
    callees.push(callee);
    registrations.push(await callee.register(t.uri(), { invoke }));
  }
  return { caller, callees, registrations };
}

/* Calls once, lets whoever gets it answer with its number, and gives that number. */
async function callOnce(t: CheckContext, { caller, callees }: Shared): Promise<unknown> {
  const call = caller.call(t.uri());
  const given = new AbortController();
  const isInvocation = (message: readonly unknown[]) => message[0] === Code.INVOCATION;
  const served = callees.map(async (callee, index) => {
    const message = await callee.connection.takeAny(isInvocation, 'INVOCATION', given.signal);
    callee.yield(message[1] as number, [index]);
  });
  try {
    await Promise.any(served);
  } finally {
    given.abort();
    await Promise.allSettled(served);
  }
  return ((await caller.result(call))[3] as unknown[])[0];
}

async function callOften(t: CheckContext, state: Shared, times: number): Promise<unknown[]> {
  const served: unknown[] = [];
  for (let n = 0; n < times; n++) served.push(await callOnce(t, state));
  return served;
}

const policies = ['roundrobin', 'random', 'first', 'last'];

/** Shared registrations: requirements SHR. */
export const sharedRegistration: readonly Check[] = [
  ...policies.map((invoke) =>
    must('SHR-02', `all callees of a registration by ${invoke} have one id`, async (t) => {
      const { registrations } = await shared(t, invoke);
      equal(new Set(registrations).size, 1, 'number of ids');
    }),
  ),
  ...(
    [
      [{}, {}],
      [{}, { invoke: 'roundrobin' }],
      [{ invoke: 'first' }, { invoke: 'last' }],
      [{ invoke: 'random' }, {}],
    ] as [Dict, Dict][]
  ).map(([first, second]) =>
    must(
      'SHR-02',
      `REGISTER with ${JSON.stringify(second)} after ${JSON.stringify(first)} fails`,
      async (t) => {
        const one = await t.joinWith('dealer', 'shared_registration');
        await one.register(t.uri(), first);
        const other = await t.join();
        const request = other.request(Code.REGISTER, second, t.uri());
        await other.error(Code.REGISTER, request);
      },
    ),
  ),
  must('SHR-03', 'roundrobin calls one after the other, in the order of registration', async (t) => {
    const state = await shared(t, 'roundrobin');
    equal(await callOften(t, state, 7), [0, 1, 2, 0, 1, 2, 0], 'callees in the order of calls');
  }),
  must('SHR-03', 'roundrobin stays right when a callee goes', async (t) => {
    const state = await shared(t, 'roundrobin');
    equal(await callOften(t, state, 2), [0, 1], 'callees before');
    const [first] = state.callees as [Session];
    const request = first.request(Code.UNREGISTER, state.registrations[0]);
    await first.reply(Code.UNREGISTERED, request);
    equal(await callOften(t, state, 4), [2, 1, 2, 1], 'callees after');
  }),
  must('SHR-03', 'first calls the oldest that is still there', async (t) => {
    const state = await shared(t, 'first');
    equal(await callOften(t, state, 3), [0, 0, 0], 'callees before');
    await state.callees[0]?.leave();
    equal(await callOften(t, { ...state, callees: state.callees.slice(1) }, 2), [0, 0], 'callees after');
  }),
  must('SHR-03', 'last calls the newest that is still there', async (t) => {
    const state = await shared(t, 'last');
    equal(await callOften(t, state, 3), [2, 2, 2], 'callees before');
    await state.callees[2]?.leave();
    equal(await callOften(t, { ...state, callees: state.callees.slice(0, 2) }, 2), [1, 1], 'callees after');
  }),
  must('SHR-03', 'random calls one of the callees', async (t) => {
    const served = await callOften(t, await shared(t, 'random'), 10);
    ok(
      served.every((index) => [0, 1, 2].includes(index as number)),
      'a call was served by nobody',
    );
  }),
  should('SHR-04', 'a session that registers twice has one part in it', async (t) => {
    const callee = await t.joinWith('dealer', 'shared_registration');
    const first = await callee.register(t.uri(), { invoke: 'roundrobin' });
    equal(await callee.register(t.uri(), { invoke: 'roundrobin' }), first, 'Registration');
  }),
  may('SHR-03', 'with concurrency 1 a second call waits until the first is answered', async (t) => {
    const caller = await t.joinWith('dealer', 'shared_registration');
    const callee = await t.join();
    await callee.register(t.uri(), { invoke: 'roundrobin', concurrency: 1 });
    const calls = [caller.call(t.uri()), caller.call(t.uri())];
    for (const [index, call] of calls.entries()) {
      const { request } = await callee.invocation();
      await callee.nothingElse('while the callee is busy');
      callee.yield(request, [index]);
      equal((await caller.result(call))[3], [index], 'Arguments of RESULT');
    }
  }),
  must('BP-RPC-06', 'when one of several callees goes, its open call is canceled', async (t) => {
    const { caller, callees } = await shared(t, 'first');
    const call = caller.call(t.uri());
    await callees[0]?.invocation();
    await callees[0]?.leave();
    await caller.error(Code.CALL, call, 'wamp.error.canceled');
    await callees[1]?.nothingElse('at another callee');
  }),
];
