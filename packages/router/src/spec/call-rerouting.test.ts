import {
  Call,
  Cancel,
  type Dict,
  ErrorMessage,
  Payload,
  type Peer,
  Register,
  Yield,
} from '@wampkit/protocol';
import { FakeClock, ScriptedPeer } from '@wampkit/testkit';
import { expect, test, vi } from 'vitest';
import { Router } from '../index.js';

const features = {
  call_reroute: true,
  call_canceling: true,
  progressive_call_results: true,
  progressive_call_invocations: true,
};

const setUp = async (invoke: string, count: number, register: Dict = {}) => {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const router = new Router({
    realms: [{ name: 'realm1' }],
    clock,
    events: { bug: (info) => bugs.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (callee: Dict = features) =>
    ScriptedPeer.join(attach, 'realm1', { roles: { caller: { features }, callee: { features: callee } } });
  const caller = await join();
  const callees: ScriptedPeer[] = [];
  for (let n = 0; n < count; n++) callees.push(await join());
  for (const callee of callees) await callee.exchange(new Register(1, { invoke, ...register }, 'a.b'));
  return { join, clock, bugs, caller, callees };
};

const unavailable = (invocation: number) =>
  new ErrorMessage(68, invocation, {}, 'wamp.error.unavailable', Payload.of(['not now']));
const call = (request = 1, options: Dict = {}) =>
  new Call(request, options, 'a.b', Payload.of(['x'], { k: 1 }));
const none = [8, 48, 1, {}, 'wamp.error.no_available_callee', [expect.any(String)]];
const asked = (peer: ScriptedPeer | undefined) => peer?.take().filter(([code]) => code === 68);

test('RER-01: the dealer announces call_reroute', async () => {
  const { caller } = await setUp('single', 0);
  expect(caller.details.roles).toHaveProperty('dealer.features.call_reroute', true);
});

test('RER-02, RER-03: with single the caller gets no_available_callee', async () => {
  const { caller, callees } = await setUp('single', 1);
  await caller.exchange(call());
  await callees[0]?.exchange(unavailable(1));
  expect(caller.take()).toEqual([none]);
});

test.each([
  ['first', [0, 1, 2]],
  ['last', [2, 1, 0]],
  ['roundrobin', [0, 1, 2]],
])('RER-02, RER-03: %s tries %j, then gives no_available_callee', async (invoke, order) => {
  const { caller, callees } = await setUp(invoke, 3);
  await caller.exchange(call());
  for (const index of order) {
    const callee = callees[index] as ScriptedPeer;
    expect(caller.take()).toEqual([]);
    expect(asked(callee)).toEqual([[68, 1, expect.any(Number), {}, ['x'], { k: 1 }]]);
    await callee.exchange(unavailable(1));
  }
  expect(caller.take()).toEqual([none]);
});

test('RER-02: roundrobin goes on from the one that took the call', async () => {
  const { caller, callees } = await setUp('roundrobin', 3);
  await caller.exchange(call(1));
  callees[0]?.take();
  await callees[0]?.exchange(unavailable(1));
  expect(asked(callees[1])).toHaveLength(1);
  await callees[1]?.exchange(new Yield(1, {}));
  await caller.exchange(call(2));
  expect(asked(callees[2])).toHaveLength(1);
});

test('RER-02: random tries each of the others once', async () => {
  const { caller, callees } = await setUp('random', 4);
  const random = vi.spyOn(Math, 'random').mockReturnValue(0.6);
  await caller.exchange(call());
  const order: number[] = [];
  for (let n = 0; n < 4; n++) {
    const index = callees.findIndex((callee) => callee.take().some(([code]) => code === 68));
    order.push(index);
    await callees[index]?.exchange(unavailable(1));
  }
  random.mockRestore();
  expect(new Set(order).size).toBe(4);
  expect(caller.take()).toEqual([none]);
});

test('RER-03: each try is a new INVOCATION of its callee, and the answer reaches the caller', async () => {
  const { caller, callees } = await setUp('first', 2);
  const [first, second] = callees as [ScriptedPeer, ScriptedPeer];
  await second.exchange(new Register(2, {}, 'a.other'));
  await caller.exchange(new Call(1, {}, 'a.other'), call(2));
  second.take();
  expect(asked(first)).toHaveLength(1);
  await first.exchange(unavailable(1));
  expect(asked(second)?.[0]?.slice(0, 2)).toEqual([68, 2]);
  await second.exchange(new Yield(2, {}, Payload.of(['done'])));
  expect(caller.take()).toEqual([[50, 2, {}, ['done']]]);
  expect(await first.exchange(new Yield(1, {}))).toEqual([]);
  expect(caller.take()).toEqual([]);
});

test('RER-03: from a callee that did not announce it the error passes as it is', async () => {
  const { join, caller } = await setUp('first', 0);
  const callees = [await join({}), await join()];
  for (const callee of callees) await callee.exchange(new Register(1, { invoke: 'first' }, 'a.b'));
  await caller.exchange(call());
  await callees[0]?.exchange(unavailable(1));
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.unavailable', ['not now']]]);
});

test('RER-02: other errors are answers', async () => {
  const { caller, callees } = await setUp('first', 2);
  await caller.exchange(call());
  await callees[0]?.exchange(new ErrorMessage(68, 1, {}, 'com.example.error'));
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'com.example.error']]);
  expect(asked(callees[1])).toEqual([]);
});

