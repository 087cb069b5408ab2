import {
  Call,
  Cancel,
  type Dict,
  ErrorMessage,
  ErrorUri,
  Payload,
  type Peer,
  Register,
  Result,
  WampError,
  Yield,
} from '@wampkit/protocol';
import { allRoles, ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router } from '../index.js';

/** A caller with call 7 open at a callee. */
const setUp = async (calleeRoles: Dict = allRoles, options: Dict = { receive_progress: true }) => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const caller = await ScriptedPeer.join(attach);
  const callee = await ScriptedPeer.join(attach, 'realm1', { roles: calleeRoles });
  await callee.exchange(new Register(1, {}, 'a.b'));
  await caller.exchange(new Call(7, options, 'a.b'));
  return { caller, callee, invocation: callee.take()[0] };
};

const more = (...args: unknown[]) => new Yield(1, { progress: true }, Payload.of(args));

test('PCR-01: the dealer announces progressive_call_results', async () => {
  const { caller } = await setUp();
  expect(caller.details.roles).toHaveProperty('dealer.features.progressive_call_results', true);
});

test('PCR-03: receive_progress is passed to a callee that can', async () => {
  const { invocation } = await setUp();
  expect(invocation?.[3]).toEqual({ receive_progress: true });
});

test.each([{}, { receive_progress: false }])('PCR-03: with options %j it is not passed', async (options) => {
  const { invocation } = await setUp(allRoles, options);
  expect(invocation?.[3]).toEqual({});
});

test.each([
  { progressive_call_results: true },
  { call_canceling: true },
  { progressive_call_results: true, call_canceling: false },
  {},
])('PCR-02: a callee with features %j is not asked for progress', async (features) => {
  const { invocation, caller, callee } = await setUp({ callee: { features } });
  expect(invocation?.[3]).toEqual({});
  await callee.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([[50, 7, {}]]);
});

test('PCR-04, PCR-05: progressive results go at once, in order, with any payload, and a final one ends the call', async () => {
  const { caller, callee } = await setUp();
  await callee.exchange(more(1));
  expect(caller.take()).toEqual([[50, 7, { progress: true }, [1]]]);
  await callee.exchange(more(), more('x', 2), new Yield(1, {}, Payload.of(['end'])));
  expect(caller.take()).toEqual([
    [50, 7, { progress: true }],
    [50, 7, { progress: true }, ['x', 2]],
    [50, 7, {}, ['end']],
  ]);
  await callee.exchange(more('after'));
  expect(caller.take()).toEqual([]);
});

test('PCR-05: a final ERROR ends the call', async () => {
  const { caller, callee } = await setUp();
  await callee.exchange(more(1), new ErrorMessage(68, 1, {}, 'com.example.error'), more(2));
  expect(caller.take()).toEqual([
    [50, 7, { progress: true }, [1]],
    [8, 48, 7, {}, 'com.example.error'],
  ]);
});

test('PCR-05: progress: false is a final result', async () => {
  const { caller, callee } = await setUp();
  await callee.exchange(new Yield(1, { progress: false }));
  expect(caller.take()).toEqual([[50, 7, {}]]);
});

test('PCR-06: when the caller goes, the callee is interrupted with killnowait', async () => {
  const { caller, callee } = await setUp();
  await callee.exchange(more(1));
  await caller.drop();
  expect(callee.take()).toEqual([[69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }]]);
});

test('PCR-06: when the callee goes in the middle, the caller gets canceled', async () => {
  const { caller, callee } = await setUp();
  await callee.exchange(more(1));
  await callee.drop();
  expect(caller.take()).toEqual([
    [50, 7, { progress: true }, [1]],
    [8, 48, 7, {}, 'wamp.error.canceled', [expect.any(String)]],
  ]);
});

test('PCR-08, A8: progress that nobody asked for is dropped, and the call stays open', async () => {
  const { caller, callee } = await setUp(allRoles, {});
  await callee.exchange(more(1), more(2));
  expect(caller.take()).toEqual([]);
  expect(callee.closed).toBeNull();
  await callee.exchange(new Yield(1, {}, Payload.of(['end'])));
  expect(caller.take()).toEqual([[50, 7, {}, ['end']]]);
});

test('BP-PERR-04, A4: a late progressive answer is discarded, and the callee is told again to stop', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Cancel(7, { mode: 'killnowait' }));
  callee.take();
  const stop = [69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }];
  expect(await callee.exchange(more(1))).toEqual([stop]);
  expect(callee.closed).toBeNull();
});

test('CAN-03: while a kill waits for its answer, progressive results still flow', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Cancel(7, { mode: 'kill' }));
  await callee.exchange(more(1), new ErrorMessage(68, 1, {}, 'wamp.error.canceled'));
  expect(caller.take()).toEqual([
    [50, 7, { progress: true }, [1]],
    [8, 48, 7, {}, 'wamp.error.canceled'],
  ]);
});

test('BP-RPC-09: a progressive result too large for the caller ends the call and stops the callee', async () => {
  const { caller, callee } = await setUp();
  const tooLarge = new WampError('too large', { uri: ErrorUri.PayloadSizeExceeded });
  caller.far.refuses = (message) => (message instanceof Result ? tooLarge : null);
  expect(await callee.exchange(more('large'))).toEqual([
    [69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }],
  ]);
  expect(caller.take()).toEqual([[8, 48, 7, {}, 'wamp.error.payload_size_exceeded', ['too large']]]);
});
