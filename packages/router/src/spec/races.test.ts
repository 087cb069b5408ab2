import {
  Abort,
  Call,
  Cancel,
  ErrorMessage,
  Goodbye,
  Hello,
  type Message,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Unsubscribe,
  Yield,
} from '@wampkit/protocol';
import { allRoles, FakeClock, ScriptedPeer, turn } from '@wampkit/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Router } from '../index.js';

const setUp = async () => {
  const bugs: unknown[] = [];
  const router = new Router({ realms: [{ name: 'realm1' }], events: { bug: (info) => bugs.push(info) } });
  const attach = (peer: Peer): void => router.attach(peer);
  const [caller, callee] = [await ScriptedPeer.join(attach), await ScriptedPeer.join(attach)];
  await callee.exchange(new Register(1, {}, 'a.b'));
  return { attach, caller, callee, bugs };
};

const killnowait = [69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }];

test('A27, CAN-03: the caller leaves during a kill: it becomes killnowait, and the answer is discarded', async () => {
  const { caller, callee, bugs } = await setUp();
  await caller.exchange(new Call(1, {}, 'a.b'), new Cancel(1, { mode: 'kill' }));
  callee.take();
  await caller.drop();
  expect(callee.take()).toEqual([killnowait]);
  expect(await callee.exchange(new ErrorMessage(68, 1, {}, 'wamp.error.canceled'))).toEqual([]);
  expect(callee.closed).toBeNull();
  expect(bugs).toEqual([]);
});

test('A27, BP-RPC-06: the callee leaves during a kill: the caller gets canceled once', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Call(1, {}, 'a.b'), new Cancel(1, { mode: 'kill' }));
  await callee.drop();
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
});

test('BP-RPC-05, BP-RPC-06: a session that serves its own call leaves: nothing is sent anywhere', async () => {
  const { caller, callee, bugs } = await setUp();
  await callee.exchange(new Call(2, {}, 'a.b'));
  expect(await callee.exchange(new Goodbye({}, 'wamp.close.close_realm'))).toEqual([
    [6, {}, 'wamp.close.goodbye_and_out'],
  ]);
  expect(caller.take()).toEqual([]);
  expect(bugs).toEqual([]);
});

test('BP-RPC-05: two sessions that call each other: when one leaves, the other is told both', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Register(1, {}, 'c.d'), new Call(2, {}, 'a.b'));
  await callee.exchange(new Call(2, {}, 'c.d'));
  caller.take();
  callee.take();
  await caller.drop();
  expect(callee.take()).toEqual([killnowait, [8, 48, 2, {}, 'wamp.error.canceled', [expect.any(String)]]]);
});

test('BP-RPC-05: after a GOODBYE, late answers do not reach the next session on that transport', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Call(1, {}, 'a.b'));
  await caller.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  await caller.hello();
  await callee.exchange(new Yield(1, {}, Payload.of(['late'])));
  expect(caller.take()).toEqual([]);
});

test('BP-PERR-04: invocations of a session before do not count for the next one on that transport', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Call(1, {}, 'a.b'));
  await callee.exchange(new Goodbye({}, 'wamp.close.close_realm'));
  await callee.hello();
  expect((await callee.exchange(new Yield(1, {})))[0]?.[2]).toBe('wamp.error.protocol_violation');
});

/* Lets the transport of a peer end within the sending of a message to it, as one above its hard limit may. */
const endsWithin = (peer: ScriptedPeer, code: number): void => {
  peer.far.refuses = (message) => {
    if (message.code !== code) return null;
    peer.far.refuses = null;
    peer.far.onClose?.({ clean: false, message: 'hard limit' });
    return null;
  };
};

