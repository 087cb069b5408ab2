import { type Check, type CheckContext, must, should, within } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok, skip } from '../outcome.js';
import { allRoles, type Session } from '../session.js';

const NO_REGISTRATION = 'wamp.error.no_such_registration';
const ALREADY = 'wamp.error.procedure_already_exists';

const leavings: readonly (readonly [string, (session: Session) => Promise<void> | void])[] = [
  ['leaves', (session) => session.leave()],
  ['aborts', (session) => session.send([Code.ABORT, {}, 'wamp.error.canceled'])],
  ['loses its transport', (session) => session.connection.destroy()],
];

/* A callee with one invocation, and what its caller sent. */
async function invoked(t: CheckContext, calleeRoles: object = allRoles) {
  const callee = await t.join({ details: { roles: calleeRoles } });
  const caller = await t.join();
  await callee.register(t.uri());
  const call = caller.call(t.uri(), ['x']);
  const { request } = await callee.invocation();
  return { callee, caller, call, request };
}

/** Calls: requirements BP-RPC, BP-PERR-04, and BP-ORD for calls. */
export const basicRpc: readonly Check[] = [
  must('BP-RPC-01', 'a second REGISTER by another session is refused', async (t) => {
    const [one, two] = [await t.join(), await t.join()];
    await one.register(t.uri());
    await two.error(Code.REGISTER, two.request(Code.REGISTER, {}, t.uri()), ALREADY);
  }),
  must('BP-RPC-01', 'a second REGISTER by the same session is refused', async (t) => {
    const session = await t.join();
    await session.register(t.uri());
    await session.error(Code.REGISTER, session.request(Code.REGISTER, {}, t.uri()), ALREADY);
  }),
  must('BP-RPC-02', 'UNREGISTER of an unknown id is answered with no_such_registration', async (t) => {
    const session = await t.join();
    await session.error(Code.UNREGISTER, session.request(Code.UNREGISTER, 12_345), NO_REGISTRATION);
  }),
  must('BP-RPC-02', 'UNREGISTER of the registration of another session is answered likewise', async (t) => {
    const [owner, other] = [await t.join(), await t.join()];
    const registration = await owner.register(t.uri());
    await other.error(Code.UNREGISTER, other.request(Code.UNREGISTER, registration), NO_REGISTRATION);
    other.call(t.uri());
    await owner.invocation();
  }),
  must('BP-RPC-02', 'after UNREGISTERED the procedure is gone, and free', async (t) => {
    const [session, other] = [await t.join(), await t.join()];
    const registration = await session.register(t.uri());
    await session.reply(Code.UNREGISTERED, session.request(Code.UNREGISTER, registration));
    await other.error(Code.CALL, other.call(t.uri()), 'wamp.error.no_such_procedure');
    await session.error(Code.UNREGISTER, session.request(Code.UNREGISTER, registration), NO_REGISTRATION);
    await other.register(t.uri());
  }),
  must('BP-RPC-03', 'CALL of what nobody registered is answered with no_such_procedure', async (t) => {
    const session = await t.join();
    await session.register(t.uri('a'));
    for (const procedure of [t.uri('a.b'), t.uri('ab'), t.uri('A'), t.uri('b')])
      await session.error(Code.CALL, session.call(procedure), 'wamp.error.no_such_procedure');
  }),
  must('BP-RPC-04', 'YIELD becomes RESULT with its payload', async (t) => {
    const { callee, caller, call, request } = await invoked(t);
    callee.yield(request, [1, { a: null }], { kw: [] });
    const result = await caller.result(call);
    ok(isDict(result[2]), `malformed RESULT: ${inText(result)}`);
    equal(result.slice(3), [[1, { a: null }], { kw: [] }], 'payload of RESULT');
  }),
  must('BP-RPC-04', 'ERROR of a callee becomes ERROR of the call with its URI and payload', async (t) => {
    const { callee, caller, call, request } = await invoked(t);
    callee.send([Code.ERROR, Code.INVOCATION, request, {}, t.uri('error'), ['why', 7], { at: { x: 1 } }]);
    const message = await caller.error(Code.CALL, call, t.uri('error'));
    equal(message.slice(5), [['why', 7], { at: { x: 1 } }], 'payload of ERROR');
  }),
  must('BP-RPC-04', 'INVOCATION has the id of the registration, Details, and the payload', async (t) => {
    const [callee, caller] = [await t.join(), await t.join()];
    const registration = await callee.register(t.uri());
    caller.call(t.uri(), [1], { b: 2 });
    const { message } = await callee.invocation();
    equal(
      [message[2], ...message.slice(4)],
      [registration, [1], { b: 2 }],
      'registration and payload of INVOCATION',
    );
  }),
  must('BP-RPC-04', 'a session may call what it registered', async (t) => {
    const session = await t.join();
    await session.register(t.uri());
    const call = session.call(t.uri(), [3]);
    session.yield((await session.invocation()).request, [4]);
    equal((await session.result(call)).slice(3), [[4]], 'payload of RESULT');
  }),
  must('BP-RPC-05', 'when a caller goes, a callee that cancels is interrupted with killnowait', async (t) => {
    for (const [, leave] of leavings) {
      const { callee, caller, request } = await invokedAs(t);
      if (!callee.announces('dealer', 'call_canceling')) skip('the dealer does not announce call_canceling');
      await leave(caller);
      const interrupt = await callee.connection.next(Code.INTERRUPT);
      equal(interrupt[1], request, 'INVOCATION.Request of INTERRUPT');
      equal((interrupt[2] as { mode?: unknown }).mode, 'killnowait', 'mode of INTERRUPT');
      await callee.leave();
    }
  }),
  must('BP-RPC-05', 'when a caller goes, a callee that does not cancel is not interrupted', async (t) => {
    const { callee, caller } = await invoked(t, { callee: {}, publisher: {} });
    await caller.leave();
    await callee.nothingElse('after the caller left');
  }),
  must('BP-RPC-05', 'the answer for a caller that is gone is discarded', async (t) => {
    for (const answer of ['YIELD', 'ERROR']) {
      const { callee, caller, request } = await invokedAs(t);
      await caller.leave();
      if (answer === 'YIELD') callee.yield(request, [1]);
      else callee.send([Code.ERROR, Code.INVOCATION, request, {}, 'a.b']);
      await callee.publishAcknowledged(t.uri('nobody'));
      await callee.leave();
    }
  }),
  ...leavings.map(([name, leave]) =>
    must(
      'BP-RPC-06',
      `when a callee ${name}, every caller that waits gets the error canceled, once`,
      async (t) => {
        const { callee, caller, call } = await invoked(t);
        const other = await t.join();
        const second = other.call(t.uri());
        await callee.invocation();
        await leave(callee);
        await caller.error(Code.CALL, call, 'wamp.error.canceled');
        await other.error(Code.CALL, second, 'wamp.error.canceled');
        await caller.nothingElse('after the error');
      },
    ),
  ),
  must('BP-RPC-07', 'calls are answered in the order of their results', async (t) => {
    const [callee, caller] = [await t.join(), await t.join()];
    await callee.register(t.uri());
    const calls = [1, 2, 3].map((number) => caller.call(t.uri(), [number]));
    const invocations = [await callee.invocation(), await callee.invocation(), await callee.invocation()];
    for (const index of [2, 0, 1]) {
      callee.yield(invocations[index]!.request, [index]);
      const result = await caller.connection.next(Code.RESULT);
      equal([result[1], result[3]], [calls[index], [index]], 'RESULT');
    }
  }),
  must('BP-RPC-07', 'a second answer to one invocation reaches no caller', async (t) => {
    const { callee, caller, call, request } = await invoked(t);
    callee.yield(request, [1]);
    await caller.result(call);
    callee.yield(request, [2]);
    await callee.publishAcknowledged(t.uri('nobody')).catch(() => {});
    await caller.nothingElse('after RESULT');
  }),
  must(
    'BP-RPC-07',
    'a call goes on with its callee when another one registers the procedure meanwhile',
    async (t) => {
      const [callee, next, caller] = [await t.join(), await t.join(), await t.join()];
      const registration = await callee.register(t.uri());
      const call = caller.call(t.uri());
      const { request } = await callee.invocation();
      await callee.reply(Code.UNREGISTERED, callee.request(Code.UNREGISTER, registration));
      await next.register(t.uri());
      const second = caller.call(t.uri());
      next.yield((await next.invocation()).request, ['next']);
      equal((await caller.result(second))[3], ['next'], 'Arguments of RESULT');
      callee.yield(request, ['first']);
      equal((await caller.result(call))[3], ['first'], 'Arguments of RESULT');
    },
  ),
  must('BP-RPC-06', 'a session that waits for itself leaves without harm to others', async (t) => {
    const [session, other] = [await t.join(), await t.join()];
    await session.register(t.uri());
    session.call(t.uri());
    await session.invocation();
    const call = other.call(t.uri());
    await session.invocation();
    session.connection.destroy();
    await other.error(Code.CALL, call, 'wamp.error.canceled');
    await other.register(t.uri('b'));
    await other.nothingElse('after the error');
  }),
  must(
    'BP-RPC-07',
    'an invocation that is pending when its procedure is unregistered may still be answered',
    async (t) => {
      const [callee, caller] = [await t.join(), await t.join()];
      const registration = await callee.register(t.uri());
      const call = caller.call(t.uri());
      const { request } = await callee.invocation();
      await callee.reply(Code.UNREGISTERED, callee.request(Code.UNREGISTER, registration));
      callee.yield(request, [1]);
      await caller.result(call);
    },
  ),
  must('BP-PERR-04', 'YIELD for an invocation that never was is a protocol violation', async (t) => {
    const { callee } = await invoked(t);
    callee.yield(77, [1]);
    await callee.connection.violation();
  }),
  must('BP-PERR-04', 'ERROR for an invocation that never was is a protocol violation', async (t) => {
    const { callee } = await invoked(t);
    callee.send([Code.ERROR, Code.INVOCATION, 77, {}, 'a.b']);
    await callee.connection.violation();
  }),
  must('BP-PERR-04', 'YIELD for the invocation of another session reaches no caller', async (t) => {
    const { callee, caller, call, request } = await invoked(t);
    const other = await t.join();
    other.yield(request, ['forged']);
    await other.connection.violation();
    callee.yield(request, ['true']);
    equal((await caller.result(call))[3], ['true'], 'Arguments of RESULT');
  }),
  must(
    'BP-ORD-02',
    'invocations of one caller come in the order of its calls, also across procedures',
    async (t) => {
      const [callee, caller] = [await t.join(), await t.join()];
      const procedures = [t.uri('a'), t.uri('b'), t.uri('c')];
      for (const procedure of procedures) await callee.register(procedure);
      for (let number = 0; number < 300; number++) {
        caller.call(procedures[number % 3]!, [number, 'x'.repeat(number % 5 === 0 ? 5000 : 0)]);
        if (number % 50 !== 49) continue;
        for (let expected = number - 49; expected <= number; expected++) {
          const { request, message } = await callee.invocation();
          equal((message[4] as unknown[])[0], expected, 'number of the invocation');
          callee.yield(request);
        }
      }
    },
  ),
  must('BP-ORD-03', 'REGISTERED comes before the first invocation', async (t) => {
    const [callee, caller] = [await t.join(), await t.join()];
    for (let round = 0; round < 20; round++) {
      const procedure = t.uri(`r${round}`);
      callee.request(Code.REGISTER, {}, procedure);
      for (let count = 0; count < 10; count++) caller.call(procedure);
      await caller.error(Code.CALL, caller.call(t.uri('none')));
      await callee.connection.next(Code.REGISTERED);
      await callee.publishAcknowledged(t.uri('nobody'));
      while (callee.connection.untaken.length > 0) await callee.invocation();
    }
  }),
  // Only RawSocket tells how much a client takes.
  ...within({ transport: 'rawsocket' }, [
    should('BP-RPC-09', 'a result that is larger than the caller takes becomes an error', async (t) => {
      const { callee, caller } = await smallSession(t);
      await callee.register(t.uri());
      const call = caller.call(t.uri());
      callee.yield((await callee.invocation()).request, ['x'.repeat(5000)]);
      await caller.error(Code.CALL, call, 'wamp.error.payload_size_exceeded');
      const again = caller.call(t.uri());
      callee.yield((await callee.invocation()).request, ['x']);
      await caller.result(again);
    }),
    should('BP-RPC-09', 'a call that is larger than the callee takes becomes an error', async (t) => {
      const { callee: large, caller: small } = await smallSession(t);
      await small.register(t.uri());
      const call = large.call(t.uri(), ['x'.repeat(5000)]);
      await large.error(Code.CALL, call, 'wamp.error.payload_size_exceeded');
      large.call(t.uri(), ['x']);
      await small.invocation();
    }),
    should('BP-RPC-09', 'an event that is larger than one subscriber takes reaches the others', async (t) => {
      const { callee: large, caller: small } = await smallSession(t);
      const publisher = await t.join();
      for (const subscriber of [small, large]) await subscriber.subscribe(t.uri());
      await publisher.publishAcknowledged(t.uri(), {}, ['x'.repeat(5000)]);
      await publisher.publishAcknowledged(t.uri(), {}, ['x']);
      equal(((await large.event()).message[4] as string[])[0]?.length, 5000, 'length of the first event');
      const [text] = (await small.event()).message[4] as unknown[];
      ok(text === 'x', `the small subscriber got ${inText(text)}`);
    }),
  ]),
];

/* As `invoked`, under a procedure of its own, so that it can be used more than once in a check. */
async function invokedAs(t: CheckContext) {
  const [callee, caller] = [await t.join(), await t.join()];
  const procedure = t.uri(`p${callee.id}`);
  await callee.register(procedure);
  const call = caller.call(procedure);
  return { callee, caller, call, request: (await callee.invocation()).request };
}

/* A session that takes messages up to 2 KiB, and an ordinary one. */
async function smallSession(t: CheckContext) {
  const small = {
    lengthExponent: 2,
    details: { roles: { caller: {}, callee: {}, subscriber: {}, publisher: {} } },
  };
  const callee = await t.join();
  const caller = await t
    .join(small)
    .catch((error: Error) => skip(`no session that takes 2 KiB: ${error.message}`));
  return { callee, caller };
}
