import {
  Call,
  ErrorMessage,
  ErrorUri,
  isId,
  Payload,
  type Peer,
  Publish,
  Register,
  Result,
  type Serializer,
  Subscribe,
  Unregister,
  Unsubscribe,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router, type RouterOptions } from '../index.js';

const setUp = (options: Partial<RouterOptions> = {}) => {
  const router = new Router({ realms: [{ name: 'realm1' }, { name: 'realm2' }], ...options });
  const attach = (peer: Peer): void => router.attach(peer);
  return (realm?: string): Promise<ScriptedPeer> => ScriptedPeer.join(attach, realm);
};

/** A caller and a callee that serves `a.b`. */
const setUpPair = async (options: Partial<RouterOptions> = {}) => {
  const join = setUp(options);
  const [caller, callee] = [await join(), await join()];
  const [registered] = await callee.exchange(new Register(1, {}, 'a.b'));
  return { join, caller, callee, registration: registered?.[2] as number };
};

const tooLarge = new WampError('larger than the other end takes', { uri: ErrorUri.PayloadSizeExceeded });

test('BP-RPC-04: a call goes to its callee and the result back, ids re-mapped, payload unmodified', async () => {
  const { caller, callee, registration } = await setUpPair();
  expect(isId(registration)).toBe(true);
  await caller.exchange(new Call(77, {}, 'a.b', Payload.of([1, { x: null }], { k: 'v' })));
  expect(callee.take()).toEqual([[68, 1, registration, {}, [1, { x: null }], { k: 'v' }]]);
  expect(await callee.exchange(new Yield(1, {}, Payload.of(['done'], { n: 2 })))).toEqual([]);
  expect(caller.take()).toEqual([[50, 77, {}, ['done'], { n: 2 }]]);
});

test('BP-RPC-04: an error of the callee comes back with its URI and arguments', async () => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(5, {}, 'a.b'));
  const payload = Payload.of(['no'], { why: 'because' });
  await callee.exchange(new ErrorMessage(68, 1, {}, 'com.example.error', payload));
  expect(caller.take()).toEqual([[8, 48, 5, {}, 'com.example.error', ['no'], { why: 'because' }]]);
});

test('BP-RPC-07: a call gets one final answer; what follows is discarded', async () => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(1, {}, 'a.b'));
  await callee.exchange(new Yield(1, {}), new Yield(1, {}), new ErrorMessage(68, 1, {}, 'com.example.error'));
  expect(caller.take()).toEqual([[50, 1, {}]]);
  expect(callee.closed).toBeNull();
});

test('BP-RPC-07: several calls are open at a time and answered in any order', async () => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(1, {}, 'a.b'), new Call(2, {}, 'a.b'), new Call(3, {}, 'a.b'));
  await callee.exchange(new Yield(3, {}), new Yield(1, {}), new Yield(2, {}));
  expect(caller.take().map(([, request]) => request)).toEqual([3, 1, 2]);
});

test('BP-ID-05: INVOCATION ids count from 1 for each callee session, whoever calls', async () => {
  const { join, caller, callee } = await setUpPair();
  const [other, otherCallee] = [await join(), await join()];
  await otherCallee.exchange(new Register(1, {}, 'c.d'));
  await caller.exchange(new Call(10, {}, 'a.b'), new Call(11, {}, 'c.d'));
  await other.exchange(new Call(10, {}, 'a.b'), new Call(20, {}, 'c.d'));
  const ids = (peer: ScriptedPeer) => peer.take().map(([, request]) => request);
  expect(ids(callee)).toEqual([1, 2]);
  expect(ids(otherCallee)).toEqual([1, 2]);
});

test('BP-RPC-01: a procedure registered twice gives procedure_already_exists, also for the same session', async () => {
  const { caller, callee } = await setUpPair();
  for (const peer of [caller, callee])
    expect(await peer.exchange(new Register(9, {}, 'a.b'))).toEqual([
      [8, 64, 9, {}, 'wamp.error.procedure_already_exists', [expect.any(String)]],
    ]);
});

