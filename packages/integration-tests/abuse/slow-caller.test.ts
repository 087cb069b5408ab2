import { Call, Payload, Register, Yield } from '@wampkit/protocol';
import { expect, test, vi } from 'vitest';
import { Bystanders } from './bystanders.js';
import { type RawClient, replyTo } from './raw-client.js';
import { startVictim, type Victim } from './start-victim.js';

vi.setConfig({ testTimeout: 60_000 });

const MIB = 1024 * 1024;
const page = Payload.of(['x'.repeat(64 * 1024)]);

/** A callee that answers `page` with 64 KiB, and `never` never. */
async function joinCallee(victim: Victim) {
  const callee = await victim.join();
  callee.send(new Register(1, {}, 'page'), new Register(2, {}, 'never'));
  await callee.next(replyTo(65, 2));
  const [, , page65] = await callee.next(replyTo(65, 1));
  const seen = { unanswered: 0, interrupted: [] as number[] };
  callee.onMessage = ([code, request, registration]) => {
    if (code === 69) seen.interrupted.push(request as number);
    else if (registration === page65) callee.send(new Yield(request as number, {}, page));
    else seen.unanswered = request as number;
  };
  return { callee, seen };
}

async function callPage(caller: RawClient): Promise<void> {
  const request = caller.nextRequest();
  caller.send(new Call(request, {}, 'page'));
  await caller.next(replyTo(50, request));
  caller.received.length = 0;
}

test('BP-RPC-05: a caller that stops reading is closed at the hard limit; its callee works on and is told', async () => {
  await using victim = await startVictim({ listener: { highWaterMark: MIB, hardLimit: 8 * MIB } });
  const bystanders = await Bystanders.join(victim);
  const { callee, seen } = await joinCallee(victim);
  const other = await victim.join();
  const slow = await victim.join();
  const slowPeer = victim.peers.at(-1)!;
  slow.stall();
  slow.send(new Call(slow.nextRequest(), {}, 'never'));
  await callee.until(() => seen.unanswered > 0);
  let most = 0;
  while (victim.left.length === 0) {
    slow.send(new Call(slow.nextRequest(), {}, 'page'), new Call(slow.nextRequest(), {}, 'page'));
    await callPage(other);
    most = Math.max(most, slowPeer.queuedBytes);
  }
  expect(victim.left.map(({ session }) => session.session)).toEqual([slow.session]);
  expect(victim.left[0]?.message).toContain('hard limit');
  expect(most).toBeLessThanOrEqual(8 * MIB);
  await callee.until(() => seen.interrupted.includes(seen.unanswered));
  await callPage(other);
  await bystanders.check();
  expect(victim.dropped).toEqual([]);
  expect(victim.bugs).toEqual([]);
});

test('BP-RPC-06: a callee that stops reading is closed at the hard limit; its callers are answered', async () => {
  await using victim = await startVictim({ listener: { highWaterMark: MIB, hardLimit: 4 * MIB } });
  const bystanders = await Bystanders.join(victim);
  const { callee } = await joinCallee(victim);
  callee.stall();
  const caller = await victim.join();
  const answers = new Map<unknown, number>();
  caller.onMessage = (message) => answers.set(message[4], (answers.get(message[4]) ?? 0) + 1);
  const canceled = () => answers.get('wamp.error.canceled') ?? 0;
  // those that come when it has gone find nobody
  const late = () => answers.get('wamp.error.no_such_procedure') ?? 0;
  let calls = 0;
  while (victim.left.length === 0) {
    for (let i = 0; i < 8; i++, calls++) caller.send(new Call(caller.nextRequest(), {}, 'page', page));
    await bystanders.check();
  }
  await caller.until(() => canceled() + late() === calls);
  expect(canceled()).toBeGreaterThan((4 * MIB) / (64 * 1024));
  expect(victim.left.map(({ session }) => session.session)).toEqual([callee.session]);
  await bystanders.check();
  expect(victim.bugs).toEqual([]);
});
