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
import { allRoles, ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { Router } from '../index.js';

/** A caller with call 7 open at a callee. */
const setUp = async (calleeRoles: Dict = allRoles) => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const attach = (peer: Peer): void => router.attach(peer);
  const caller = await ScriptedPeer.join(attach);
  const callee = await ScriptedPeer.join(attach, 'realm1', { roles: calleeRoles });
  await callee.exchange(new Register(1, {}, 'a.b'));
  await caller.exchange(new Call(7, {}, 'a.b'));
  callee.take();
  return { attach, caller, callee };
};

const canceled = [8, 48, 7, {}, 'wamp.error.canceled', [expect.any(String)]];
const interrupt = (mode: string) => [69, 1, { mode, reason: 'wamp.error.canceled' }];

test('CAN-01: the dealer announces call_canceling', async () => {
  const { caller } = await setUp();
  expect(caller.details.roles).toHaveProperty('dealer.features.call_canceling', true);
});

test('CAN-02: skip answers the caller at once, interrupts nobody, and drops the late answer', async () => {
  const { caller, callee } = await setUp();
  expect(await caller.exchange(new Cancel(7, { mode: 'skip' }))).toEqual([canceled]);
  expect(await callee.exchange(new Yield(1, {}))).toEqual([]);
  expect(caller.take()).toEqual([]);
  expect(callee.closed).toBeNull();
});

test('CAN-03, CAN-08: kill interrupts the callee, and the caller hears what the callee answers: RESULT', async () => {
  const { caller, callee } = await setUp();
  expect(await caller.exchange(new Cancel(7, { mode: 'kill' }))).toEqual([]);
  expect(callee.take()).toEqual([interrupt('kill')]);
  await callee.exchange(new Yield(1, {}, Payload.of(['done anyway'])));
  expect(caller.take()).toEqual([[50, 7, {}, ['done anyway']]]);
});

test('CAN-03, CAN-09: kill passes on the ERROR of the callee', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Cancel(7, { mode: 'kill' }));
  await callee.exchange(new ErrorMessage(68, 1, {}, 'wamp.error.canceled', Payload.of(['stopped'])));
  expect(caller.take()).toEqual([[8, 48, 7, {}, 'wamp.error.canceled', ['stopped']]]);
});

test.each([new Yield(1, {}), new ErrorMessage(68, 1, {}, 'wamp.error.canceled')])(
  'CAN-04, CAN-08: killnowait answers the caller, interrupts the callee, and drops what it answers',
  async (late) => {
    const { caller, callee } = await setUp();
    expect(await caller.exchange(new Cancel(7, { mode: 'killnowait' }))).toEqual([canceled]);
    expect(callee.take()).toEqual([interrupt('killnowait')]);
    expect(await callee.exchange(late)).toEqual([]);
    expect(caller.take()).toEqual([]);
    expect(callee.closed).toBeNull();
  },
);

test.each(['skip', 'kill', 'killnowait', undefined])(
  'CAN-05: for a callee without call_canceling mode %j acts like skip',
  async (mode) => {
    const { caller, callee } = await setUp({ callee: {} });
    expect(await caller.exchange(new Cancel(7, mode === undefined ? {} : { mode }))).toEqual([canceled]);
    expect(callee.take()).toEqual([]);
    await callee.exchange(new Yield(1, {}));
    expect(caller.take()).toEqual([]);
  },
);

test('CAN-05, A7: a callee that spells call_cancelling counts', async () => {
  const { caller, callee } = await setUp({ callee: { features: { call_cancelling: true } } });
  await caller.exchange(new Cancel(7, { mode: 'kill' }));
  expect(callee.take()).toEqual([interrupt('kill')]);
});

test('CAN-06, A9: without a mode it is killnowait', async () => {
  const { caller, callee } = await setUp();
  expect(await caller.exchange(new Cancel(7, {}))).toEqual([canceled]);
  expect(callee.take()).toEqual([interrupt('killnowait')]);
});

test.each(['stop', '', 1, null])('CAN-06: mode %j is a protocol violation', async (mode) => {
  const { caller, callee } = await setUp();
  const [abort] = await caller.exchange(new Cancel(7, { mode }));
  expect(abort).toEqual([3, { message: expect.stringContaining('"mode"') }, 'wamp.error.protocol_violation']);
  expect(caller.closed).not.toBeNull();
  expect(callee.closed).toBeNull();
});

test('CAN-07: CANCEL of an unknown or finished call is ignored', async () => {
  const { caller, callee } = await setUp();
  await callee.exchange(new Yield(1, {}));
  caller.take();
  expect(await caller.exchange(new Cancel(7, {}), new Cancel(12345, { mode: 'kill' }))).toEqual([]);
  expect(callee.take()).toEqual([]);
  expect(caller.closed).toBeNull();
});

test('CAN-07: CANCEL of the call of another session is ignored', async () => {
  const { attach, caller, callee } = await setUp();
  const other = await ScriptedPeer.join(attach);
  expect(await other.exchange(new Cancel(7, { mode: 'killnowait' }))).toEqual([]);
  expect(callee.take()).toEqual([]);
  await callee.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([[50, 7, {}]]);
});

test.each(['kill', 'killnowait', 'skip'])(
  'CAN-07: a repeated CANCEL, the first with %j, is ignored',
  async (mode) => {
    const { caller, callee } = await setUp();
    await caller.exchange(new Cancel(7, { mode }));
    const told = [caller.received.length, callee.received.length];
    await caller.exchange(new Cancel(7, { mode: 'killnowait' }), new Cancel(7, { mode: 'kill' }));
    expect([caller.received.length, callee.received.length]).toEqual(told);
  },
);

test('CAN-02, BP-ID-04: the id of a canceled call is free again', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Cancel(7, { mode: 'skip' }));
  await caller.exchange(new Call(7, {}, 'a.b'));
  await callee.exchange(new Yield(1, {}, Payload.of(['late'])), new Yield(2, {}, Payload.of(['new'])));
  expect(caller.take()).toEqual([[50, 7, {}, ['new']]]);
});
