import {
  Call,
  Cancel,
  type Dict,
  ErrorMessage,
  ErrorUri,
  Invocation,
  type Message,
  Payload,
  type Peer,
  Register,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { FakeClock, ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type RealmOptions, Router } from '../index.js';

const features = {
  call_canceling: true,
  progressive_call_invocations: true,
  progressive_call_results: true,
};
const roles = { caller: { features }, callee: { features } };

const setUp = async (
  options: { readonly realm?: Partial<RealmOptions>; readonly calleeFeatures?: Dict } = {},
) => {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const router = new Router({
    realms: [{ name: 'realm1', ...options.realm }],
    clock,
    events: { bug: (info) => bugs.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (callee: Dict = features) =>
    ScriptedPeer.join(attach, 'realm1', { roles: { ...roles, callee: { features: callee } } });
  const [caller, callee] = [await join(), await join(options.calleeFeatures)];
  await callee.exchange(new Register(1, {}, 'a.b'));
  return { attach, join, clock, bugs, caller, callee };
};

/** A chunk that another one follows. */
const chunk = (request: number, value: unknown, options: Dict = {}) =>
  new Call(request, { progress: true, ...options }, 'a.b', Payload.of([value]));
/** The last chunk. */
const last = (request: number, value: unknown, options: Dict = {}) =>
  new Call(request, options, 'a.b', Payload.of([value]));
const id = expect.any(Number);
const violation = [3, { message: expect.any(String) }, 'wamp.error.protocol_violation'];

test('PCI-01: the dealer announces progressive_call_invocations', async () => {
  const { caller } = await setUp();
  expect(caller.details.roles).toHaveProperty('dealer.features.progressive_call_invocations', true);
});

test('PCI-02: CALL.Options.progress of a caller that did not announce it is a protocol violation', async () => {
  const { attach, callee } = await setUp();
  const plain = await ScriptedPeer.join(attach, 'realm1', { roles: { caller: {} } });
  expect(await plain.exchange(chunk(1, 'x'))).toEqual([violation]);
  expect(callee.take()).toEqual([]);
});

test.each([
  {},
  { progressive_call_invocations: true },
  { call_canceling: true },
  { call_canceling: false, progressive_call_invocations: true },
])('PCI-03: with a callee of features %j the caller gets feature_not_supported', async (calleeFeatures) => {
  const { caller, callee } = await setUp({ calleeFeatures });
  expect(await caller.exchange(chunk(1, 'x'), chunk(1, 'y'), last(1, 'z'))).toEqual([
    [8, 48, 1, {}, 'wamp.error.feature_not_supported', [expect.any(String)]],
  ]);
  expect(callee.take()).toEqual([]);
  await caller.exchange(last(2, 'ordinary'));
  expect(callee.take()).toEqual([[68, 1, id, {}, ['ordinary']]]);
});

test('PCI-01, A7: call_cancelling counts', async () => {
  const { caller, callee } = await setUp({
    calleeFeatures: { call_cancelling: true, progressive_call_invocations: true },
  });
  await caller.exchange(chunk(1, 'x'));
  expect(callee.take()).toEqual([[68, 1, id, { progress: true }, ['x']]]);
});

test.each([
  ['without progress', {}],
  ['with progress false', { progress: false }],
])('PCI-04: all chunks have one INVOCATION.Request; the last is %s', async (_, options) => {
  const { caller, callee } = await setUp();
  await caller.exchange(chunk(5, 'a'), chunk(5, 'b'), last(5, 'c', options));
  expect(callee.take()).toEqual([
    [68, 1, id, { progress: true }, ['a']],
    [68, 1, id, { progress: true }, ['b']],
    [68, 1, id, {}, ['c']],
  ]);
  await callee.exchange(new Yield(1, {}, Payload.of(['done'])));
  expect(caller.take()).toEqual([[50, 5, {}, ['done']]]);
});

test('PCI-04, BP-ID-05: other invocations of the callee take other ids meanwhile', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(chunk(1, 'a'), last(2, 'other'), last(1, 'b'));
  expect(callee.take().map(([, request, , , args]) => [request, args])).toEqual([
    [1, ['a']],
    [2, ['other']],
    [1, ['b']],
  ]);
});

test.each(['roundrobin', 'random', 'first', 'last'])(
  'PCI-05: with shared registrations by %s the chunks stick to one callee',
  async (invoke) => {
    const { join, caller } = await setUp();
    const callees = [await join(), await join(), await join()];
    for (const callee of callees) await callee.exchange(new Register(1, { invoke }, 'a.s'));
    const part = (request: number, options: Dict) => new Call(request, options, 'a.s');
    const got = async () => callees.map((callee) => callee.take().length);
    for (let request = 1; request < 5; request++) {
      await caller.exchange(part(request, { progress: true }), part(request, { progress: true }));
      await caller.exchange(part(request, {}));
      expect((await got()).sort()).toEqual([0, 0, 3]);
    }
  },
);

test('PCI-05: callees that come and go meanwhile change nothing', async () => {
  const { join, caller } = await setUp();
  const [first, second] = [await join(), await join()];
  const register = (request: number) => new Register(request, { invoke: 'last' }, 'a.s');
  await first.exchange(register(1));
  await caller.exchange(new Call(1, { progress: true }, 'a.s'));
  await second.exchange(register(1));
  await caller.exchange(new Call(1, { progress: true }, 'a.s'));
  await second.drop();
  await caller.exchange(new Call(1, {}, 'a.s'));
  expect(first.take()).toHaveLength(3);
});

test('PCI-06: caller gone: INTERRUPT; callee gone: canceled, and chunks under way are discarded', async () => {
  const one = await setUp();
  await one.caller.exchange(chunk(1, 'a'));
  one.callee.take();
  await one.caller.drop();
  expect(one.callee.take()).toEqual([[69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }]]);
  const two = await setUp();
  await two.caller.exchange(chunk(1, 'a'));
  await two.callee.drop();
  expect(await two.caller.exchange(chunk(1, 'b'), last(1, 'c'))).toEqual([
    [8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]],
  ]);
});

/* How a call ends before its last chunk came. */
const endings: readonly [string, (to: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>][] = [
  ['a RESULT', ({ callee }) => callee.exchange(new Yield(1, {}))],
  ['an ERROR', ({ callee }) => callee.exchange(new ErrorMessage(68, 1, {}, 'com.example.error'))],
  ['a skip', ({ caller }) => caller.exchange(new Cancel(1, { mode: 'skip' }))],
  ['a killnowait', ({ caller }) => caller.exchange(new Cancel(1, { mode: 'killnowait' }))],
  [
    'a kill',
    async ({ caller, callee }) => {
      await caller.exchange(new Cancel(1, { mode: 'kill' }));
      await callee.exchange(new ErrorMessage(68, 1, {}, 'wamp.error.canceled'));
    },
  ],
  [
    'a timeout',
    async ({ clock, caller }) => {
      clock.advance(100);
      await caller.exchange();
    },
  ],
];

test.each(
  endings.flatMap((ending) =>
    (['lenient', 'strict'] as const).map((mode) => [ending[0], mode, ending[1]] as const),
  ),
)('PCI-07, PCI-10: chunks after %s are discarded without a reply (%s ids)', async (_, requestIds, end) => {
  const state = await setUp({ realm: { requestIds } });
  const { caller, callee, bugs } = state;
  await caller.exchange(chunk(1, 'a', { timeout: 100 }));
  await end(state);
  expect(caller.take().length).toBeLessThanOrEqual(1);
  callee.take();
  expect(await caller.exchange(chunk(1, 'late'), chunk(1, 'later'), last(1, 'last'))).toEqual([]);
  expect(callee.take()).toEqual([]);
  expect(caller.closed).toBeNull();
  await caller.exchange(last(2, 'next'));
  expect(callee.take()).toEqual([[68, 2, id, {}, ['next']]]);
  expect(bugs).toEqual([]);
});

test.each([
  ['nobody serves it', 'no.such', 'wamp.error.no_such_procedure'],
  ['it is no URI', 'a#b', 'wamp.error.invalid_uri'],
])('PCI-07: chunks of a call that was refused since %s are discarded', async (_, procedure, uri) => {
  const { caller } = await setUp();
  const part = (options: Dict) => new Call(1, options, procedure);
  const got = await caller.exchange(part({ progress: true }), part({ progress: true }), part({}));
  expect(got).toEqual([[8, 48, 1, {}, uri, [expect.any(String)]]]);
});

test('PCI-10: in lenient mode, once the last chunk was seen the id is free again', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(chunk(1, 'a'));
  await callee.exchange(new Yield(1, {}));
  await caller.exchange(last(1, 'late'));
  callee.take();
  caller.take();
  await caller.exchange(last(1, 'new call'));
  expect(callee.take()).toEqual([[68, 2, id, {}, ['new call']]]);
});

test('PCI-10: in lenient mode the memory of ended calls is bounded: the oldest is forgotten', async () => {
  const { caller, callee } = await setUp();
  for (let request = 1; request <= 257; request++) {
    await caller.exchange(chunk(request, 'a'));
    await callee.exchange(new Yield(request, {}));
  }
  callee.take();
  await caller.exchange(chunk(1, 'new'), chunk(2, 'late'), chunk(257, 'late'));
  expect(callee.take().map(([, , , , args]) => args)).toEqual([['new']]);
});

test('PCI-10: an id that is active and not progressive, or no more, is a protocol violation', async () => {
  for (const first of [last(1, 'a'), chunk(1, 'a')]) {
    const { caller } = await setUp();
    await caller.exchange(first, ...(first.options.progress ? [last(1, 'b')] : []));
    expect(await caller.exchange(chunk(1, 'more'))).toEqual([violation]);
  }
});

test('PCI-10: a chunk for another procedure is a protocol violation', async () => {
  const { caller, callee } = await setUp();
  await callee.exchange(new Register(2, {}, 'a.c'));
  await caller.exchange(chunk(1, 'a'));
  expect(await caller.exchange(new Call(1, { progress: true }, 'a.c'))).toEqual([violation]);
});

test('PCI-10, A25: in strict mode refused calls count, an id that is skipped or long done is a violation', async () => {
  const realm = { requestIds: 'strict' } as const;
  const ids = async (...messages: Message[]) => (await setUp({ realm })).caller.exchange(...messages);
  expect(await ids(chunk(1, 'a'), last(2, 'b'), last(1, 'c'), last(3, 'd'))).toEqual([]);
  expect(await ids(new Call(1, {}, 'no.such'), last(2, 'a'))).toHaveLength(1);
  expect(await ids(chunk(1, 'a'), chunk(3, 'b'))).toEqual([violation]);
  expect(await ids(new Call(1, {}, 'no.such'), last(1, 'a'))).toEqual([expect.any(Array), violation]);
});

test('PCI-09: options of later chunks have no effect, those of the first hold', async () => {
  const { caller, callee, clock } = await setUp();
  await caller.exchange(
    chunk(1, 'a', { timeout: 100 }),
    chunk(1, 'b', { disclose_me: true, receive_progress: true, timeout: 5, _custom: 1 }),
    last(1, 'c', { disclose_me: true, timeout: 5 }),
  );
  expect(callee.take()).toEqual([
    [68, 1, id, { progress: true }, ['a']],
    [68, 1, id, { progress: true }, ['b']],
    [68, 1, id, {}, ['c']],
  ]);
  await callee.exchange(new Yield(1, { progress: true }));
  expect(caller.take()).toEqual([]);
  clock.advance(99);
  expect(await caller.exchange()).toEqual([]);
  clock.advance(1);
  expect(await caller.exchange()).toEqual([[8, 48, 1, {}, 'wamp.error.timeout', [expect.any(String)]]]);
});

test('PCI-09, BP-PERR-06: an option of a wrong type is a violation in a later chunk too', async () => {
  const { caller } = await setUp();
  await caller.exchange(chunk(1, 'a'));
  expect(await caller.exchange(chunk(1, 'b', { timeout: 'soon' }))).toEqual([violation]);
});

test('PCI-11: results and chunks go both ways, independently', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(chunk(1, 'a', { receive_progress: true }));
  expect(callee.take()).toEqual([[68, 1, id, { receive_progress: true, progress: true }, ['a']]]);
  const more = (value: unknown) => new Yield(1, { progress: true }, Payload.of([value]));
  await callee.exchange(more(1), more(2));
  await caller.exchange(chunk(1, 'b'), last(1, 'c'));
  await callee.exchange(more(3), new Yield(1, {}, Payload.of(['end'])));
  expect(caller.received.filter(([code]) => code === 50)).toEqual([
    [50, 1, { progress: true }, [1]],
    [50, 1, { progress: true }, [2]],
    [50, 1, { progress: true }, [3]],
    [50, 1, {}, ['end']],
  ]);
});

