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
import { expect, test } from 'vitest';
import { type RealmOptions, Router } from '../index.js';

const allFeatures = {
  call_canceling: true,
  call_timeout: true,
  progressive_call_results: true,
};

/** A caller and a callee of `a.b` under a clock. */
const setUp = async (
  options: {
    readonly realm?: Partial<RealmOptions>;
    readonly register?: Dict;
    readonly features?: Dict;
  } = {},
) => {
  const clock = new FakeClock();
  const bugs: unknown[] = [];
  const router = new Router({
    realms: [{ name: 'realm1', ...options.realm }],
    clock,
    events: { bug: (info) => bugs.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const caller = await ScriptedPeer.join(attach);
  const roles = { callee: { features: options.features ?? allFeatures } };
  const callee = await ScriptedPeer.join(attach, 'realm1', { roles });
  await callee.exchange(new Register(1, options.register ?? {}, 'a.b'));
  const pass = async (ms: number) => {
    clock.advance(ms);
    return caller.exchange();
  };
  return { clock, bugs, router, caller, callee, pass };
};

const timeoutError = (request = 1) => [8, 48, request, {}, 'wamp.error.timeout', [expect.any(String)]];
const interrupt = [69, 1, { mode: 'killnowait', reason: 'wamp.error.timeout' }];
const more = (...args: unknown[]) => new Yield(1, { progress: true }, Payload.of(args));

test('TMO-02: the dealer announces call_timeout', async () => {
  const { caller } = await setUp();
  expect(caller.details.roles).toHaveProperty('dealer.features.call_timeout', true);
});

test('TMO-01, TMO-03: the limit is in milliseconds; then the caller gets timeout and the callee is interrupted', async () => {
  const { caller, callee, pass } = await setUp();
  await caller.exchange(new Call(1, { timeout: 1500 }, 'a.b'));
  expect(await pass(1499)).toEqual([]);
  expect(await pass(1)).toEqual([timeoutError()]);
  expect(callee.take()).toEqual([[68, 1, expect.any(Number), {}], interrupt]);
});

test('TMO-03: a callee without call_canceling is not interrupted, and its late answer is discarded', async () => {
  const { caller, callee, pass } = await setUp({ features: {} });
  await caller.exchange(new Call(1, { timeout: 10 }, 'a.b'));
  callee.take();
  expect(await pass(10)).toEqual([timeoutError()]);
  expect(callee.take()).toEqual([]);
  await callee.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([]);
  expect(callee.closed).toBeNull();
});

test.each([{}, { timeout: 0 }])('TMO-01: with options %j there is no limit and no timer', async (options) => {
  const { clock, caller, pass } = await setUp();
  await caller.exchange(new Call(1, options, 'a.b'));
  expect(clock.timers).toBe(0);
  expect(await pass(1e9)).toEqual([]);
});

test.each([-1, 1.5, '10'])('BP-PERR-06: timeout %j is a protocol violation', async (timeout) => {
  const { caller } = await setUp();
  expect((await caller.exchange(new Call(1, { timeout }, 'a.b')))[0]?.[2]).toBe(
    'wamp.error.protocol_violation',
  );
});

test.each([
  ['a result', new Yield(1, {}, Payload.of(['done'])), [50, 1, {}, ['done']]],
  ['an error', new ErrorMessage(68, 1, {}, 'com.example.error'), [8, 48, 1, {}, 'com.example.error']],
])('TMO-03: %s in time is the answer, and nothing follows', async (_, answer, expected) => {
  const { clock, caller, callee, pass } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'));
  callee.take();
  clock.advance(99);
  await callee.exchange(answer);
  expect(caller.take()).toEqual([expected]);
  expect(await pass(1000)).toEqual([]);
  expect(callee.take()).toEqual([]);
  expect(clock.timers).toBe(0);
});

test('TMO-03: an answer that crosses the timeout is discarded', async () => {
  const { caller, callee, pass } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'));
  callee.send(new Yield(1, {}, Payload.of(['late'])));
  expect(await pass(100)).toEqual([timeoutError()]);
  expect(callee.closed).toBeNull();
});

test('PCR-07: the timer starts anew with each progressive result', async () => {
  const { clock, caller, callee, pass } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100, receive_progress: true }, 'a.b'));
  for (let n = 0; n < 5; n++) {
    clock.advance(99);
    await callee.exchange(more(n));
  }
  expect(caller.take()).toHaveLength(5);
  expect(await pass(99)).toEqual([]);
  expect(await pass(1)).toEqual([timeoutError()]);
  expect(callee.take().at(-1)).toEqual(interrupt);
});

test('PCR-07, PCR-08: progress that the caller did not ask for does not start it anew', async () => {
  const { clock, caller, callee, pass } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'));
  clock.advance(60);
  await callee.exchange(more());
  expect(await pass(40)).toEqual([timeoutError()]);
});

