import { type Check, type CheckContext, may, must, should } from '../check.js';
import { type Connection, isDict, isId } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, inText, ok, skip } from '../outcome.js';
import { allRoles, type Session } from '../session.js';

/* Ways in which a session can end, seen from its router. */
const endings: readonly (readonly [string, (session: Session) => Promise<void>])[] = [
  ['GOODBYE', (session) => session.leave()],
  [
    'ABORT',
    async (session) => {
      session.send([Code.ABORT, {}, 'wamp.error.canceled']);
    },
  ],
  [
    'a closed transport',
    async (session) => {
      session.connection.close();
    },
  ],
  [
    'a broken transport',
    async (session) => {
      session.connection.destroy();
    },
  ],
  [
    'a protocol violation',
    async (session) => {
      session.send([99]);
      await session.connection.violation();
    },
  ],
];

/* Registers what another session may still hold, until the router lets it. */
async function registerWhenFree(session: Session, procedure: string, timeout: number): Promise<void> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const request = session.request(Code.REGISTER, {}, procedure);
    const isReply = (message: readonly unknown[]) => message[1] === request || message[2] === request;
    const reply = await session.connection.takeAny(isReply, 'the reply to REGISTER');
    if (reply[0] === Code.REGISTERED) return;
    equal(reply[4], 'wamp.error.procedure_already_exists', 'Error of ERROR');
    ok(Date.now() < deadline, 'the registration of the ended session is still there');
  }
}

const badHellos: readonly (readonly [string, unknown])[] = [
  ['no roles', {}],
  ['an empty dict of roles', { roles: {} }],
  ['roles that are a list', { roles: ['caller'] }],
  ['a role that is no dict', { roles: { caller: true } }],
  ['features that are no dict', { roles: { caller: { features: ['call_canceling'] } } }],
];

async function hello(t: CheckContext, details: unknown): Promise<Connection> {
  const connection = await t.connect();
  connection.send([Code.HELLO, t.realm, details]);
  return connection;
}

