import {
  Authenticate,
  Call,
  Challenge,
  type Dict,
  ErrorMessage,
  Event,
  EventReceived,
  emptyDict,
  Goodbye,
  Hello,
  Interrupt,
  Invocation,
  MAX_ID,
  type Message,
  Payload,
  type Peer,
  Publish,
  Published,
  Register,
  Registered,
  Result,
  Subscribe,
  Subscribed,
  Unregister,
  Unregistered,
  Unsubscribe,
  Unsubscribed,
  Welcome,
  Yield,
} from '@wampkit/protocol';
import { allRoles, ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type RealmOptions, Router, type Violation } from '../index.js';

const setUp = async (options: Partial<RealmOptions> = {}) => {
  const violations: Violation[] = [];
  const bugs: unknown[] = [];
  const router = new Router({
    realms: [{ name: 'realm1', ...options }],
    events: { violation: (info) => violations.push(info), bug: (info) => bugs.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const offender = await ScriptedPeer.join(attach);
  const bystander = await ScriptedPeer.join(attach);
  await bystander.exchange(new Subscribe(1, {}, 'a.topic'), new Register(2, {}, 'a.procedure'));
  return { router, attach, offender, bystander, violations, bugs };
};

const hello = new Hello('realm1', { roles: allRoles });
const violation = [3, { message: expect.any(String) }, 'wamp.error.protocol_violation'];

/* What BP-PERR asks for after each violation: one ABORT, the transport closed, nothing of it left, nobody else touched. */
const expectViolation = async (
  { offender, bystander, violations, bugs }: Awaited<ReturnType<typeof setUp>>,
  ...messages: Message[]
): Promise<void> => {
  await offender.exchange(new Subscribe(1, {}, 'a.topic'), new Register(2, {}, 'its.procedure'));
  const after = new Publish(99, { acknowledge: true }, 'a.topic');
  const answer = await offender.exchange(...messages, after);
  expect(answer).toEqual([violation]);
  expect(offender.closed).not.toBeNull();
  expect(violations).toMatchObject([{ realm: 'realm1', session: offender.session }]);
  expect(bugs).toEqual([]);
  expect(bystander.take()).toEqual([]);
  expect((await bystander.exchange(new Register(3, {}, 'its.procedure')))[0]?.[0]).toBe(65);
  expect(bystander.closed).toBeNull();
};

test('BP-PERR-02: a second HELLO', async () => {
  await expectViolation(await setUp(), hello);
});

test('BP-PERR-02: AUTHENTICATE within a session', async () => {
  await expectViolation(await setUp(), new Authenticate('x', emptyDict));
});

test.each([
  new Goodbye({}, 'wamp.close.close_realm'),
  new ErrorMessage(68, 1, {}, 'com.example.error'),
  new Authenticate('x', {}),
  new Publish(1, {}, 'a.b'),
  new Subscribe(1, {}, 'a.b'),
  new Call(1, {}, 'a.b'),
  new Yield(1, {}),
  new Welcome(1, {}),
  new Challenge('ticket', {}),
])('BP-PERR-02: $code before HELLO', async (message) => {
  const { attach, bystander, violations } = await setUp();
  const peer = new ScriptedPeer();
  attach(peer.far);
  expect(await peer.exchange(message, hello)).toEqual([violation]);
  expect(peer.closed).not.toBeNull();
  expect(violations).toMatchObject([{ realm: null, session: null }]);
  expect(bystander.closed).toBeNull();
});

test('BP-PERR-02: PUBLISH or GOODBYE after GOODBYE', async () => {
  for (const message of [new Publish(1, {}, 'a.topic'), new Goodbye({}, 'wamp.close.goodbye_and_out')]) {
    const { offender, bystander } = await setUp();
    await offender.exchange(new Goodbye({}, 'wamp.close.close_realm'));
    expect(await offender.exchange(message)).toEqual([violation]);
    expect(offender.closed).not.toBeNull();
    expect(bystander.take()).toEqual([]);
  }
});

test.each([16, 32, 34, 48, 64, 66] as const)(
  'BP-PERR-03: ERROR of request type %i, which a client never sends',
  async (type) => {
    const parties = await setUp();
    await expectViolation(parties, new ErrorMessage(type, 1, {}, 'com.example.error'));
  },
);

test.each([
  new Yield(1, {}),
  new Yield(MAX_ID, { progress: true }),
  new ErrorMessage(68, 1, {}, 'com.example.error'),
])('BP-PERR-04, A4: an answer to an invocation that was never issued', async (message) => {
  await expectViolation(await setUp(), message);
});

test('BP-PERR-04: an answer to the invocation of another session, and that one is answered as it should', async () => {
  const parties = await setUp();
  const { attach, bystander } = parties;
  const caller = await ScriptedPeer.join(attach);
  await caller.exchange(new Call(1, {}, 'a.procedure'));
  bystander.take();
  await expectViolation(parties, new Yield(1, {}, Payload.of(['forged'])));
  expect(caller.take()).toEqual([]);
  await bystander.exchange(new Yield(1, {}, Payload.of(['real'])));
  expect(caller.take()).toEqual([[50, 1, {}, ['real']]]);
});

test.each([
  new Welcome(1, {}),
  new Challenge('ticket', {}),
  new Published(1, 1),
  new Subscribed(1, 1),
  new Unsubscribed(1),
  new Event(1, 1, {}),
  new Result(1, {}),
  new Registered(1, 1),
  new Unregistered(1),
  new Invocation(1, 1, {}),
  new Interrupt(1, {}),
  new EventReceived(1),
])('BP-PERR-05: message type $code, which only a router sends', async (message) => {
  await expectViolation(await setUp(), message);
});

test('BP-PERR-05, BP-SER-05: bytes that are no message end the session with their fault in ABORT', async () => {
  const { offender, bystander, violations } = await setUp();
  offender.far.violate('empty list');
  await turn();
  expect(offender.take()).toEqual([[3, { message: 'empty list' }, 'wamp.error.protocol_violation']]);
  expect(offender.closed).not.toBeNull();
  expect(violations).toMatchObject([{ session: offender.session, message: 'empty list' }]);
  expect(bystander.closed).toBeNull();
});

test('BP-PERR-05: bytes that are no message, before HELLO', async () => {
  const { attach } = await setUp();
  const peer = new ScriptedPeer();
  attach(peer.far);
  peer.far.violate('not a list');
  await turn();
  expect(peer.take()).toEqual([[3, { message: 'not a list' }, 'wamp.error.protocol_violation']]);
  expect(peer.closed).not.toBeNull();
});

test.each<[string, Message]>([
  ['HELLO', new Hello('realm1', { roles: { caller: { features: { call_canceling: 1 } } } })],
  ['HELLO', new Hello('realm1', { roles: { caller: 5 } })],
  ['HELLO', new Hello('realm1', { roles: allRoles, authmethods: 'ticket' })],
])('BP-PERR-06: a wrong type in the details of %s', async (_, message) => {
  const { attach } = await setUp();
  const peer = new ScriptedPeer();
  attach(peer.far);
  expect(await peer.exchange(message)).toEqual([violation]);
});

test.each<[string, Message]>([
  ['CALL', new Call(9, { receive_progress: 1 }, 'a.b')],
  ['CALL', new Call(9, { disclose_me: 'yes' }, 'a.b')],
  ['PUBLISH', new Publish(9, { acknowledge: 1 }, 'a.b')],
  ['PUBLISH', new Publish(9, { exclude_me: null }, 'a.b')],
  ['REGISTER', new Register(9, { invoke: 'sometimes' }, 'a.b')],
  ['REGISTER', new Register(9, { disclose_caller: 0 }, 'a.b')],
  ['SUBSCRIBE', new Subscribe(9, { match: 'regex' }, 'a.b')],
  ['YIELD', new Yield(9, { progress: 'yes' })],
])('BP-PERR-06: a wrong type in the options of %s', async (_, message) => {
  await expectViolation(await setUp(), message);
});

test.each<[string, Message]>([
  ['CALL', new Call(9, { ppt_scheme: 'wamp' }, 'a.b')],
  ['PUBLISH', new Publish(9, { ppt_scheme: 'x_mine' }, 'a.topic')],
  ['YIELD', new Yield(1, { ppt_scheme: 'mqtt' })],
  ['ERROR', new ErrorMessage(68, 1, { ppt_scheme: 'wamp' }, 'com.example.error')],
])('PPT-03: payload passthru in %s of a session that did not announce it', async (_, message) => {
  await expectViolation(await setUp(), message);
});

const binary = Payload.ofBinary(new Uint8Array([1, 2, 3]));

test.each<[string, Message]>([
  ['CALL', new Call(9, {}, 'a.procedure', binary)],
  ['PUBLISH', new Publish(9, {}, 'a.topic', binary)],
  ['YIELD', new Yield(1, {}, binary)],
  ['ERROR', new ErrorMessage(68, 1, {}, 'com.example.error', binary)],
])('PPT-05, BP-PERR-06: a bare binary in the place of Arguments of %s', async (_, message) => {
  await expectViolation(await setUp(), message);
});

test('PPT-03: an empty ppt_scheme is no payload passthru', async () => {
  const { offender } = await setUp();
  const options = { ppt_scheme: '', acknowledge: true };
  expect((await offender.exchange(new Publish(1, options, 'a.b')))[0]?.[0]).toBe(17);
});

test.each(['no uri', 'a..b', ''])(
  'BP-URI-02: an ERROR whose Error is %j, which is never passed on',
  async (error) => {
    const { attach, offender, bystander } = await setUp();
    const caller = await ScriptedPeer.join(attach);
    await offender.exchange(new Register(1, {}, 'its.procedure'));
    await caller.exchange(new Call(1, {}, 'its.procedure'));
    offender.take();
    expect(await offender.exchange(new ErrorMessage(68, 1, {}, error))).toEqual([violation]);
    expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
    expect(bystander.closed).toBeNull();
  },
);

test.each([0, -1, 1.5, MAX_ID + 2, Number.NaN, Number.POSITIVE_INFINITY])(
  'BP-ID-01: request id %d is out of range',
  async (id) => {
    const { offender, bystander } = await setUp();
    expect(await offender.exchange(new Subscribe(id, {}, 'a.b'))).toEqual([violation]);
    expect(bystander.closed).toBeNull();
  },
);

test('BP-ID-01, A3: in lenient mode any id in [1, 2^53] in any order is fine', async () => {
  const { offender } = await setUp();
  const ids = [MAX_ID, 1, 5, 5, 2 ** 40];
  for (const id of ids)
    expect(await offender.exchange(new Publish(id, { acknowledge: true }, 'a.b'))).toEqual([
      [17, id, expect.any(Number)],
    ]);
});

test.each<[string, Message]>([
  ['CALL', new Call(7, {}, 'a.procedure')],
  ['PUBLISH', new Publish(7, {}, 'a.topic')],
  ['SUBSCRIBE', new Subscribe(7, {}, 'a.b')],
])('BP-ID-04: %s with the id of a call that is still open', async (_, message) => {
  const parties = await setUp();
  const { offender, bystander } = parties;
  await offender.exchange(new Call(7, {}, 'a.procedure'));
  bystander.take();
  const stop = [69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }];
  expect(await offender.exchange(message)).toEqual([violation]);
  expect(bystander.take()).toEqual([stop]);
});

test.each<[string, (id: number) => Message]>([
  ['SUBSCRIBE', (id) => new Subscribe(id, {}, 'a.b')],
  ['UNSUBSCRIBE', (id) => new Unsubscribe(id, 1)],
  ['PUBLISH', (id) => new Publish(id, {}, 'a.b')],
  ['REGISTER', (id) => new Register(id, {}, 'a.b')],
  ['UNREGISTER', (id) => new Unregister(id, 1)],
  ['CALL', (id) => new Call(id, {}, 'a.b')],
])('BP-ID-07: in strict mode %s takes the next id alone', async (_, make) => {
  for (const id of [1, 2, 4, MAX_ID]) {
    const { attach } = await setUp({ requestIds: 'strict' });
    const peer = await ScriptedPeer.join(attach);
    expect(await peer.exchange(new Publish(1, {}, 'a.b'), new Publish(2, {}, 'a.b'))).toEqual([]);
    expect(await peer.exchange(make(id))).toEqual([violation]);
  }
  const { attach } = await setUp({ requestIds: 'strict' });
  const peer = await ScriptedPeer.join(attach);
  await peer.exchange(make(1));
  expect(peer.closed).toBeNull();
});

test('BP-ID-04, BP-ID-07: in strict mode all request types share one counter, and an unacknowledged PUBLISH counts', async () => {
  const { attach } = await setUp({ requestIds: 'strict' });
  const peer = await ScriptedPeer.join(attach);
  const answers = await peer.exchange(
    new Subscribe(1, {}, 'a.b'),
    new Publish(2, {}, 'x.y'),
    new Register(3, {}, 'p.q'),
    new Call(4, {}, 'no.such'),
    new Publish(5, { acknowledge: true }, 'x.y'),
  );
  expect(answers.map(([code]) => code)).toEqual([33, 65, 8, 17]);
});

test('BP-PERR-07: the router answers ABORT of a violation with nothing', async () => {
  const { offender } = await setUp();
  const { Abort } = await import('@wampkit/protocol');
  expect(await offender.exchange(new Abort({} as Dict, 'wamp.error.protocol_violation'))).toEqual([]);
  expect(offender.closed).not.toBeNull();
});