test('TMO-04: a callee that asked for it and can gets the timeout, and no timer runs', async () => {
  const { clock, caller, callee, pass } = await setUp({ register: { forward_timeout: true } });
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, expect.any(Number), { timeout: 100 }]]);
  expect(clock.timers).toBe(0);
  expect(await pass(1000)).toEqual([]);
  await callee.exchange(new ErrorMessage(68, 1, {}, 'wamp.error.timeout')); // TMO-05
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.timeout']]);
});

test.each([
  ['A26, TMO-04: a callee that can and did not ask for it', {}, allFeatures],
  ['TMO-04: a callee that asked for it and cannot', { forward_timeout: true }, { call_canceling: true }],
  ['TMO-04: a callee that asked not', { forward_timeout: false }, allFeatures],
])('%s is not told: the dealer times', async (_, register, features) => {
  const { caller, callee, pass } = await setUp({ register, features });
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, expect.any(Number), {}]]);
  expect(await pass(100)).toEqual([timeoutError()]);
});

test('TMO-04: a call that had to wait brings what is left of its limit', async () => {
  const { clock, caller, callee, pass } = await setUp({
    register: { forward_timeout: true, concurrency: 1 },
  });
  await caller.exchange(new Call(1, {}, 'a.b'), new Call(2, { timeout: 100 }, 'a.b'));
  clock.advance(30);
  callee.take();
  expect(await callee.exchange(new Yield(1, {}))).toEqual([[68, 2, expect.any(Number), { timeout: 70 }]]);
  caller.take();
  expect(await pass(1000)).toEqual([]);
});

test.each([
  ['callTimeout', { callTimeout: 50 }, {}, 50],
  ['callTimeout, timeout 0', { callTimeout: 50 }, { timeout: 0 }, 50],
  ['callTimeout, but the call names its own', { callTimeout: 50 }, { timeout: 200 }, 200],
  ['maxCallTimeout', { maxCallTimeout: 80 }, { timeout: 200 }, 80],
  ['maxCallTimeout, and a call below it', { maxCallTimeout: 80 }, { timeout: 20 }, 20],
  ['maxCallTimeout, and a call that names none', { maxCallTimeout: 80 }, {}, 80],
  ['both', { callTimeout: 50, maxCallTimeout: 80 }, {}, 50],
  ['a callTimeout above maxCallTimeout', { callTimeout: 500, maxCallTimeout: 80 }, {}, 80],
])('TMO-04: the realm has %s', async (_, realm, options, expected) => {
  const { caller, callee, pass } = await setUp({ realm });
  await caller.exchange(new Call(1, options, 'a.b'));
  callee.take();
  expect(await pass(expected - 1)).toEqual([]);
  expect(await pass(1)).toEqual([timeoutError()]);
});

test('TMO-04: what is forwarded is within the bound of the realm', async () => {
  const { caller, callee } = await setUp({
    realm: { maxCallTimeout: 80 },
    register: { forward_timeout: true },
  });
  await caller.exchange(new Call(1, { timeout: 200 }, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, expect.any(Number), { timeout: 80 }]]);
});

test('TMO-03, CAN-03: a timeout during a kill answers the caller, and the answer to the kill is discarded', async () => {
  const { caller, callee, pass } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'), new Cancel(1, { mode: 'kill' }));
  expect(await pass(100)).toEqual([timeoutError()]);
  expect(callee.take().at(-1)).toEqual(interrupt);
  await callee.exchange(new ErrorMessage(68, 1, {}, 'wamp.error.canceled'));
  expect(caller.take()).toEqual([]);
});

test.each(['skip', 'killnowait'])('TMO-03: after CANCEL %s no timeout follows', async (mode) => {
  const { clock, caller, callee, pass } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'), new Cancel(1, { mode }));
  caller.take();
  callee.take();
  expect(await pass(1000)).toEqual([]);
  expect(callee.take()).toEqual([]);
  expect(clock.timers).toBe(0);
});

test('TMO-03: when caller or callee is gone, no timer does anything', async () => {
  const { clock, bugs, caller, callee } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100 }, 'a.b'), new Call(2, { timeout: 200 }, 'a.b'));
  await caller.drop();
  callee.take();
  clock.advance(1000);
  expect(await callee.exchange()).toEqual([]);
  expect(bugs).toEqual([]);
});

test('TMO-03: calls that time out at the same moment are all answered', async () => {
  const { caller, pass } = await setUp();
  const requests = Array.from({ length: 20 }, (_, index) => index + 1);
  await caller.exchange(...requests.map((request) => new Call(request, { timeout: 100 }, 'a.b')));
  const answered = (await pass(100)).map(([, , request]) => request as number);
  expect(answered.sort((a, b) => a - b)).toEqual(requests);
});

test('BP-SESS-08: close leaves no timer of calls behind', async () => {
  const { clock, router, caller, callee } = await setUp();
  await caller.exchange(new Call(1, { timeout: 100_000 }, 'a.b'));
  await caller.drop();
  await callee.drop();
  await router.close();
  expect(clock.timers).toBe(0);
});
