import { type Check, must, should } from '../check.js';
import { equal, inText, ok } from '../outcome.js';

const payloads: readonly (readonly [string, readonly unknown[]])[] = [
  ['no payload', []],
  ['arguments alone', [[1, 'two']]],
  ['keyword arguments alone', [[], { a: 1 }]],
  ['both', [[1], { a: [2] }]],
];

/** What is meant by a payload, empty ends aside (BP-MSG-02). */
function meaning([args = [], kwargs = {}]: readonly unknown[]): unknown[] {
  return [args, kwargs];
}

/** The form of messages: requirements BP-MSG. */
export const basicMessages: readonly Check[] = [
  ...payloads.map(([name, payload]) =>
    must('BP-MSG-01', `${name} comes last in EVENT, INVOCATION and RESULT`, async (t) => {
      const [session, other] = [await t.join(), await t.join()];
      await session.subscribe(t.uri());
      other.publish(t.uri(), ...payload);
      equal(meaning((await session.event()).message.slice(4)), meaning(payload), 'payload of EVENT');
      await session.register(t.uri());
      const call = other.call(t.uri(), ...payload);
      const { request, message } = await session.invocation();
      equal(meaning(message.slice(4)), meaning(payload), 'payload of INVOCATION');
      session.yield(request, ...payload);
      equal(meaning((await other.result(call)).slice(3)), meaning(payload), 'payload of RESULT');
    }),
  ),
  should('BP-MSG-02', 'messages without a payload carry no empty lists or dicts', async (t) => {
    const [session, other] = [await t.join(), await t.join()];
    await session.subscribe(t.uri());
    other.publish(t.uri());
    const { message: event } = await session.event();
    ok(event.length === 4, `EVENT is ${inText(event)}`);
    await session.register(t.uri());
    const call = other.call(t.uri());
    const { request, message } = await session.invocation();
    ok(message.length === 4, `INVOCATION is ${inText(message)}`);
    session.yield(request);
    const result = await other.result(call);
    ok(result.length === 3, `RESULT is ${inText(result)}`);
  }),
];
