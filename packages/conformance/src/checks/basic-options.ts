import { type Check, must } from '../check.js';
import { Code } from '../message-code.js';
import type { Dict } from '../session.js';

/* Known options with values of a wrong type, by request. */
const publish: readonly Dict[] = [
  { acknowledge: 1 },
  { exclude_me: 'false' },
  { exclude: 7 },
  { exclude: ['7'] },
  { exclude_authid: 'joe' },
  { exclude_authid: [7] },
  { exclude_authrole: {} },
  { exclude_authrole: [null] },
  { eligible: {} },
  { eligible: [true] },
  { eligible_authid: 7 },
  { eligible_authid: [[]] },
  { eligible_authrole: 'user' },
  { eligible_authrole: [1.5] },
];

const others: readonly (readonly [string, number, Dict])[] = [
  ['SUBSCRIBE', Code.SUBSCRIBE, { match: 1 }],
  ['SUBSCRIBE', Code.SUBSCRIBE, { match: 'regex' }],
  ['REGISTER', Code.REGISTER, { match: true }],
  ['REGISTER', Code.REGISTER, { match: 'glob' }],
  ['REGISTER', Code.REGISTER, { invoke: 1 }],
  ['CALL', Code.CALL, { receive_progress: 'yes' }],
  ['CALL', Code.CALL, { timeout: -1 }],
  ['CALL', Code.CALL, { timeout: 'soon' }],
  ['CALL', Code.CALL, { disclose_me: 1 }],
];

const hello: readonly Dict[] = [
  { authmethods: 'ticket' },
  { authmethods: [7] },
  { authid: 7 },
  { authextra: 'x' },
  { agent: {} },
];

const requests: readonly (readonly [string, number])[] = [
  ['SUBSCRIBE', Code.SUBSCRIBE],
  ['PUBLISH', Code.PUBLISH],
  ['REGISTER', Code.REGISTER],
  ['CALL', Code.CALL],
];

const unknown = { _custom_key: { a: [1] }, unheard_of: 'x', x: null };

/** Options: requirements BP-PERR-06 and BP-MSG-03. */
export const basicOptions: readonly Check[] = [
  ...[...publish.map((options) => ['PUBLISH', Code.PUBLISH, options] as const), ...others].map(
    ([name, code, options]) =>
      must(
        'BP-PERR-06',
        `${name} with options ${JSON.stringify(options)} is a protocol violation`,
        async (t) => {
          const session = await t.join();
          session.request(code, options, t.uri());
          await session.connection.violation();
        },
      ),
  ),
  ...hello.map((details) =>
    must('BP-PERR-06', `HELLO with details ${JSON.stringify(details)} is answered with ABORT`, async (t) => {
      const connection = await t.connect();
      connection.send([Code.HELLO, t.realm, { roles: { caller: {} }, ...details }]);
      await connection.abort();
    }),
  ),
  must('BP-PERR-06', 'YIELD with a progress that is no bool is a protocol violation', async (t) => {
    const [callee, caller] = [await t.join(), await t.join()];
    await callee.register(t.uri());
    caller.call(t.uri());
    const { request } = await callee.invocation();
    callee.send([Code.YIELD, request, { progress: 1 }]);
    await callee.connection.violation();
  }),
  ...requests.map(([name, code]) =>
    must('BP-MSG-03', `unknown options of ${name} are ignored`, async (t) => {
      const session = await t.join();
      if (code === Code.CALL) await session.register(t.uri());
      const options = code === Code.PUBLISH ? { ...unknown, acknowledge: true } : unknown;
      const request = session.request(code, options, t.uri());
      if (code === Code.CALL) session.yield((await session.invocation()).request);
      await session.reply(code === Code.CALL ? Code.RESULT : code + 1, request);
    }),
  ),
  must('BP-MSG-03', 'unknown keys of HELLO.Details, roles and features are ignored', async (t) => {
    const features = { unheard_of_feature: true, x_mine: false };
    await t.join({ details: { ...unknown, roles: { caller: { features, x_key: 1 }, x_role: {} } } });
  }),
  must('BP-MSG-03', 'unknown keys of GOODBYE.Details are ignored', async (t) => {
    const session = await t.join();
    session.send([Code.GOODBYE, unknown, 'wamp.close.close_realm']);
    await session.connection.next(Code.GOODBYE);
  }),
  must('BP-MSG-03', 'unknown options of YIELD, and details of ERROR, are ignored', async (t) => {
    const [callee, caller] = [await t.join(), await t.join()];
    await callee.register(t.uri());
    const calls = [caller.call(t.uri()), caller.call(t.uri())];
    callee.send([Code.YIELD, (await callee.invocation()).request, unknown]);
    callee.send([Code.ERROR, Code.INVOCATION, (await callee.invocation()).request, unknown, t.uri('error')]);
    await caller.result(calls[0]!);
    await caller.error(Code.CALL, calls[1]!, t.uri('error'));
  }),
];
