import {
  Abort,
  Call,
  Cancel,
  ErrorMessage,
  Goodbye,
  type Message,
  Payload,
  type Peer,
  Register,
  Unregister,
  Yield,
} from '@wampkit/protocol';
import { FakeClock, ScriptedPeer, type WireMessage } from '@wampkit/testkit';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { Router } from '../index.js';

const policies = ['roundrobin', 'random', 'first', 'last'] as const;

/** A caller and some callees; `call` tells which callee got a call, which answers at once. */
const setUp = async (count: number) => {
  const bugs: unknown[] = [];
  const clock = new FakeClock();
  const router = new Router({
    realms: [{ name: 'realm1' }],
    events: { bug: (info) => bugs.push(info) },
    clock,
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const caller = await ScriptedPeer.join(attach);
  const callees: ScriptedPeer[] = [];
  for (let n = 0; n < count; n++) callees.push(await ScriptedPeer.join(attach));
  let request = 100;
  const call = async (procedure = 'a.b') => {
    caller.send(new Call(++request, {}, procedure));
    await caller.exchange();
    const got = callees.map((callee) => callee.take().filter(([code]) => code === 68));
    const index = got.findIndex((invocations) => invocations.length > 0);
    const invocation = got[index]?.[0];
    if (invocation !== undefined) await callees[index]?.exchange(new Yield(invocation[1] as number, {}));
    return index;
  };
  const calls = async (times: number) => {
    const indexes: number[] = [];
    for (let n = 0; n < times; n++) indexes.push(await call());
    return indexes;
  };
  return { attach, bugs, clock, caller, callees, call, calls };
};

const register = async (callee: ScriptedPeer | undefined, options = {}, request = 1, uri = 'a.b') => {
  const [answer] = (await callee?.exchange(new Register(request, options, uri))) ?? [];
  return (answer?.[0] === 65 ? answer[2] : answer?.[4]) as number;
};

/* Messages without dicts and arguments. */
const brief = (messages: readonly WireMessage[] = []): WireMessage[] =>
  messages.map((message) => message.filter((item) => typeof item !== 'object'));

const exists = 'wamp.error.procedure_already_exists';

test('SHR-01: the dealer announces shared_registration', async () => {
  const { caller } = await setUp(0);
  expect(caller.details.roles).toHaveProperty('dealer.features.shared_registration', true);
});

test.each(policies)(
  'SHR-02: all callees of a registration with invoke %j get the same id',
  async (invoke) => {
    const { callees } = await setUp(3);
    const ids = await Promise.all(callees.map((callee) => register(callee, { invoke })));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toEqual(expect.any(Number));
  },
);

test.each([
  [{}, {}],
  [{ invoke: 'single' }, { invoke: 'single' }],
  [{}, { invoke: 'roundrobin' }],
  [{ invoke: 'roundrobin' }, {}],
  [{ invoke: 'first' }, { invoke: 'last' }],
  [{ invoke: 'random' }, { invoke: 'single' }],
])('SHR-02, A11: after REGISTER with %j another with %j is refused', async (first, second) => {
  const { callees, calls } = await setUp(2);
  await register(callees[0], first);
  expect(await register(callees[1], second)).toBe(exists);
  expect(await register(callees[0], second, 2)).toBe(exists);
  expect(await calls(2)).toEqual([0, 0]);
});

test('SHR-02: when the last callee is gone, the next one decides on the policy', async () => {
  const { callees } = await setUp(2);
  const id = await register(callees[0], { invoke: 'first' });
  await callees[0]?.exchange(new Unregister(2, id));
  const other = await register(callees[1], { invoke: 'last' });
  expect(other).toEqual(expect.any(Number));
  expect(other).not.toBe(id);
});

test('SHR-02: registrations under another match policy are others', async () => {
  const { callees } = await setUp(2);
  const id = await register(callees[0], { invoke: 'first' });
  expect(await register(callees[1], { invoke: 'last', match: 'prefix' })).not.toBe(id);
});

test('SHR-04, A11: a session that registers twice gets the same id and no second part', async () => {
  const { callees, calls } = await setUp(2);
  const id = await register(callees[0], { invoke: 'roundrobin' });
  await register(callees[1], { invoke: 'roundrobin' });
  expect(await register(callees[0], { invoke: 'roundrobin' }, 2)).toBe(id);
  expect(await calls(4)).toEqual([0, 1, 0, 1]);
  await callees[0]?.exchange(new Unregister(3, id));
  expect(await calls(2)).toEqual([1, 1]);
  expect((await callees[0]?.exchange(new Unregister(4, id)))?.[0]?.[4]).toBe(
    'wamp.error.no_such_registration',
  );
});

test.each([
  ['roundrobin', [0, 1, 2, 0, 1, 2, 0]],
  ['first', [0, 0, 0, 0, 0, 0, 0]],
  ['last', [2, 2, 2, 2, 2, 2, 2]],
])('SHR-03: %s calls callees %j', async (invoke, expected) => {
  const { callees, calls } = await setUp(3);
  for (const callee of callees) await register(callee, { invoke });
  expect(await calls(7)).toEqual(expected);
});

test('SHR-03: random calls whichever chance names', async () => {
  const { callees, calls } = await setUp(3);
  for (const callee of callees) await register(callee, { invoke: 'random' });
  const random = vi.spyOn(Math, 'random');
  for (const value of [0.99, 0, 0.5, 0.34]) random.mockReturnValueOnce(value);
  expect(await calls(4)).toEqual([2, 0, 1, 1]);
  random.mockRestore();
});

test('SHR-03: first and last are the oldest and the newest that are still there', async () => {
  const { callees, calls } = await setUp(4);
  for (const callee of callees) await register(callee, { invoke: 'first' });
  const lasts = await Promise.all(callees.map((callee) => register(callee, { invoke: 'last' }, 2, 'a.c')));
  await callees[0]?.drop();
  expect(await calls(1)).toEqual([1]);
  await callees[3]?.exchange(new Unregister(3, lasts[3] as number));
  expect(await register(callees[3], { invoke: 'last' }, 4, 'a.d')).toEqual(expect.any(Number));
  const { call } = { call: calls };
  expect(await call(1)).toEqual([1]);
});

test('SHR-03: whoever comes and goes, roundrobin goes on where it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ what: fc.constantFrom('call', 'call', 'come', 'go'), who: fc.nat(4) }), {
        maxLength: 30,
      }),
      async (acts) => {
        const { callees, call } = await setUp(5);
        const ring: number[] = [];
        let next = 0;
        let request = 1;
        let id = 0;
        for (const { what, who } of acts) {
          if (what === 'come' && !ring.includes(who)) {
            ring.push(who);
            id = await register(callees[who], { invoke: 'roundrobin' }, request++);
          } else if (what === 'go' && ring.includes(who)) {
            const index = ring.indexOf(who);
            ring.splice(index, 1);
            if (index < next) next--;
            if (next === ring.length) next = 0;
            await callees[who]?.exchange(new Unregister(request++, id));
          } else if (what === 'call' && ring.length > 0) {
            expect(await call()).toBe(ring[next]);
            next = (next + 1) % ring.length;
          }
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('SHR-02, A23: UNREGISTER of one callee: its open calls go on, the others stay', async () => {
  const { caller, callees, calls } = await setUp(2);
  const [first, second] = callees as [ScriptedPeer, ScriptedPeer];
  const id = await register(first, { invoke: 'roundrobin' });
  await register(second, { invoke: 'roundrobin' });
  await caller.exchange(new Call(1, {}, 'a.b'));
  expect(brief(await first.exchange(new Unregister(2, id)))).toEqual([
    [68, 1, id],
    [67, 2],
  ]);
  expect(await calls(2)).toEqual([1, 1]);
  caller.take();
  await first.exchange(new Yield(1, {}, Payload.of(['done'])));
  expect(caller.take()).toEqual([[50, 1, {}, ['done']]]);
});

test('BP-RPC-06: a callee of several that leaves: only its own calls are canceled', async () => {
  const { caller, callees, calls } = await setUp(2);
  for (const callee of callees) await register(callee, { invoke: 'roundrobin' });
  await caller.exchange(new Call(1, {}, 'a.b'), new Call(2, {}, 'a.b'));
  await callees[0]?.drop();
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
  await callees[1]?.exchange(new Yield(1, {}));
  expect(caller.take()).toEqual([[50, 2, {}]]);
  for (const callee of callees) callee.take();
  expect(await calls(2)).toEqual([1, 1]);
});

/** One caller, one or two callees with `concurrency`, and what each got since the last look. */
const busy = async (concurrency: number, invoke = 'roundrobin', count = 1) => {
  const all = await setUp(count);
  const { caller, callees } = all;
  for (const callee of callees) await register(callee, { invoke, concurrency });
  const invoked = async (callee: ScriptedPeer | undefined, ...messages: Message[]) =>
    ((await callee?.exchange(...messages)) ?? [])
      .filter(([code]) => code === 68)
      .map((invocation) => (invocation[4] as unknown[])[0]);
  const call = (request: number, options = {}) =>
    new Call(request, options, 'a.b', Payload.of([`call ${request}`]));
  return { ...all, caller, callee: callees[0] as ScriptedPeer, other: callees[1], invoked, call };
};

test('SHR-03: a callee gets no more calls at a time than its concurrency, the others wait in order', async () => {
  const { caller, callee, invoked, call } = await busy(2);
  await caller.exchange(call(1), call(2), call(3), call(4));
  expect(await invoked(callee)).toEqual(['call 1', 'call 2']);
  expect(await invoked(callee, new Yield(2, {}))).toEqual(['call 3']);
  expect(await invoked(callee, new ErrorMessage(68, 1, {}, 'com.example.error'))).toEqual(['call 4']);
  expect(brief(caller.take())).toEqual([
    [50, 2],
    [8, 48, 1, 'com.example.error'],
  ]);
  await callee.exchange(new Yield(3, {}), new Yield(4, {}));
  expect(brief(caller.take())).toEqual([
    [50, 3],
    [50, 4],
  ]);
});

test('SHR-03: an UNREGISTER of a callee that is busy does not hold up those that wait for another', async () => {
  const { caller, callees, other, invoked, call } = await busy(1, 'roundrobin', 2);
  await caller.exchange(call(1), call(2), call(3));
  await callees[0]?.exchange();
  expect(await invoked(other, new Yield(1, {}))).toEqual(['call 2', 'call 3']);
});

test.each([
  ['first', 0],
  ['last', 1],
])('SHR-03: %s does not move on to another callee because its own is busy', async (invoke, index) => {
  const { caller, callees, invoked, call } = await busy(1, invoke, 2);
  await caller.exchange(call(1), call(2));
  expect(await invoked(callees[1 - index])).toEqual([]);
  expect(await invoked(callees[index])).toEqual(['call 1']);
  expect(await invoked(callees[index], new Yield(1, {}))).toEqual(['call 2']);
});

test.each(['roundrobin', 'random'])('SHR-03: %s chooses among the callees that are free', async (invoke) => {
  const { caller, callees, invoked, call } = await busy(1, invoke, 3);
  await caller.exchange(call(1), call(2), call(3), call(4));
  for (const callee of callees) expect(await invoked(callee)).toHaveLength(1);
});

test('SHR-03: a new callee takes what waits, after REGISTERED', async () => {
  const { attach, caller, call } = await busy(1);
  await caller.exchange(call(1), call(2), call(3));
  const late = await ScriptedPeer.join(attach);
  const got = await late.exchange(new Register(1, { invoke: 'roundrobin', concurrency: 1 }, 'a.b'));
  expect(got.map(([code]) => code)).toEqual([65, 68]);
  expect(got[1]?.[4]).toEqual(['call 2']);
});

test.each(['skip', 'kill', 'killnowait', undefined])(
  'CAN-02: CANCEL in mode %s of a call that waits answers at once, and nobody ever sees the call',
  async (mode) => {
    const { caller, callee, invoked, call } = await busy(1);
    await caller.exchange(call(1), call(2), call(3));
    callee.take();
    expect(await caller.exchange(new Cancel(2, mode === undefined ? {} : { mode }))).toEqual([
      [8, 48, 2, {}, 'wamp.error.canceled', [expect.any(String)]],
    ]);
    expect(callee.take()).toEqual([]);
    expect(await invoked(callee, new Yield(1, {}))).toEqual(['call 3']);
  },
);

test('TMO-03: a call that waits times out; nobody is interrupted', async () => {
  const { caller, callee, clock, invoked, call } = await busy(1);
  await caller.exchange(call(1), call(2, { timeout: 100 }), call(3));
  callee.take();
  clock.advance(100);
  expect(await caller.exchange()).toEqual([[8, 48, 2, {}, 'wamp.error.timeout', [expect.any(String)]]]);
  expect(callee.take()).toEqual([]);
  expect(await invoked(callee, new Yield(1, {}))).toEqual(['call 3']);
});

test.each([
  ['GOODBYE', new Goodbye({}, 'wamp.close.close_realm')],
  ['ABORT', new Abort({}, 'com.example.end')],
])(
  'BP-RPC-05, BP-SESS-06: a session leaves by %s with one call served and one that waits: the latter is never passed on',
  async (_, end) => {
    const { caller, callee, call } = await busy(1);
    await caller.exchange(call(1), call(2));
    callee.take();
    await caller.exchange(end);
    expect(callee.take()).toEqual([[69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }]]);
  },
);

test('BP-RPC-07, BP-SESS-05: a session that serves its own calls, one of which waits, ends: nothing follows ABORT', async () => {
  const { attach, call } = await busy(1);
  const own = await ScriptedPeer.join(attach);
  await register(own, { concurrency: 1 }, 1, 'c.d');
  await own.exchange(new Call(2, {}, 'c.d'), new Call(3, {}, 'c.d'));
  expect((await own.exchange(call(3))).map(([code]) => code)).toEqual([3]);
});

test.each([
  ['CAN-04', new Cancel(1, {}), 'wamp.error.canceled'],
  ['TMO-03', 100, 'wamp.error.timeout'],
] as const)(
  '%s: a callee with a concurrency is interrupted before it gets what waited',
  async (_, step, reason) => {
    const { caller, callee, call, clock } = await busy(1);
    await caller.exchange(call(1, { timeout: 100 }), call(2));
    callee.take();
    if (step === 100) clock.advance(step);
    else await caller.exchange(step);
    const [interrupt, invocation] = await callee.exchange();
    expect(interrupt).toEqual([69, 1, { mode: 'killnowait', reason }]);
    expect(invocation?.slice(0, 2)).toEqual([68, 2]);
  },
);

test('BP-RPC-05: the caller of a call that waits leaves: nobody ever sees the call', async () => {
  const { attach, caller, callee, bugs, invoked, call } = await busy(1);
  const other = await ScriptedPeer.join(attach);
  await caller.exchange(call(1));
  await other.exchange(call(2));
  await caller.exchange(call(3));
  callee.take();
  await other.drop();
  expect(callee.take()).toEqual([]);
  expect(await invoked(callee, new Yield(1, {}))).toEqual(['call 3']);
  expect(bugs).toEqual([]);
});

test('BP-RPC-06: the last callee goes: what waits is canceled too; of several, the others serve it', async () => {
  const { caller, callees, other, invoked, call } = await busy(1, 'roundrobin', 2);
  await caller.exchange(call(1), call(2), call(3), call(4));
  other?.take();
  await callees[0]?.drop();
  expect(brief(caller.take())).toEqual([[8, 48, 1, 'wamp.error.canceled']]);
  expect(await invoked(other, new Yield(1, {}))).toEqual(['call 3']);
  caller.take();
  await other?.drop();
  expect(caller.take()).toEqual([
    [8, 48, 3, {}, 'wamp.error.canceled', [expect.any(String)]],
    [8, 48, 4, {}, 'wamp.error.canceled', [expect.any(String)]],
  ]);
});

test('SHR-03: when the last callee unregisters, its open call goes on and what waits is canceled', async () => {
  const { caller, callee, call } = await busy(1);
  await caller.exchange(call(1), call(2));
  const [[, , id]] = callee.received.filter(([code]) => code === 65) as [WireMessage];
  callee.take();
  expect(await callee.exchange(new Unregister(2, id as number))).toEqual([[67, 2]]);
  expect(brief(caller.take())).toEqual([[8, 48, 2, 'wamp.error.canceled']]);
  await callee.exchange(new Yield(1, {}));
  expect(brief(caller.take())).toEqual([[50, 1]]);
});

test('SHR-03: a session with open calls to itself that wait leaves: nothing remains', async () => {
  const { callee, caller, bugs, call } = await busy(1);
  await callee.exchange(call(2), call(3));
  await caller.exchange(call(1));
  await callee.drop();
  expect(brief(caller.take())).toEqual([[8, 48, 1, 'wamp.error.canceled']]);
  expect(bugs).toEqual([]);
});

test('LIM-01: the queue is bounded: one call more is refused, and the queue stays as it was', async () => {
  const { caller, callee, invoked, call } = await busy(1);
  const requests = Array.from({ length: 1 + 1024 + 1 }, (_, index) => index + 1);
  expect(await caller.exchange(...requests.map((request) => call(request)))).toEqual([
    [8, 48, 1026, {}, 'wamp.error.unavailable', [expect.any(String)]],
  ]);
  callee.take();
  expect(await invoked(callee, new Yield(1, {}))).toEqual(['call 2']);
  expect(brief(await caller.exchange(call(1027)))).toEqual([[50, 1]]);
});

test('BP-RPC-07: whatever happens to calls that wait, each is answered once, and no callee serves more than its concurrency', async () => {
  const act = fc.record({
    what: fc.constantFrom('call', 'call', 'call', 'yield', 'yield', 'cancel', 'come', 'go', 'leave', 'time'),
    who: fc.nat(3),
    pick: fc.nat(9),
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...policies), fc.array(act, { maxLength: 50 }), async (invoke, acts) => {
      const { attach, caller, callees, clock, bugs } = await setUp(4);
      const other = await ScriptedPeer.join(attach);
      const open = callees.map(() => new Set<number>());
      const made: number[] = [];
      let request = 0;
      const note = () => {
        for (const [index, callee] of callees.entries())
          for (const [code, id] of callee.take()) {
            if (code === 68) open[index]?.add(id as number);
            if (code === 69) open[index]?.delete(id as number);
          }
        for (const ids of open) expect(ids.size).toBeLessThanOrEqual(2);
      };
      for (const { what, who, pick } of acts) {
        const callee = callees[who] as ScriptedPeer;
        if (what === 'time') clock.advance(20);
        else if (what === 'leave' && pick === 0) await callee.drop();
        else if (what === 'leave' && pick === 1) await other.drop();
        else if (what === 'call') {
          made.push(++request);
          caller.send(new Call(request, pick < 3 ? { timeout: 10 + pick } : {}, 'a.b'));
          other.send(new Call(request, {}, 'a.b'));
        } else if (what === 'cancel') caller.send(new Cancel(request - pick || 1, { mode: 'killnowait' }));
        else if (callee.closed === null) {
          const [first] = open[who] as Set<number>;
          if (what === 'yield' && first !== undefined) {
            open[who]?.delete(first);
            callee.send(new Yield(first, {}));
          } else if (what === 'come') callee.send(new Register(++request, { invoke, concurrency: 2 }, 'a.b'));
          else if (what === 'go') {
            const [, , id] = callee.received.findLast(([code]) => code === 65) ?? [];
            if (id !== undefined) callee.send(new Unregister(++request, id as number));
          }
        }
        await caller.exchange();
        note();
      }
      for (const callee of callees) await callee.drop();
      const answered = caller.received
        .filter(([code, type]) => code === 50 || (code === 8 && type === 48))
        .map((answer) => (answer[0] === 50 ? answer[1] : answer[2]) as number);
      expect([...answered].sort((a, b) => a - b)).toEqual(made);
      expect(bugs).toEqual([]);
    }),
    { numRuns: 40 },
  );
});
