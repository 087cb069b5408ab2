import { Call, Cancel, Register } from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { Bystanders } from './bystanders.js';
import { type RawClient, replyTo } from './raw-client.js';
import { startVictim } from './start-victim.js';

vi.setConfig({ testTimeout: 60_000 });

const CALLS = 10_000; // the default of `pendingCallsPerSession`

/** Calls `silent`, and counts what comes back by its error URI. */
function callMany(caller: RawClient, count: number): Map<unknown, number> {
  const answers = new Map<unknown, number>();
  caller.onMessage = (message) => answers.set(message[4], (answers.get(message[4]) ?? 0) + 1);
  const calls = Array.from({ length: count }, () => new Call(caller.nextRequest(), {}, 'silent'));
  caller.send(...calls);
  return answers;
}

test('BP-RPC-06: 100,000 calls of ten sessions wait for a silent callee; one call more is refused, and all are answered when it goes', async () => {
  await using victim = await startVictim();
  const bystanders = await Bystanders.join(victim);
  const callee = await victim.join();
  callee.send(new Register(1, {}, 'silent'));
  await callee.next(replyTo(65, 1));
  let invocations = 0;
  callee.onMessage = ([code]) => {
    if (code === 68) invocations++;
  };
  const callers = await Promise.all(Array.from({ length: 10 }, () => victim.join()));
  const answers = callers.map((caller) => callMany(caller, CALLS));
  await callee.until(() => invocations === 10 * CALLS);
  await bystanders.check();
  const [first] = callers as [RawClient];
  first.send(new Call(first.nextRequest(), {}, 'silent'));
  await first.until(() => answers[0]?.get('wamp.error.unavailable') === 1);
  expect(answers.slice(1).map(({ size }) => size)).toEqual(Array(9).fill(0));
  callee.socket.resetAndDestroy();
  for (const [index, caller] of callers.entries())
    await caller.until(() => answers[index]?.get('wamp.error.canceled') === CALLS);
  await bystanders.check();
  expect(answers.map(({ size }) => size)).toEqual([2, ...Array(9).fill(1)]);
  expect(victim.left.map(({ session }) => session.session)).toEqual([callee.session]);
  expect(victim.bugs).toEqual([]);
});

test('CAN-03: a caller is rid of a callee that never answers, and the place of its call is free again', async () => {
  await using victim = await startVictim({
    realms: [{ name: 'realm1', limits: { pendingCallsPerSession: 1 } }],
  });
  const callee = await victim.join();
  callee.send(new Register(1, {}, 'silent'));
  await callee.next(replyTo(65, 1));
  const caller = await victim.join();
  for (let round = 0; round < 3; round++) {
    const request = caller.nextRequest();
    caller.send(new Call(request, {}, 'silent'), new Cancel(request, { mode: 'killnowait' }));
    const [, , , , uri] = await caller.next((message) => message[0] === 8 && message[2] === request);
    expect(uri).toBe('wamp.error.canceled');
    await callee.next(replyTo(69, round + 1));
  }
});