/** Sessions: requirements BP-SESS. */
export const basicSessions: readonly Check[] = [
  ...badHellos.map(([name, details]) =>
    must('BP-SESS-01', `HELLO with ${name} is answered with ABORT`, async (t) => {
      await (await hello(t, details)).abort();
    }),
  ),
  ...['caller', 'callee', 'publisher', 'subscriber'].map((role) =>
    must('BP-SESS-01', `a session with no role but ${role}, without features, is welcome`, async (t) => {
      await t.join({ details: { roles: { [role]: {} } } });
    }),
  ),
  must('BP-SESS-02', 'WELCOME brings a session id and the roles broker or dealer', async (t) => {
    const { id, details } = await t.join();
    ok(isId(id), `Session is ${id}`);
    const roles = details.roles;
    ok(isDict(roles) && ('broker' in roles || 'dealer' in roles), `Details.roles is ${inText(roles)}`);
  }),
  must('BP-SESS-02', 'features in WELCOME are dicts of bools', async (t) => {
    const { details } = await t.join();
    for (const [name, role] of Object.entries(details.roles as object)) {
      ok(isDict(role), `role ${name} is ${inText(role)}`);
      const features = role.features ?? {};
      ok(
        isDict(features) && Object.values(features).every((flag) => typeof flag === 'boolean'),
        inText(features),
      );
    }
  }),
  may('BP-SESS-03', 'WELCOME.Details.agent, if present, is a string', async (t) => {
    const { agent } = (await t.join()).details;
    if (agent === undefined) skip('WELCOME names no agent');
    equal(typeof agent, 'string', 'type of agent');
  }),
  must(
    'BP-SESS-04',
    'HELLO for an unknown realm is answered with no_such_realm, or the realm is made',
    async (t) => {
      const connection = await t.connect();
      connection.send([Code.HELLO, t.uri('realm'), { roles: allRoles }]);
      const { message } = await connection.nextReceived('WELCOME or ABORT');
      if (message[0] === Code.WELCOME) skip('the router makes realms when they are asked for');
      equal([message[0], message[2]], [Code.ABORT, 'wamp.error.no_such_realm'], 'reply to HELLO');
    },
  ),
  must('BP-SESS-05', 'ABORT instead of HELLO is answered with nothing', async (t) => {
    const connection = await t.connect();
    connection.send([Code.ABORT, { message: 'changed my mind' }, 'wamp.close.close_realm']);
    await connection.closed().catch(() => {});
    equal(
      connection.untaken.map(({ message }) => message),
      [],
      'what came back',
    );
  }),
  must('BP-SESS-05', 'ABORT in a session is answered with nothing', async (t) => {
    const { connection } = await t.join();
    connection.send([Code.ABORT, {}, 'wamp.error.canceled', [1], { a: 2 }]);
    await connection.closed().catch(() => {});
    equal(
      connection.untaken.map(({ message }) => message),
      [],
      'what came back',
    );
  }),
  must('BP-SESS-06', 'GOODBYE is answered with GOODBYE goodbye_and_out', async (t) => {
    const session = await t.join();
    session.send([Code.GOODBYE, {}, 'wamp.close.close_realm']);
    const goodbye = await session.connection.next(Code.GOODBYE);
    ok(isDict(goodbye[1]) && goodbye.length === 3, `malformed GOODBYE: ${inText(goodbye)}`);
    equal(goodbye[2], 'wamp.close.goodbye_and_out', 'Reason of GOODBYE');
  }),
  must('BP-SESS-06', 'GOODBYE with any reason and a message is answered', async (t) => {
    const session = await t.join();
    session.send([Code.GOODBYE, { message: 'so long' }, t.uri('reason')]);
    equal(
      (await session.connection.next(Code.GOODBYE))[2],
      'wamp.close.goodbye_and_out',
      'Reason of GOODBYE',
    );
  }),
  must('BP-SESS-06', 'what follows GOODBYE is not processed', async (t) => {
    const [session, subscriber] = [await t.join(), await t.join()];
    await subscriber.subscribe(t.uri());
    session.send([Code.GOODBYE, {}, 'wamp.close.close_realm']);
    session.publish(t.uri());
    await session.connection.take(Code.GOODBYE);
    await (await t.join()).publishAcknowledged(t.uri('nobody'));
    await subscriber.nothingElse('from a session that is over');
  }),
  must('BP-SESS-06', 'the router sends no WAMP message after its GOODBYE', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    await subscriber.subscribe(t.uri());
    await subscriber.leave();
    await publisher.publishAcknowledged(t.uri());
    await publisher.nothingElse('at the publisher');
    equal(
      subscriber.connection.untaken.map(({ message }) => message),
      [],
      'messages after GOODBYE',
    );
  }),
  ...endings.map(([name, end]) =>
    must('BP-SESS-07', `${name} removes the registrations of the session`, async (t) => {
      const [callee, other] = [await t.join(), await t.join()];
      await callee.register(t.uri());
      await end(callee);
      await registerWhenFree(other, t.uri(), t.timeout);
    }),
  ),
  ...endings.map(([name, end]) =>
    must('BP-SESS-07', `${name} answers the calls that the session was working on`, async (t) => {
      const [callee, caller] = [await t.join(), await t.join()];
      await callee.register(t.uri());
      const calls = [caller.call(t.uri()), caller.call(t.uri())];
      await callee.invocation();
      await callee.invocation();
      await end(callee);
      for (const call of calls) await caller.error(Code.CALL, call, 'wamp.error.canceled');
      await caller.nothingElse('after the errors');
    }),
  ),
  should('BP-SESS-10', 'ABORT says in Details.message, to people, what was wrong', async (t) => {
    const connection = await hello(t, { roles: 'all' });
    const { message } = await connection.nextReceived('ABORT');
    const details = message[1];
    ok(isDict(details) && typeof details.message === 'string', `Details is ${inText(details)}`);
  }),
];
