import { type Check, must, should } from '../check.js';
import { Code, codeName } from '../message-code.js';
import { allRoles } from '../session.js';

type Shape = readonly [name: string, message: unknown];

/* What may not come before HELLO was answered. */
const beforeSession: readonly Shape[] = [
  ['AUTHENTICATE', [Code.AUTHENTICATE, 'x', {}]],
  ['GOODBYE', [Code.GOODBYE, {}, 'wamp.close.close_realm']],
  ['ERROR', [Code.ERROR, Code.INVOCATION, 1, {}, 'a.b']],
  ['SUBSCRIBE', [Code.SUBSCRIBE, 1, {}, 'a.b']],
  ['UNSUBSCRIBE', [Code.UNSUBSCRIBE, 1, 1]],
  ['PUBLISH', [Code.PUBLISH, 1, {}, 'a.b']],
  ['REGISTER', [Code.REGISTER, 1, {}, 'a.b']],
  ['UNREGISTER', [Code.UNREGISTER, 1, 1]],
  ['CALL', [Code.CALL, 1, {}, 'a.b']],
  ['CANCEL', [Code.CANCEL, 1, {}]],
  ['YIELD', [Code.YIELD, 1, {}]],
  ['WELCOME', [Code.WELCOME, 1, {}]],
];

/* What only routers send. */
const ofRouters: readonly Shape[] = [
  ['WELCOME', [Code.WELCOME, 1, {}]],
  ['CHALLENGE', [Code.CHALLENGE, 'ticket', {}]],
  ['PUBLISHED', [Code.PUBLISHED, 1, 1]],
  ['SUBSCRIBED', [Code.SUBSCRIBED, 1, 1]],
  ['UNSUBSCRIBED', [Code.UNSUBSCRIBED, 1]],
  ['EVENT', [Code.EVENT, 1, 1, {}]],
  ['RESULT', [Code.RESULT, 1, {}]],
  ['REGISTERED', [Code.REGISTERED, 1, 1]],
  ['UNREGISTERED', [Code.UNREGISTERED, 1]],
  ['INVOCATION', [Code.INVOCATION, 1, 1, {}]],
  ['INTERRUPT', [Code.INTERRUPT, 1, {}]],
];

const noMessages: readonly Shape[] = [
  ['an empty list', []],
  ['a dict', { code: 16 }],
  ['a string', 'PUBLISH'],
  ['a number', 16],
  ['null', null],
  ['an unknown type', [99, 1, {}]],
  ['type 0', [0]],
  ['a negative type', [-16, 1, {}, 'a.b']],
  ['a fraction as type', [16.5, 1, {}, 'a.b']],
  ['a string as type', ['16', 1, {}, 'a.b']],
  ['null as type', [null, 1, {}, 'a.b']],
];

const wrongArity: readonly Shape[] = [
  ['SUBSCRIBE without a topic', [Code.SUBSCRIBE, 1, {}]],
  ['SUBSCRIBE with an element too many', [Code.SUBSCRIBE, 1, {}, 'a.b', []]],
  ['UNSUBSCRIBE without a subscription', [Code.UNSUBSCRIBE, 1]],
  ['UNSUBSCRIBE with an element too many', [Code.UNSUBSCRIBE, 1, 1, {}]],
  ['PUBLISH without a topic', [Code.PUBLISH, 1, {}]],
  ['PUBLISH with an element too many', [Code.PUBLISH, 1, {}, 'a.b', [], {}, 1]],
  ['REGISTER without a procedure', [Code.REGISTER, 1, {}]],
  ['REGISTER with an element too many', [Code.REGISTER, 1, {}, 'a.b', []]],
  ['UNREGISTER without a registration', [Code.UNREGISTER, 1]],
  ['UNREGISTER with an element too many', [Code.UNREGISTER, 1, 1, {}]],
  ['CALL without a procedure', [Code.CALL, 1, {}]],
  ['CALL with an element too many', [Code.CALL, 1, {}, 'a.b', [], {}, 1]],
  ['CANCEL without options', [Code.CANCEL, 1]],
  ['YIELD without options', [Code.YIELD, 1]],
  ['ERROR without an error', [Code.ERROR, Code.INVOCATION, 1, {}]],
  ['GOODBYE without a reason', [Code.GOODBYE, {}]],
  ['GOODBYE with an element too many', [Code.GOODBYE, {}, 'wamp.close.close_realm', 1]],
  ['a lone type', [Code.CALL]],
];

