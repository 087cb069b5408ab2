import { type Check, type CheckContext, must } from '../check.js';
import { Code } from '../message-code.js';
import { CheckFailure, equal, ok, skip } from '../outcome.js';
import { type Dict, invocationOrError, type Session } from '../session.js';

/** Where a role asks an authorizer about what its rules do not decide, these checks play that authorizer. */
const AUTHORIZER = 'org.wampkit.conformance.authorize';

type Question = readonly [session: unknown, uri: unknown, action: unknown, options: unknown];

/** Plays the authorizer until the check ends. */
class Authorizer {
  /** What was asked, oldest first. */
  readonly asked: Question[] = [];
  /** Gives the answer; a promise gives it late. */
  decide: (question: Question) => unknown = () => true;
  readonly session: Session;

  constructor(session: Session) {
    this.session = session;
    // ends with the connection, or when nothing is asked for long
    void this.#serve().catch(() => undefined);
  }

  async #serve(): Promise<void> {
    for (;;) {
      const { request, message } = await this.session.invocation();
      const question = message[4] as Question;
      this.asked.push(question);
      void Promise.resolve(this.decide(question)).then((verdict) => this.session.yield(request, [verdict]));
    }
  }
}

async function setUp(t: CheckContext): Promise<{ authorizer: Authorizer; guest: Session }> {
  const session = await t.join();
  const registering = session.request(Code.REGISTER, { force_reregister: true }, AUTHORIZER);
  await session.reply(Code.REGISTERED, registering).catch((error: unknown) => {
    if (error instanceof CheckFailure) skip(`${AUTHORIZER} may not be registered here`);
    throw error;
  });
  const guest = await t.join();
  // nobody serves it: where nobody is asked the answer comes without an INVOCATION
  const call = guest.call(t.uri('probe'));
  const first = await invocationOrError(session, guest, call);
  if (first[0] !== Code.INVOCATION) skip(`no role asks ${AUTHORIZER}`);
  session.yield(first[1] as number, [true]);
  await guest.error(Code.CALL, call);
  return { authorizer: new Authorizer(session), guest };
}

/** Every action once: what is sent, and the code of its reply when it is allowed. */
function attempts(t: CheckContext): readonly [code: number, options: Dict, uri: string, allowed: number][] {
  return [
    [Code.SUBSCRIBE, { match: 'prefix' }, `${t.uri('topic')}.`, Code.SUBSCRIBED],
    [Code.REGISTER, { match: 'wildcard' }, `${t.uri('procedure')}..c`, Code.REGISTERED],
    [Code.PUBLISH, { acknowledge: true }, t.uri('topic'), Code.PUBLISHED],
    [Code.CALL, {}, t.uri('none'), Code.ERROR],
  ];
}

const actions = ['subscribe', 'register', 'publish', 'call'];

async function allGive(t: CheckContext, verdict: unknown, uri: string): Promise<void> {
  const { authorizer, guest } = await setUp(t);
  authorizer.decide = () => verdict;
  for (const [code, options, target] of attempts(t))
    await guest.error(code, guest.request(code, options, target), uri);
}