test.each(['unknown', 'foreign', 'already unregistered'])(
  'BP-RPC-02: UNREGISTER of an id that is %s gives no_such_registration',
  async (kind) => {
    const { caller, callee, registration } = await setUpPair();
    const asking = kind === 'foreign' ? caller : callee;
    if (kind === 'already unregistered') await callee.exchange(new Unregister(2, registration));
    const id = kind === 'unknown' ? 12345 : registration;
    expect(await asking.exchange(new Unregister(3, id))).toEqual([
      [8, 66, 3, {}, 'wamp.error.no_such_registration', [expect.any(String)]],
    ]);
    if (kind !== 'foreign') return;
    await caller.exchange(new Call(4, {}, 'a.b'));
    expect(callee.take()).toHaveLength(1);
  },
);

test('BP-RPC-02, A23: after UNREGISTER open calls finish and new ones find nobody', async () => {
  const { caller, callee, registration } = await setUpPair();
  await caller.exchange(new Call(1, {}, 'a.b'));
  expect((await callee.exchange(new Unregister(2, registration))).at(-1)).toEqual([67, 2]);
  await callee.exchange(new Yield(1, {}));
  expect(await caller.exchange(new Call(2, {}, 'a.b'))).toEqual([
    [50, 1, {}],
    [8, 48, 2, {}, 'wamp.error.no_such_procedure', [expect.any(String)]],
  ]);
  expect((await caller.exchange(new Register(3, {}, 'a.b')))[0]?.[0]).toBe(65);
});

