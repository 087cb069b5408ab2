import {
  Abort,
  Call,
  Cancel,
  type Dict,
  Goodbye,
  Payload,
  Register,
  Subscribe,
  Unregister,
  Unsubscribe,
  Yield,
} from '@wampkit/protocol';
import type { WireMessage } from '@wampkit/testkit';
import { expect, test, vi } from 'vitest';
import type { RawClient } from '../abuse/raw-client.js';
import { startVictim, type Victim } from '../abuse/start-victim.js';
import { ask } from './asking.js';

vi.setConfig({ testTimeout: 30_000 });

const register = async (callee: RawClient, procedure: string) =>
  (await ask(callee, new Register(callee.nextRequest(), {}, procedure)))[2] as number;

/** Sends a CALL and waits until its INVOCATION is there. */
async function invoke(caller: RawClient, callee: RawClient, procedure: string, options: Dict = {}) {
  const request = caller.nextRequest();
  caller.send(new Call(request, options, procedure, Payload.of([request])));
  const isIt = ([code, , , , args]: WireMessage) => code === 68 && (args as unknown[])[0] === request;
  const [, invocation, , details] = await callee.next(isIt);
  return { request, invocation: invocation as number, details };
}

const answerTo = (caller: RawClient, request: number) =>
  caller.next(([code, first, second]) => (code === 8 ? second : code === 50 ? first : null) === request);

const join = async (victim: Victim): Promise<[RawClient, RawClient, RawClient]> => [
  await victim.join(),
  await victim.join({ framing: 'websocket' }),
  await victim.join(),
];

test('BP-PS-03, BP-RPC-02: UNSUBSCRIBE and UNREGISTER of an unknown id and of that of another session get ERROR, and take nothing', async () => {
  await using victim = await startVictim();
  const [owner, other, caller] = await join(victim);
  const registration = await register(owner, 'com.x');
  const subscription = (await ask(owner, new Subscribe(owner.nextRequest(), {}, 'com.t')))[2] as number;
  for (const id of [subscription, 12345]) {
    const answer = await ask(other, new Unsubscribe(other.nextRequest(), id));
    expect([answer[0], answer[1], answer[4]]).toEqual([8, 34, 'wamp.error.no_such_subscription']);
  }
  for (const id of [registration, 12345]) {
    const answer = await ask(other, new Unregister(other.nextRequest(), id));
    expect([answer[0], answer[1], answer[4]]).toEqual([8, 66, 'wamp.error.no_such_registration']);
  }
  const { request, invocation } = await invoke(caller, owner, 'com.x');
  owner.send(new Yield(invocation, {}));
  expect((await answerTo(caller, request))[0]).toBe(50);
});

const ends: [string, (client: RawClient) => unknown][] = [
  ['GOODBYE', (client) => client.send(new Goodbye({}, 'wamp.close.close_realm'))],
  ['ABORT', (client) => client.send(new Abort({}, 'com.example.broken'))],
  ['a reset connection', (client) => client.socket.resetAndDestroy()],
  ['a closed connection', (client) => client.socket.end()],
];

test.each(ends)(
  'BP-RPC-06, BP-SESS-07: %s of a callee answers its open calls with canceled, and frees its procedures',
  async (_, end) => {
    await using victim = await startVictim();
    const [caller, callee, next] = await join(victim);
    await register(callee, 'com.x');
    const { request } = await invoke(caller, callee, 'com.x');
    end(callee);
    expect((await answerTo(caller, request)).slice(0, 5)).toEqual([
      8,
      48,
      request,
      {},
      'wamp.error.canceled',
    ]);
    const late = await ask(caller, new Call(caller.nextRequest(), {}, 'com.x'));
    expect(late[4]).toBe('wamp.error.no_such_procedure');
    expect(await register(next, 'com.x')).toBeGreaterThan(0);
  },
);

test('CAN-02: skip answers the caller at once', async () => {
  await using victim = await startVictim();
  const [caller, callee] = await join(victim);
  await register(callee, 'com.x');
  const { request, invocation } = await invoke(caller, callee, 'com.x');
  caller.send(new Cancel(request, { mode: 'skip' }));
  expect((await answerTo(caller, request)).slice(0, 5)).toEqual([8, 48, request, {}, 'wamp.error.canceled']);
  callee.send(new Yield(invocation, {}));
  const ping = await ask(callee, new Subscribe(callee.nextRequest(), {}, 'com.t'));
  expect(ping[0]).toBe(33); // the late answer is no violation
});

test('BP-PERR-04, BP-ID-05: invocation ids count from 1 for each callee, and none answers for another', async () => {
  await using victim = await startVictim();
  const [caller, callee, stranger] = await join(victim);
  await register(callee, 'com.x');
  await register(stranger, 'com.y');
  const [first, second] = [await invoke(caller, callee, 'com.x'), await invoke(caller, callee, 'com.x')];
  expect([first.invocation, second.invocation]).toEqual([1, 2]);
  const own = await invoke(caller, stranger, 'com.y');
  expect(own.invocation).toBe(1);
  stranger.send(new Yield(1, {}, Payload.of(['mine'])));
  expect(await answerTo(caller, own.request)).toMatchObject([50, own.request, {}, ['mine']]);
  // an id that was never given to it: it is out, and the call of the other is open
  stranger.send(new Yield(second.invocation, {}, Payload.of(['stolen'])));
  await stranger.end();
  expect(stranger.received.at(-1)).toMatchObject([3, {}, 'wamp.error.protocol_violation']);
  callee.send(new Yield(2, {}, Payload.of(['right'])), new Yield(1, {}, Payload.of(['right'])));
  for (const { request } of [first, second])
    expect(await answerTo(caller, request)).toMatchObject([50, request, {}, ['right']]);
});

test('CID-05: who calls is told to nobody unless it asks for it', async () => {
  await using victim = await startVictim();
  const [caller, callee] = await join(victim);
  await register(callee, 'com.x');
  expect((await invoke(caller, callee, 'com.x')).details).toEqual({});
  const { details } = await invoke(caller, callee, 'com.x', { disclose_me: true });
  expect(details).toMatchObject({ caller: caller.session });
});

test.each(['com..x', '.com', 'com.', 'com x', 'com#x', ''])(
  'BP-URI-06: CALL of %j gets invalid_uri',
  async (procedure) => {
    await using victim = await startVictim();
    const [caller] = await join(victim);
    const answer = await ask(caller, new Call(caller.nextRequest(), {}, procedure));
    expect(answer[4]).toBe('wamp.error.invalid_uri');
  },
);

test('BP-RPC-09: a result, and a call, too large for who takes it is payload_size_exceeded, and both sessions go on', async () => {
  await using victim = await startVictim();
  const small = await victim.join({ takes: 12 });
  const large = await victim.join();
  await register(large, 'com.large');
  await register(small, 'com.small');
  const { request, invocation } = await invoke(small, large, 'com.large');
  large.send(new Yield(invocation, {}, Payload.of(['x'.repeat(5_000)])));
  expect((await answerTo(small, request))[4]).toBe('wamp.error.payload_size_exceeded');
  const call = new Call(large.nextRequest(), {}, 'com.small', Payload.of(['x'.repeat(5_000)]));
  expect((await ask(large, call))[4]).toBe('wamp.error.payload_size_exceeded');
  const again = await invoke(large, small, 'com.small');
  small.send(new Yield(again.invocation, {}));
  expect((await answerTo(large, again.request))[0]).toBe(50);
});