const wrongElements: readonly Shape[] = [
  ['SUBSCRIBE with a list as options', [Code.SUBSCRIBE, 1, [], 'a.b']],
  ['SUBSCRIBE with null as options', [Code.SUBSCRIBE, 1, null, 'a.b']],
  ['SUBSCRIBE with a number as topic', [Code.SUBSCRIBE, 1, {}, 7]],
  ['SUBSCRIBE with null as topic', [Code.SUBSCRIBE, 1, {}, null]],
  ['UNSUBSCRIBE with a string as subscription', [Code.UNSUBSCRIBE, 1, '1']],
  ['PUBLISH with a string as options', [Code.PUBLISH, 1, '', 'a.b']],
  ['PUBLISH with a dict as arguments', [Code.PUBLISH, 1, {}, 'a.b', {}]],
  ['PUBLISH with a list as keyword arguments', [Code.PUBLISH, 1, {}, 'a.b', [], []]],
  ['PUBLISH with null as arguments', [Code.PUBLISH, 1, {}, 'a.b', null]],
  ['REGISTER with a list as procedure', [Code.REGISTER, 1, {}, ['a.b']]],
  ['UNREGISTER with null as registration', [Code.UNREGISTER, 1, null]],
  ['CALL with a number as options', [Code.CALL, 1, 0, 'a.b']],
  ['CALL with a dict as procedure', [Code.CALL, 1, {}, {}]],
  ['CALL with a string as arguments', [Code.CALL, 1, {}, 'a.b', 'x']],
  ['CALL with null as keyword arguments', [Code.CALL, 1, {}, 'a.b', [], null]],
  ['CANCEL with a string as request', [Code.CANCEL, '1', {}]],
  ['YIELD with null as options', [Code.YIELD, 1, null]],
  ['ERROR with a number as error', [Code.ERROR, Code.INVOCATION, 1, {}, 7]],
  ['GOODBYE with a number as reason', [Code.GOODBYE, {}, 1]],
  ['GOODBYE with null as details', [Code.GOODBYE, null, 'wamp.close.close_realm']],
];

const errorTypes = [0, 16, 32, 34, 48, 49, 64, 66, 70, 99];

/* One of these in an open session must be answered with ABORT, and a bystander must not notice. */
function violation(id: string, [name, message]: Shape): Check {
  return must(id, `${name} is a protocol violation, and other sessions do not notice`, async (t) => {
    const [session, bystander] = [await t.join(), await t.join()];
    session.connection.send(message);
    await session.connection.violation();
    await bystander.nothingElse('at a bystander');
  });
}

/** Protocol violations by message: requirements BP-PERR-02, 03 and 05. */
export const basicViolations: readonly Check[] = [
  ...beforeSession.map(([name, message]) =>
    must('BP-PERR-02', `${name} before HELLO is a protocol violation`, async (t) => {
      const connection = await t.connect();
      connection.send(message);
      await connection.violation();
    }),
  ),
  violation('BP-PERR-02', ['a second HELLO', [Code.HELLO, 'realm1', { roles: allRoles }]]),
  violation('BP-PERR-02', ['AUTHENTICATE in an open session', [Code.AUTHENTICATE, 'x', {}]]),
  ...errorTypes.map((type) =>
    violation('BP-PERR-03', [`ERROR for ${codeName(type)}`, [Code.ERROR, type, 1, {}, 'a.b']]),
  ),
  ...[...noMessages, ...wrongArity, ...wrongElements].map((shape) => violation('BP-PERR-05', shape)),
  ...ofRouters.map(([name, message]) =>
    violation('BP-PERR-05', [`${name}, which only routers send,`, message]),
  ),
  must('BP-PERR-05', 'HELLO with wrong elements is a protocol violation', async (t) => {
    for (const message of [
      [Code.HELLO, t.realm],
      [Code.HELLO, 7, {}],
      [Code.HELLO, t.realm, []],
      [Code.HELLO],
    ]) {
      const connection = await t.connect();
      connection.send(message);
      await connection.violation();
    }
  }),
  should('BP-PERR-05', 'the transport is closed after ABORT for a protocol violation', async (t) => {
    const { connection } = await t.join();
    connection.send([99]);
    await connection.violation();
    await connection.closed();
  }),
  must('BP-PERR-05', 'nothing that comes after a protocol violation is processed', async (t) => {
    const [session, subscriber] = [await t.join(), await t.join()];
    await subscriber.subscribe(t.uri());
    session.send([99]);
    session.publish(t.uri());
    await session.connection.violation();
    await session.connection.closed().catch(() => {});
    await subscriber.nothingElse('at a subscriber');
  }),
];