test('BP-RPC-03: a procedure that nobody serves gives no_such_procedure, also in another realm', async () => {
  const { join, caller } = await setUpPair();
  expect(await caller.exchange(new Call(1, {}, 'a.c'))).toEqual([
    [8, 48, 1, {}, 'wamp.error.no_such_procedure', [expect.any(String)]],
  ]);
  const elsewhere = await join('realm2');
  expect((await elsewhere.exchange(new Call(1, {}, 'a.b')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
});

test('BP-ID-06: a result, an error and a refusal bear the id of their request', async () => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(1000, {}, 'a.b'), new Call(2000, {}, 'a.b'), new Call(3000, {}, 'a.c'));
  await callee.exchange(new Yield(2, {}), new ErrorMessage(68, 1, {}, 'com.example.error'));
  expect(caller.take()).toEqual([
    [50, 2000, {}],
    [8, 48, 1000, {}, 'com.example.error'],
  ]);
  const refused = caller.received.find((message) => message[4] === 'wamp.error.no_such_procedure');
  expect(refused?.[2]).toBe(3000);
});

test('BP-URI-01: one URI may be a topic and a procedure; an id of the one is none of the other', async () => {
  const { caller, callee, registration } = await setUpPair();
  const [subscribed] = await callee.exchange(new Subscribe(2, {}, 'a.b'));
  await caller.exchange(new Publish(1, {}, 'a.b'), new Call(2, {}, 'a.b'));
  expect(callee.take().map(([code]) => code)).toEqual([36, 68]);
  expect((await callee.exchange(new Unregister(3, subscribed?.[2] as number)))[0]?.[0]).toBe(8);
  expect((await callee.exchange(new Unsubscribe(4, registration)))[0]?.[0]).toBe(8);
});

test('BP-ID-03: registration ids are ids, and none is given to two registrations', async () => {
  const peer = await setUp()();
  const registers = Array.from({ length: 50 }, (_, i) => new Register(i + 1, {}, `a.p${i}`));
  const ids = (await peer.exchange(...registers)).map((registered) => registered[2]);
  expect(ids.every(isId)).toBe(true);
  expect(new Set(ids).size).toBe(50);
});

/* An encoding of one byte a number, whose use is counted. */
const counting = () => {
  const uses = { decoded: 0, encoded: 0 };
  const serializer = {
    name: 'json',
    binary: false,
    decodePayload: (bytes: Uint8Array, start: number, end: number) => {
      uses.decoded++;
      return { args: [...bytes.slice(start, end)] };
    },
    encodePayload: () => {
      uses.encoded++;
      return new Uint8Array();
    },
  } as unknown as Serializer;
  return { serializer, uses };
};

test('BP-SER-04, BP-RPC-04: the router passes encoded payloads on without looking inside, and keeps none', async () => {
  const { caller, callee } = await setUpPair();
  await callee.exchange(new Subscribe(2, {}, 'a.t'));
  const { serializer, uses } = counting();
  const seen: Payload[] = [];
  for (const peer of [caller, callee])
    peer.far.refuses = (message) => {
      if ('payload' in message) seen.push(message.payload);
      return null;
    };
  const borrow = () => Payload.borrow(serializer, new Uint8Array([9, 1, 2, 3, 9]), 1, 4, 1);
  caller.send(new Publish(1, {}, 'a.t', borrow()), new Call(2, {}, 'a.b', borrow()));
  await turn();
  callee.send(new Yield(1, {}, borrow()));
  await turn();
  expect(seen).toHaveLength(3);
  expect(callee.take().map((message) => message[4])).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(caller.take()).toEqual([[50, 2, {}, [1, 2, 3]]]);
  expect(uses).toEqual({ decoded: 3, encoded: 0 });
  // what arrived was lent, and the loan is over: the receivers got copies
  for (const payload of seen) expect(() => payload.args()).toThrow('used after its message was dispatched');
});

test('BP-RPC-04: a session may call itself', async () => {
  const { callee } = await setUpPair();
  expect((await callee.exchange(new Call(2, {}, 'a.b')))[0]?.[0]).toBe(68);
  expect(await callee.exchange(new Yield(1, {}, Payload.of([1])))).toEqual([[50, 2, {}, [1]]]);
});

test('BP-RPC-06: when the callee goes, every caller gets canceled', async () => {
  const { join, caller, callee } = await setUpPair();
  const other = await join();
  await caller.exchange(new Call(1, {}, 'a.b'), new Call(2, {}, 'a.b'));
  await other.exchange(new Call(1, {}, 'a.b'));
  await callee.drop();
  const canceled = (request: number) => [8, 48, request, {}, 'wamp.error.canceled', [expect.any(String)]];
  expect(caller.take()).toEqual([canceled(1), canceled(2)]);
  expect(other.take()).toEqual([canceled(1)]);
  expect((await caller.exchange(new Call(3, {}, 'a.b')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
});

test('BP-RPC-05: when the caller goes, the callee is interrupted with killnowait, and a late answer is discarded', async () => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(1, {}, 'a.b'));
  await caller.drop();
  expect(callee.take()).toEqual([
    [68, 1, expect.any(Number), {}],
    [69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }],
  ]);
  expect(await callee.exchange(new Yield(1, {}))).toEqual([]);
  expect(callee.closed).toBeNull();
});

test('BP-RPC-05: a callee that did not announce call_canceling gets no INTERRUPT', async () => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const caller = await ScriptedPeer.join(attach);
  const callee = await ScriptedPeer.join(attach, 'realm1', { roles: { callee: {} } });
  await callee.exchange(new Register(1, {}, 'a.b'));
  await caller.exchange(new Call(1, {}, 'a.b'));
  callee.take();
  await caller.drop();
  expect(callee.take()).toEqual([]);
  expect(await callee.exchange(new ErrorMessage(68, 1, {}, 'com.example.late'))).toEqual([]);
  expect(callee.closed).toBeNull();
});

test('BP-RPC-09: an INVOCATION too large for the callee gives payload_size_exceeded and takes no id', async () => {
  const { caller, callee } = await setUpPair();
  callee.far.refuses = (message) => (message.code === 68 ? tooLarge : null);
  expect(await caller.exchange(new Call(1, {}, 'a.b', Payload.of(['large'])))).toEqual([
    [8, 48, 1, {}, 'wamp.error.payload_size_exceeded', [tooLarge.message]],
  ]);
  callee.far.refuses = null;
  await caller.exchange(new Call(2, {}, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, expect.any(Number), {}]]);
});