test('BP-RPC-06: a callee whose transport ends while the INVOCATION is sent: the caller gets canceled', async () => {
  const { caller, callee, bugs } = await setUp();
  endsWithin(callee, 68);
  expect(await caller.exchange(new Call(1, {}, 'a.b'))).toEqual([
    [8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]],
  ]);
  expect((await caller.exchange(new Call(2, {}, 'a.b')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
  expect(bugs).toEqual([]);
});

test('BP-SESS-07: transports that end while the end of another session is told to them', async () => {
  const { attach, caller, callee, bugs } = await setUp();
  const other = await ScriptedPeer.join(attach);
  await caller.exchange(new Register(1, {}, 'c.d'), new Call(2, {}, 'a.b'), new Call(3, {}, 'a.b'));
  await callee.exchange(new Call(2, {}, 'c.d'));
  await other.exchange(new Call(1, {}, 'a.b'));
  endsWithin(callee, 69);
  await caller.drop();
  expect(other.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
  expect((await other.exchange(new Register(2, {}, 'a.b')))[0]?.[0]).toBe(65);
  expect(bugs).toEqual([]);
});

test.each([2, 6, 36, 33, 65])(
  'BP-SESS-07: a transport that ends while message %i is sent to it',
  async (code) => {
    const left: unknown[] = [];
    const bugs: unknown[] = [];
    const clock = new FakeClock();
    const router = new Router({
      realms: [{ name: 'realm1' }],
      clock,
      events: { bug: (info) => bugs.push(info), sessionLeft: (info) => left.push(info) },
    });
    const attach = (far: Peer): void => router.attach(far);
    const stayer = await ScriptedPeer.join(attach);
    const peer = new ScriptedPeer();
    attach(peer.far);
    endsWithin(peer, code);
    peer.send(
      new Hello('realm1', { roles: allRoles }),
      new Subscribe(1, {}, 'a.t'),
      new Register(2, {}, 'a.p'),
      new Publish(3, { exclude_me: false }, 'a.t'),
      new Goodbye({}, 'wamp.close.close_realm'),
    );
    await turn();
    expect(left).toHaveLength(1);
    expect((await stayer.exchange(new Register(1, {}, 'a.p')))[0]?.[0]).toBe(65);
    expect(bugs).toEqual([]);
    expect(clock.timers).toBe(0);
  },
);

test('BP-SESS-08: a transport that ends while GOODBYE is sent to it does not hold up close', async () => {
  const clock = new FakeClock();
  const router = new Router({ realms: [{ name: 'realm1' }], clock });
  const peer = await ScriptedPeer.join((far) => router.attach(far));
  endsWithin(peer, 6);
  await router.close();
  expect(clock.timers).toBe(0);
});

test('CAN-07: CANCEL that crosses the result is ignored', async () => {
  const { caller, callee } = await setUp();
  await caller.exchange(new Call(1, {}, 'a.b'));
  callee.take();
  callee.send(new Yield(1, {}));
  caller.send(new Cancel(1, { mode: 'killnowait' }));
  await turn();
  expect(caller.take()).toEqual([[50, 1, {}]]);
  expect(callee.take()).toEqual([]);
});

test('BP-SESS-07: messages behind a GOODBYE or ABORT in the same turn have no effect on the session that ended', async () => {
  for (const end of [new Goodbye({}, 'wamp.close.close_realm'), new Abort({}, 'com.example.end')]) {
    const { caller, callee } = await setUp();
    await callee.exchange(new Subscribe(2, {}, 'a.topic'));
    caller.send(end, new Publish(1, {}, 'a.topic'), new Call(2, {}, 'a.b'));
    await turn();
    expect(callee.take()).toEqual([]);
    expect(caller.closed).not.toBeNull();
  }
});

test('BP-SESS-06: GOODBYE from both ends at a time ends the session without another', async () => {
  const router = new Router({ realms: [{ name: 'realm1' }] });
  const peer = await ScriptedPeer.join((far) => router.attach(far));
  const closed = router.close();
  peer.send(new Goodbye({}, 'wamp.close.close_realm'));
  await closed;
  await turn();
  expect(peer.take().map(([code]) => code)).toEqual([6]);
  expect(peer.closed).not.toBeNull();
});

test('BP-RPC-07, BP-SESS-07: whatever happens in whatever order, each call is answered at most once, and in the end exactly once', async () => {
  const act = fc.record({
    who: fc.nat(3),
    what: fc.constantFrom(
      'call',
      'call',
      'call',
      'yield',
      'yield',
      'error',
      'cancel',
      'leave',
      'subscribe',
      'publish',
    ),
    pick: fc.nat(20),
    mode: fc.constantFrom('skip', 'kill', 'killnowait'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const bugs: unknown[] = [];
      const violations: unknown[] = [];
      const router = new Router({
        realms: [{ name: 'realm1' }],
        events: { bug: (info) => bugs.push(info), violation: (info) => violations.push(info) },
      });
      const attach = (peer: Peer): void => router.attach(peer);
      const peers = await Promise.all([0, 1, 2, 3].map(() => ScriptedPeer.join(attach)));
      await Promise.all(peers.map((peer, i) => peer.exchange(new Register(1, {}, `a.p${i}`))));
      const calls = peers.map(() => [] as number[]);
      for (const [step, { who, what, pick, mode }] of acts.entries()) {
        const peer = peers[who] as ScriptedPeer;
        const invocations = peer.received.filter(([code]) => code === 68);
        const invocation = invocations[pick % (invocations.length || 1)]?.[1] as number | undefined;
        const request = step + 2;
        const message: Record<string, () => Message | undefined> = {
          call: () => new Call(request, {}, `a.p${pick % 4}`),
          yield: () => (invocation === undefined ? undefined : new Yield(invocation, {})),
          error: () =>
            invocation === undefined ? undefined : new ErrorMessage(68, invocation, {}, 'com.example.error'),
          cancel: () => new Cancel(pick + 2, { mode }),
          subscribe: () => new Subscribe(request, {}, `a.t${pick % 3}`),
          publish: () => new Publish(request, { exclude_me: false }, `a.t${pick % 3}`),
          leave: () => undefined,
        };
        if (what === 'leave') await peer.drop();
        else {
          const next = message[what]?.();
          if (next === undefined || peer.closed !== null) continue;
          if (what === 'call') calls[who]?.push(request);
          peer.send(next);
          if (pick % 2 === 0) await turn();
        }
      }
      await turn();
      for (const peer of peers.slice(1)) await peer.drop();
      const [survivor] = peers as [ScriptedPeer];
      for (const [code, request] of survivor.received)
        if (code === 68) survivor.send(new Yield(request as number, {}));
      await turn();
      expect(bugs).toEqual([]);
      expect(violations).toEqual([]);
      for (const [index, peer] of peers.entries()) {
        const answered = peer.received
          .filter(([code, type]) => code === 50 || (code === 8 && type === 48))
          .map((answer) => (answer[0] === 50 ? answer[1] : answer[2]) as number);
        expect(new Set(answered).size).toBe(answered.length);
        if (index === 0 && peer.closed === null)
          expect([...answered].sort((a, b) => a - b)).toEqual(calls[0]);
      }
    }),
    { numRuns: 60 },
  );
});

test('BP-PS-09: an UNSUBSCRIBE that crosses an event is answered, and nothing follows it', async () => {
  const { caller, callee } = await setUp();
  const [subscribed] = await callee.exchange(new Subscribe(2, {}, 'a.topic'));
  caller.send(new Publish(1, {}, 'a.topic'), new Publish(2, {}, 'a.topic'));
  callee.send(new Unsubscribe(3, subscribed?.[2] as number));
  await turn();
  await caller.exchange(new Publish(3, {}, 'a.topic'));
  const codes = callee.take().map(([code]) => code);
  expect(codes.at(-1)).toBe(35);
});
