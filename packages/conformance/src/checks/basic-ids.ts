import { type Check, must } from '../check.js';
import { isId } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, fail, inText, ok } from '../outcome.js';
import type { Session } from '../session.js';

const badIds: readonly (readonly [string, unknown])[] = [
  ['0', 0],
  ['a negative number', -1],
  ['a fraction', 1.5],
  ['2^53 + 2', 2 ** 53 + 2],
  ['a string', '1'],
  ['null', null],
  ['a list', [1]],
];

const elsewhere: readonly (readonly [string, readonly unknown[]])[] = [
  ['UNSUBSCRIBE.Subscription', [Code.UNSUBSCRIBE, 1, 0]],
  ['UNREGISTER.Registration', [Code.UNREGISTER, 1, 0]],
  ['CANCEL.Request', [Code.CANCEL, 0, {}]],
  ['YIELD.Request', [Code.YIELD, 0, {}]],
  ['ERROR.Request', [Code.ERROR, Code.INVOCATION, 0, {}, 'a.b']],
  ['CALL.Request', [Code.CALL, 0, {}, 'a.b']],
  ['PUBLISH.Request', [Code.PUBLISH, 0, {}, 'a.b']],
];

function spread(what: string, ids: readonly number[]): void {
  ok(ids.every(isId), `${what} out of [1, 2^53]: ${inText(ids)}`);
  ok(new Set(ids).size === ids.length, `${what} given twice: ${inText(ids)}`);
  ok(Math.max(...ids) > 2 ** 48, `${what} are not random over [1, 2^53]: ${inText(ids)}`);
  const steps = ids.slice(1).map((id, index) => id - ids[index]!);
  ok(
    steps.some((step) => step < 0),
    `${what} only ever grow: ${inText(ids)}`,
  );
}

const requests: readonly (readonly [string, number, readonly unknown[]])[] = [
  ['SUBSCRIBE', Code.SUBSCRIBE, [{}, 'a.b']],
  ['UNSUBSCRIBE', Code.UNSUBSCRIBE, [1]],
  ['PUBLISH', Code.PUBLISH, [{}, 'a.b']],
  ['REGISTER', Code.REGISTER, [{}, 'a.b']],
  ['UNREGISTER', Code.UNREGISTER, [1]],
  ['CALL', Code.CALL, [{}, 'a.b']],
];

/* A router that takes any id answers the publication after it. */
async function refusesSequence(session: Session): Promise<void> {
  const request = session.request(Code.PUBLISH, { acknowledge: true }, 'org.wampkit.conformance.nobody');
  const isReply = (message: readonly unknown[]) =>
    message[0] === Code.ABORT || (message[0] === Code.PUBLISHED && message[1] === request);
  const reply = await session.connection.takeAny(isReply, 'ABORT');
  if (reply[0] === Code.PUBLISHED) fail('the router takes request ids out of sequence');
  equal(reply[2], 'wamp.error.protocol_violation', 'Reason of ABORT');
}

/** Ids: requirements BP-ID. */
export const basicIds: readonly Check[] = [
  ...badIds.map(([name, id]) =>
    must('BP-ID-01', `${name} as the id of a request is a protocol violation`, async (t) => {
      const session = await t.join();
      session.send([Code.SUBSCRIBE, id, {}, t.uri()]);
      await session.connection.violation();
    }),
  ),
  ...elsewhere.map(([name, message]) =>
    must('BP-ID-01', `0 as ${name} is a protocol violation`, async (t) => {
      const session = await t.join();
      session.send(message);
      await session.connection.violation();
    }),
  ),
  must('BP-ID-01', '2^53 is an id', async (t) => {
    const session = await t.join();
    const request = session.request(Code.UNSUBSCRIBE, 2 ** 53);
    await session.error(Code.UNSUBSCRIBE, request, 'wamp.error.no_such_subscription');
  }),
  must('BP-ID-02', 'session ids are random over the whole range', async (t) => {
    const ids: number[] = [];
    for (let count = 0; count < 12; count++) ids.push((await t.join()).id);
    spread('session ids', ids);
  }),
  must('BP-ID-02', 'publication ids are random over the whole range', async (t) => {
    const session = await t.join();
    const ids: number[] = [];
    for (let count = 0; count < 24; count++) ids.push(await session.publishAcknowledged(t.uri()));
    spread('publication ids', ids);
  }),
  must(
    'BP-ID-04',
    'ids count from 1 over all types of request, and an unacknowledged PUBLISH takes one',
    async (t) => {
      const session = await t.join();
      const subscription = await session.subscribe(t.uri());
      session.publish(t.uri());
      const registration = await session.register(t.uri());
      await session.error(Code.CALL, session.call(t.uri('none')));
      await session.reply(Code.UNSUBSCRIBED, session.request(Code.UNSUBSCRIBE, subscription));
      await session.reply(Code.UNREGISTERED, session.request(Code.UNREGISTER, registration));
      equal(session.lastRequest, 6, 'requests sent');
    },
  ),
  must('BP-ID-05', 'INVOCATION ids count from 1 for each callee, whoever calls', async (t) => {
    const [callee, other] = [await t.join(), await t.join()];
    const callers = [await t.join(), await t.join()];
    await callee.register(t.uri('a'));
    await callee.register(t.uri('b'));
    await other.register(t.uri('c'));
    for (const [index, procedure] of ['a', 'c', 'b', 'a'].entries())
      callers[index % 2]!.call(t.uri(procedure));
    const got = new Set<number>();
    for (let count = 0; count < 3; count++) got.add((await callee.invocation()).request);
    equal([...got].sort(), [1, 2, 3], 'INVOCATION.Request of the first callee');
    equal((await other.invocation()).request, 1, 'INVOCATION.Request of the second callee');
  }),
  must('BP-ID-06', 'each reply mirrors the id of its request', async (t) => {
    const [session, caller] = [await t.join(), await t.join()];
    const subscription = await session.subscribe(t.uri());
    const registration = await session.register(t.uri());
    await session.publishAcknowledged(t.uri('b'));
    const call = caller.call(t.uri());
    session.yield((await session.invocation()).request);
    await caller.result(call);
    await session.reply(Code.UNSUBSCRIBED, session.request(Code.UNSUBSCRIBE, subscription));
    await session.reply(Code.UNREGISTERED, session.request(Code.UNREGISTER, registration));
  }),
  ...requests.map(([name, code, rest]) =>
    must('BP-ID-07', `${name} with an id out of sequence is a protocol violation`, async (t) => {
      const session = await t.join();
      session.send([code, 7, ...rest]);
      await refusesSequence(session);
    }),
  ),
  must('BP-ID-07', 'an id used before is a protocol violation', async (t) => {
    const session = await t.join();
    await session.subscribe(t.uri());
    session.send([Code.SUBSCRIBE, 1, {}, t.uri('b')]);
    await session.connection.violation();
  }),
];
