import { type Check, type CheckContext, must } from '../check.js';
import { Code } from '../message-code.js';
import { equal, ok } from '../outcome.js';
import type { Session } from '../session.js';

const malformed = ['', '.', 'a..b', '.a', 'a.', 'a b', 'a\tb', 'a#b', 'a.\u00a0.b'];
const unusual = ['org.exämple.日本語', 'UPPER.Case-1_2', 'a/b.c:d!', 'wampfoo.x', 'x'];

const INVALID = 'wamp.error.invalid_uri';

/* Sends one request for each URI on one session and wants each answered so. */
async function eachIsInvalid(
  session: Session,
  uris: readonly string[],
  send: (uri: string) => number,
  code: number,
): Promise<void> {
  for (const uri of uris) {
    const [, , , , error] = await session.error(code, send(uri));
    equal(error, INVALID, `Error for the URI ${JSON.stringify(uri)}`);
  }
}

async function patternIsInvalid(
  t: CheckContext,
  feature: 'subscription' | 'registration',
  match: string,
  uri: string,
) {
  const [role, code] =
    feature === 'subscription' ? (['broker', Code.SUBSCRIBE] as const) : (['dealer', Code.REGISTER] as const);
  const session = await t.joinWith(role, `pattern_based_${feature}`);
  await session.error(code, session.request(code, { match }, uri), INVALID);
}

/** URIs: requirements BP-URI. */
export const basicUris: readonly Check[] = [
  must('BP-URI-01', 'one URI may be a topic and a procedure at once', async (t) => {
    const [session, other] = [await t.join(), await t.join()];
    const subscription = await session.subscribe(t.uri());
    const registration = await session.register(t.uri());
    await other.publishAcknowledged(t.uri());
    equal((await session.event()).message[1], subscription, 'EVENT.Subscription');
    other.call(t.uri());
    equal((await session.invocation()).message[2], registration, 'INVOCATION.Registration');
  }),
  must('BP-URI-02', 'a malformed topic in SUBSCRIBE is answered with invalid_uri', async (t) => {
    const session = await t.join();
    await eachIsInvalid(
      session,
      malformed,
      (uri) => session.request(Code.SUBSCRIBE, {}, uri),
      Code.SUBSCRIBE,
    );
  }),
  must(
    'BP-URI-02',
    'a malformed topic in an acknowledged PUBLISH is answered with invalid_uri',
    async (t) => {
      const session = await t.join();
      const send = (uri: string) => session.request(Code.PUBLISH, { acknowledge: true }, uri);
      await eachIsInvalid(session, malformed, send, Code.PUBLISH);
    },
  ),
  must('BP-URI-02', 'a malformed procedure in REGISTER is answered with invalid_uri', async (t) => {
    const session = await t.join();
    await eachIsInvalid(session, malformed, (uri) => session.request(Code.REGISTER, {}, uri), Code.REGISTER);
  }),
  must('BP-URI-02', 'a malformed procedure in CALL is answered with invalid_uri', async (t) => {
    const session = await t.join();
    await eachIsInvalid(session, malformed, (uri) => session.request(Code.CALL, {}, uri), Code.CALL);
  }),
  must('BP-URI-02', 'a malformed Error in ERROR of an invocation reaches no caller as it is', async (t) => {
    const [callee, caller] = [await t.join(), await t.join()];
    await callee.register(t.uri());
    const call = caller.call(t.uri());
    const { request } = await callee.invocation();
    callee.send([Code.ERROR, Code.INVOCATION, request, {}, 'not a uri']);
    const [, , , , error] = await caller.error(Code.CALL, call);
    ok(error !== 'not a uri', 'the caller got the malformed URI');
  }),
  must('BP-URI-02', 'unusual but well formed URIs are taken', async (t) => {
    const session = await t.join();
    for (const uri of unusual) {
      await session.subscribe(`${uri}.${t.uri()}`);
      await session.register(`${uri}.${t.uri()}`);
    }
  }),
  must('BP-URI-03', 'empty components are refused where no pattern is asked for', async (t) => {
    const session = await t.join();
    for (const uri of ['a..b', 'a.', ''])
      await session.error(Code.SUBSCRIBE, session.request(Code.SUBSCRIBE, { match: 'exact' }, uri), INVALID);
  }),
  must('BP-URI-03', 'a wildcard subscription may have empty components anywhere', async (t) => {
    const session = await t.joinWith('broker', 'pattern_based_subscription');
    for (const uri of [`${t.uri()}..b`, `.${t.uri()}`, `${t.uri()}.`, `${t.uri()}...c.`])
      await session.subscribe(uri, { match: 'wildcard' });
  }),
  must('BP-URI-03', 'a prefix may end with an empty component, and may be empty', async (t) => {
    const session = await t.joinWith('broker', 'pattern_based_subscription');
    await session.subscribe(`${t.uri()}.`, { match: 'prefix' });
    await session.subscribe('', { match: 'prefix' });
  }),
  must('BP-URI-03', 'a prefix subscription with an empty component inside is refused', (t) =>
    patternIsInvalid(t, 'subscription', 'prefix', 'a..b'),
  ),
  must('BP-URI-03', 'a prefix registration with an empty component inside is refused', (t) =>
    patternIsInvalid(t, 'registration', 'prefix', 'a..b'),
  ),
  must('BP-URI-03', 'a wildcard subscription with whitespace is refused', (t) =>
    patternIsInvalid(t, 'subscription', 'wildcard', 'a..b c'),
  ),
  must('BP-URI-05', 'REGISTER below wamp. is refused', async (t) => {
    const session = await t.join();
    await session.error(Code.REGISTER, session.request(Code.REGISTER, {}, `wamp.${t.uri()}`));
  }),
  must('BP-URI-05', 'PUBLISH below wamp. is refused and reaches nobody', async (t) => {
    const [subscriber, publisher] = [await t.join(), await t.join()];
    await subscriber.subscribe(`wamp.${t.uri()}`);
    const request = publisher.request(Code.PUBLISH, { acknowledge: true }, `wamp.${t.uri()}`);
    await publisher.error(Code.PUBLISH, request);
    await subscriber.nothingElse('after PUBLISH below wamp.');
  }),
  must('BP-URI-05', 'SUBSCRIBE below wamp. is taken', async (t) => {
    await (await t.join()).subscribe('wamp.session.on_join');
  }),
  must('BP-URI-05', 'CALL below wamp. is dispatched like any other', async (t) => {
    const session = await t.join();
    await session.error(Code.CALL, session.call(`wamp.${t.uri()}`), 'wamp.error.no_such_procedure');
  }),
  must('BP-URI-05', 'wampfoo is not reserved', async (t) => {
    await (await t.join()).register(`wampfoo.${t.uri()}`);
  }),
  must('BP-URI-06', 'HELLO with a malformed realm is answered with ABORT', async (t) => {
    for (const realm of ['', 'a..b', 'a b']) {
      const connection = await t.connect();
      connection.send([Code.HELLO, realm, { roles: { caller: {} } }]);
      const reason = await connection.abort();
      ok(/^wamp\.error\.(invalid_uri|no_such_realm)$/.test(reason), `Reason of ABORT is ${reason}`);
    }
  }),
  must(
    'BP-URI-06',
    'a malformed topic in a PUBLISH without acknowledgement is answered with nothing',
    async (t) => {
      const session = await t.join();
      session.publish('a..b');
      await session.nothingElse('after a malformed PUBLISH');
    },
  ),
];