test('CAN-03: chunks after a kill do not reach the callee', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(chunk(1, 'a'), new Cancel(1, { mode: 'kill' }), chunk(1, 'b'), last(1, 'c'));
  expect(callee.take().map(([code]) => code)).toEqual([68, 69]);
  await callee.exchange(new Yield(1, {}, Payload.of(['done'])));
  expect(caller.take()).toEqual([[50, 1, {}, ['done']]]);
});

test('SHR-03: chunks of a call that waits wait with it, in order', async () => {
  const { join, caller } = await setUp();
  const callee = await join();
  await callee.exchange(new Register(1, { concurrency: 1 }, 'a.one'));
  const part = (request: number, value: string, options: Dict) =>
    new Call(request, options, 'a.one', Payload.of([value]));
  await caller.exchange(part(1, 'x', {}), part(2, 'a', { progress: true }), part(2, 'b', { progress: true }));
  await caller.exchange(part(2, 'c', {}), part(3, 'y', {}));
  expect(callee.take()).toEqual([[68, 1, id, {}, ['x']]]);
  expect(await callee.exchange(new Yield(1, {}))).toEqual([
    [68, 2, id, { progress: true }, ['a']],
    [68, 2, id, { progress: true }, ['b']],
    [68, 2, id, {}, ['c']],
  ]);
  expect(await callee.exchange(new Yield(2, {}))).toEqual([[68, 3, id, {}, ['y']]]);
});

test('BP-RPC-09: a chunk too large for the callee ends the call and stops the callee', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(chunk(1, 'a'));
  callee.take();
  const tooLarge = new WampError('too large', { uri: ErrorUri.PayloadSizeExceeded });
  callee.far.refuses = (message) => (message instanceof Invocation ? tooLarge : null);
  expect(await caller.exchange(chunk(1, 'large'), last(1, 'b'))).toEqual([
    [8, 48, 1, {}, 'wamp.error.payload_size_exceeded', ['too large']],
  ]);
  expect(callee.take()).toEqual([[69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }]]);
});