test('RER-02: options of the call go with it', async () => {
  const { caller, callees } = await setUp('first', 2);
  await caller.exchange(call(1, { receive_progress: true, disclose_me: true }));
  const [[, , , details]] = asked(callees[0]) as [readonly unknown[]];
  await callees[0]?.exchange(unavailable(1));
  expect(asked(callees[1])?.[0]?.[3]).toEqual(details);
});

test('TMO-03: the time limit goes on over all tries', async () => {
  const { clock, caller, callees } = await setUp('first', 2);
  await caller.exchange(call(1, { timeout: 100 }));
  clock.advance(60);
  await callees[0]?.exchange(unavailable(1));
  clock.advance(40);
  expect((await caller.exchange())[0]?.[4]).toBe('wamp.error.timeout');
  expect(callees[1]?.take().map(([code]) => code)).toEqual([68, 69]);
});

test('PCR-05: after a progressive result the call is not re-routed', async () => {
  const { caller, callees } = await setUp('first', 2);
  await caller.exchange(call(1, { receive_progress: true }));
  await callees[0]?.exchange(new Yield(1, { progress: true }), unavailable(1));
  expect(caller.take()).toEqual([[50, 1, { progress: true }], none]);
  expect(asked(callees[1])).toEqual([]);
});

test('PCI-05: a progressive invocation is re-routed while only its first chunk is known', async () => {
  const { caller, callees } = await setUp('first', 3);
  await caller.exchange(call(1, { progress: true }));
  await callees[0]?.exchange(unavailable(1));
  expect(asked(callees[1])?.[0]?.[3]).toEqual({ progress: true });
  await caller.exchange(call(1, { progress: true }));
  expect(asked(callees[1])).toHaveLength(1);
  expect(asked(callees[0])).toEqual([]);
  await callees[1]?.exchange(unavailable(1));
  expect(await caller.exchange(call(1))).toEqual([none]);
  expect(asked(callees[2])).toEqual([]);
});

test('CAN-03: an unavailable callee that was killed: the caller gets canceled', async () => {
  const { caller, callees } = await setUp('first', 2);
  await caller.exchange(call(), new Cancel(1, { mode: 'kill' }));
  await callees[0]?.exchange(unavailable(1));
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
  expect(asked(callees[1])).toEqual([]);
});

test.each(['skip', 'killnowait'])(
  'CAN-02, CAN-04: after CANCEL %s an unavailable callee changes nothing',
  async (mode) => {
    const { caller, callees } = await setUp('first', 2);
    await caller.exchange(call(), new Cancel(1, { mode }));
    caller.take();
    await callees[0]?.exchange(unavailable(1));
    expect(caller.take()).toEqual([]);
    expect(asked(callees[1])).toEqual([]);
  },
);

test('BP-RPC-05, BP-RPC-06: who goes between the tries', async () => {
  const one = await setUp('first', 2);
  await one.caller.exchange(call());
  await one.callees[1]?.drop();
  await one.callees[0]?.exchange(unavailable(1));
  expect(one.caller.take()).toEqual([none]);
  const two = await setUp('first', 2);
  await two.caller.exchange(call());
  await two.callees[0]?.exchange(unavailable(1));
  await two.callees[1]?.drop();
  expect(two.caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
  const three = await setUp('first', 2);
  await three.caller.exchange(call());
  await three.caller.drop();
  await three.callees[0]?.exchange(unavailable(1));
  expect(asked(three.callees[1])).toEqual([]);
  expect([...one.bugs, ...two.bugs, ...three.bugs]).toEqual([]);
});

test('SHR-03: a call whose other callees are busy waits for one; it does not hold up later ones for others', async () => {
  const { caller, callees } = await setUp('roundrobin', 2, { concurrency: 1 });
  const [first, second] = callees as [ScriptedPeer, ScriptedPeer];
  await caller.exchange(call(1), call(2));
  expect(asked(first)).toHaveLength(1);
  expect(asked(second)).toHaveLength(1);
  await first.exchange(unavailable(1));
  expect(caller.take()).toEqual([]);
  await caller.exchange(call(3));
  expect(asked(first)).toHaveLength(1);
  await second.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([[50, 2, {}]]);
  expect(second.received.filter(([code]) => code === 68)).toHaveLength(2);
  await second.exchange(new Yield(2, {}));
  expect(caller.take()).toEqual([[50, 1, {}]]);
});

test('SHR-03: a call whose only other callee, busy, goes: no_available_callee', async () => {
  const { caller, callees } = await setUp('roundrobin', 2, { concurrency: 1 });
  const [first, second] = callees as [ScriptedPeer, ScriptedPeer];
  await caller.exchange(call(2));
  await caller.exchange(call(1));
  await second.exchange(unavailable(1));
  expect(caller.take()).toEqual([]);
  await first.drop();
  expect(caller.take()).toEqual([[8, 48, 2, {}, 'wamp.error.canceled', [expect.any(String)]], none]);
});