/** Authorization: requirements AZ. */
export const authorization: readonly Check[] = [
  must('AZ-01', 'where nothing is allowed: every request gives not_authorized', async (t) => {
    const guest = await t.join();
    for (const [code, options, uri] of attempts(t)) {
      const request = guest.request(code, options, uri);
      const allowed = [Code.SUBSCRIBED, Code.REGISTERED, Code.PUBLISHED];
      const answer = await guest.connection.takeAny((m) => m[1] === request || m[2] === request, 'an answer');
      if (allowed.some((one) => one === answer[0])) skip('everything is allowed here');
      equal(answer[4], 'wamp.error.not_authorized', 'Error of ERROR');
    }
  }),
  must('AZ-03', 'where an authorizer decides: it is told session, URI, action and match', async (t) => {
    const { authorizer, guest } = await setUp(t);
    for (const [code, options, uri, allowed] of attempts(t)) {
      const request = guest.request(code, options, uri);
      if (allowed === Code.ERROR) await guest.error(code, request, 'wamp.error.no_such_procedure');
      else await guest.reply(allowed, request);
    }
    const told = authorizer.asked.map(([, uri, action, options]) => [
      uri,
      action,
      (options as Dict | undefined)?.match,
    ]);
    const expected = attempts(t).map(([, options, uri], index) => [
      uri,
      actions[index],
      options.match ?? 'exact',
    ]);
    equal(told, expected, 'URI, action and match');
    for (const [session] of authorizer.asked) equal((session as Dict).session, guest.id, 'session');
  }),
  must('AZ-02', 'where an authorizer decides: what it denies gives not_authorized', (t) =>
    allGive(t, false, 'wamp.error.not_authorized'),
  ),
  must('AZ-02', 'where an authorizer decides: an answer of another form gives authorization_failed', (t) =>
    allGive(t, 'yes', 'wamp.error.authorization_failed'),
  ),
  must('AZ-03', 'where an authorizer decides: an unknown key in its answer gives authorization_failed', (t) =>
    allGive(t, { allow: true, permit: true }, 'wamp.error.authorization_failed'),
  ),
  must('AZ-02', 'where an authorizer decides: without it nothing is allowed', async (t) => {
    const { authorizer, guest } = await setUp(t);
    authorizer.decide = () => {
      authorizer.session.connection.destroy();
      return true;
    };
    for (const [code, options, uri] of attempts(t))
      await guest.error(code, guest.request(code, options, uri), 'wamp.error.authorization_failed');
  }),
  must(
    'AZ-02',
    'where an authorizer decides: a PUBLISH that it denies is silent unless acknowledged',
    async (t) => {
      const { authorizer, guest } = await setUp(t);
      const watcher = await t.join();
      await watcher.subscribe(t.uri());
      authorizer.decide = ([, uri]) => uri !== t.uri();
      guest.publish(t.uri());
      await guest.nothingElse('after a denied PUBLISH');
      await watcher.nothingElse('after a denied PUBLISH');
    },
  ),
  must('AZ-04', 'where an authorizer decides: nothing happens before it has', async (t) => {
    const { authorizer, guest } = await setUp(t);
    const watcher = await t.join();
    await watcher.subscribe(t.uri());
    let isDecided = false;
    authorizer.decide = async ([session]) => {
      if ((session as Dict).session !== guest.id) return true;
      await watcher.nothingElse('before the authorizer has decided');
      isDecided = true;
      return true;
    };
    await guest.publishAcknowledged(t.uri(), {}, ['late']);
    ok(isDecided, 'PUBLISHED came before the authorizer had decided');
    equal((await watcher.event()).message[4], ['late'], 'Arguments of EVENT');
  }),
  must(
    'BP-ORD-01',
    'where an authorizer decides: late answers leave publications in their order',
    async (t) => {
      const { authorizer, guest } = await setUp(t);
      const watcher = await t.join();
      for (const name of ['a', 'b']) await watcher.subscribe(t.uri(name));
      // the first answer is the latest
      let delay = 40;
      authorizer.decide = () => new Promise((resolve) => setTimeout(() => resolve(true), (delay -= 4)));
      const numbers = Array.from({ length: 8 }, (_, index) => index);
      for (const number of numbers) guest.publish(t.uri(number % 2 === 0 ? 'a' : 'b'), [number]);
      const told: unknown[] = [];
      for (const _ of numbers) told.push(((await watcher.event()).message[4] as unknown[])[0]);
      equal(told, numbers, 'events in the order in which they came');
    },
  ),
  must('BP-ORD-02', 'where an authorizer decides: late answers leave calls in their order', async (t) => {
    const { authorizer, guest } = await setUp(t);
    const callee = await t.join();
    for (const name of ['a', 'b']) await callee.register(t.uri(name));
    let delay = 40;
    authorizer.decide = () => new Promise((resolve) => setTimeout(() => resolve(true), (delay -= 4)));
    const numbers = Array.from({ length: 8 }, (_, index) => index);
    for (const number of numbers) guest.call(t.uri(number % 2 === 0 ? 'a' : 'b'), [number]);
    const told: unknown[] = [];
    for (const _ of numbers) told.push(((await callee.invocation()).message[4] as unknown[])[0]);
    equal(told, numbers, 'invocations in the order in which they came');
  }),
];