test.each([
  ['RESULT', new Yield(1, {}, Payload.of(['large']))],
  ['ERROR', new ErrorMessage(68, 1, {}, 'com.example.error', Payload.of(['large']))],
])('BP-RPC-09: a %s too large for the caller gives payload_size_exceeded', async (_, answer) => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(1, {}, 'a.b'));
  caller.far.refuses = (message) =>
    'payload' in message && message.payload.args()[0] === 'large' ? tooLarge : null;
  await callee.exchange(answer);
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.payload_size_exceeded', [tooLarge.message]]]);
  expect((await caller.exchange(new Call(1, {}, 'a.b'))).length).toBe(0);
});

test("BP-RPC-09: a result that has no form in the caller's serializer gives invalid_argument", async () => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(1, {}, 'a.b'));
  const unencodable = new WampError('no form for it', { uri: ErrorUri.InvalidArgument });
  caller.far.refuses = (message) => (message instanceof Result ? unencodable : null);
  await callee.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.invalid_argument', ['no form for it']]]);
});

test.each([
  ['a..b', {}],
  ['', {}],
  ['a b', {}],
  ['a..b', { match: 'prefix' }],
  ['a b', { match: 'wildcard' }],
])(
  'BP-URI-02, BP-URI-03, BP-URI-06: REGISTER of %j with %j gives invalid_uri',
  async (procedure, options) => {
    const peer = await setUp()();
    expect(await peer.exchange(new Register(1, options, procedure))).toEqual([
      [8, 64, 1, {}, 'wamp.error.invalid_uri', [expect.stringContaining('invalid URI')]],
    ]);
  },
);

test.each(['a..b', '', 'a b'])('BP-URI-06: CALL of %j gives invalid_uri', async (procedure) => {
  const peer = await setUp()();
  expect(await peer.exchange(new Call(1, {}, procedure))).toEqual([
    [8, 48, 1, {}, 'wamp.error.invalid_uri', [expect.stringContaining('invalid URI')]],
  ]);
});

test.each([
  ['wamp', {}],
  ['wamp.session.count', {}],
  ['wamp.anything', {}],
  ['wamp.', { match: 'prefix' }],
  ['wamp..x', { match: 'wildcard' }],
])('BP-URI-05, A1: REGISTER of %j with %j gives invalid_uri', async (procedure, options) => {
  const peer = await setUp()();
  expect(await peer.exchange(new Register(1, options, procedure))).toEqual([
    [8, 64, 1, {}, 'wamp.error.invalid_uri', [expect.any(String)]],
  ]);
});

test('BP-URI-05: wampfoo.x is not reserved', async () => {
  const peer = await setUp()();
  expect((await peer.exchange(new Register(1, {}, 'wampfoo.x')))[0]?.[0]).toBe(65);
});

test('BP-URI-05: a pattern of an ordinary session does not catch calls of reserved URIs', async () => {
  const { join } = await setUpPair();
  const [catcher, caller] = [await join(), await join()];
  await catcher.exchange(
    new Register(1, { match: 'prefix' }, ''),
    new Register(2, { match: 'wildcard' }, '.session.nothing'),
  );
  expect((await caller.exchange(new Call(1, {}, 'wamp.session.nothing')))[0]?.[4]).toBe(
    'wamp.error.no_such_procedure',
  );
  expect(catcher.take()).toEqual([]);
});

test('BP-MSG-03: unknown options are ignored and not passed on', async () => {
  const { caller, callee } = await setUpPair();
  await caller.exchange(new Call(1, { _custom: 1, unknown_key: [] }, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, expect.any(Number), {}]]);
  await callee.exchange(new Yield(1, { _custom: 1 }));
  expect(caller.take()).toEqual([[50, 1, {}]]);
});
