import { Abort, Call, Goodbye, Hello, Payload, Publish, Register, Subscribe } from '@wampkit/protocol';
import { allRoles, ScriptedPeer, turn } from '@wampkit/testkit';
import { describe, expect, test } from 'vitest';
import {
  type Actor,
  call,
  cancel,
  errs,
  interrupt,
  invocation,
  killOf,
  named,
  progress,
  type Row,
  refused,
  result,
  Stage,
  type Step,
  yields,
} from './stage.js';

const register = (options = {}): Step => ['callee', new Register(1, options, 'a.b')];
const others = (options = {}): Step => ['other', new Register(1, options, 'a.b')];
const kill = (victim: Actor, request?: number): Step => ['admin', killOf(victim, request)];
const killed = [6, {}, 'wamp.close.killed'];
const done = (request = 1000, ...args: unknown[]) => [50, request, {}, ...(args.length > 0 ? [args] : [])];
const noSuchSession = (request = 1000) => refused(request, 'no_such_session');
const leave = (actor: Actor): Step => [actor, new Goodbye({}, 'wamp.close.close_realm')];
const agree = (actor: Actor): Step => [actor, new Goodbye({}, 'wamp.close.goodbye_and_out')];
const subscribe = (actor: Actor, topic: string): Step => [actor, new Subscribe(90, {}, topic)];
const event = (details: object, ...args: unknown[]) => [
  36,
  expect.any(Number),
  expect.any(Number),
  details,
  args,
];
const meta = (procedure: string, request: number, ...args: unknown[]) =>
  new Call(request, {}, `wamp.session.${procedure}`, Payload.of(args));
const testament = (number: number, scope: string): Step => [
  'callee',
  new Call(number, {}, 'wamp.session.add_testament', Payload.of(['a.t', [number], {}], { scope })),
];

const rows: readonly Row[] = [
  /* the victim's calls */
  {
    name: 'SMETA-06, BP-RPC-06: of a callee behind a call, before its answer, which is ignored',
    steps: [['caller', call(1)], kill('callee'), ['callee', yields(1)], agree('callee')],
    caller: [refused(1, 'canceled')],
    callee: [invocation(1, 1), killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-04: of a callee behind its answer',
    steps: [['caller', call(1)], ['callee', yields(1)], kill('callee')],
    caller: [result(1)],
    callee: [invocation(1, 1), killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-03: of a callee before a call',
    steps: [kill('callee'), ['caller', call(1)]],
    caller: [refused(1, 'no_such_procedure')],
    callee: [killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-06, CAN-03: of a callee that is to end a call',
    steps: [['caller', call(1)], ['caller', cancel(1, 'kill')], kill('callee'), ['callee', errs(1)]],
    caller: [refused(1, 'canceled')],
    callee: [invocation(1, 1), interrupt(1, 'kill'), killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-06, SHR-03: of a callee for which calls wait',
    before: [register({ concurrency: 1 })],
    steps: [['caller', call(1)], ['caller', call(2)], kill('callee')],
    caller: [refused(1, 'canceled'), refused(2, 'canceled')],
    callee: [invocation(1, 1), killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-06, TMO-03: of a callee, whose call then has no time limit any more',
    steps: [['caller', call(1, { timeout: 1000 })], kill('callee'), 1500],
    caller: [refused(1, 'canceled')],
    callee: [invocation(1, 1), killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, PCI-07: of a callee between chunks',
    steps: [['caller', call(1, { progress: true })], kill('callee'), ['caller', call(1)]],
    caller: [refused(1, 'canceled')],
    callee: [invocation(1, 1, { progress: true }), killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-05: of a caller behind its call',
    steps: [['caller', call(1)], kill('caller'), ['callee', progress(1)], ['callee', yields(1)]],
    caller: [killed],
    callee: [invocation(1, 1), interrupt(1), interrupt(1)],
    admin: [done()],
  },
  {
    name: 'SMETA-06: of a caller before its call and its CANCEL, which are ignored',
    steps: [kill('caller'), ['caller', call(1)], ['caller', cancel(1)]],
    caller: [killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-05, SHR-03: of a caller with one call served and one that waits',
    before: [register({ concurrency: 1 })],
    steps: [['caller', call(1)], ['caller', call(2)], kill('caller'), ['callee', yields(1)]],
    caller: [killed],
    callee: [invocation(1, 1), interrupt(1)],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-RPC-05, SHR-03: of a caller for which another one waits',
    before: [register({ concurrency: 1 })],
    steps: [['caller', call(1)], ['other', call(2)], kill('caller'), ['callee', yields(2)]],
    caller: [killed],
    callee: [invocation(1, 1), interrupt(1), invocation(2, 2)],
    other: [result(2)],
    admin: [done()],
  },
  {
    name: 'SMETA-06: of a session with a call of its own procedure: nothing follows GOODBYE',
    steps: [['callee', call(2)], kill('callee'), ['callee', yields(1)]],
    callee: [invocation(1, 2), killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, RER-02: of the callee to which a call was passed on',
    before: [register({ invoke: 'last' }), others({ invoke: 'last' })],
    steps: [['caller', call(1)], ['other', errs(1, 'wamp.error.unavailable')], kill('callee')],
    caller: [refused(1, 'canceled')],
    callee: [invocation(1, 1), killed],
    other: [invocation(1, 1)],
    admin: [done()],
  },

  /* other ways to go */
  {
    name: 'SMETA-06, BP-SESS-06: behind the GOODBYE of its victim',
    steps: [leave('callee'), kill('callee')],
    callee: [[6, {}, 'wamp.close.goodbye_and_out']],
    admin: [noSuchSession()],
  },
  {
    name: 'SMETA-06, BP-SESS-06: before the GOODBYE of its victim, which counts as the answer',
    steps: [kill('callee'), leave('callee')],
    callee: [killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06, BP-SESS-06: before the ABORT of its victim, and before its transport goes',
    steps: [
      kill('callee'),
      ['callee', new Abort({}, 'com.example.enough')],
      kill('other'),
      ['other', 'drop'],
    ],
    callee: [killed],
    other: [killed],
    admin: [done(), done()],
  },
  {
    name: 'SMETA-06: a second one behind the first',
    steps: [kill('callee', 1), kill('callee', 2)],
    callee: [killed],
    admin: [done(1), noSuchSession(2)],
  },
  {
    name: 'SMETA-06: two that kill each other: the second is gone when it would',
    steps: [kill('other'), ['other', killOf('admin')]],
    other: [killed],
    admin: [done()],
  },
  {
    name: 'SMETA-06: of itself, and nothing happens',
    steps: [kill('admin')],
    admin: [noSuchSession()],
  },
  {
    name: 'SMETA-06, BP-SESS-06: a victim that does not answer is closed when the time is up',
    steps: [kill('callee'), ['callee', new Publish(5, {}, 'a.t')], 2000],
    callee: [killed],
    admin: [done()],
  },

  /* events and testaments */
  {
    name: 'SMETA-06, BP-PS-09: before an event and behind one',
    before: [subscribe('callee', 'a.t')],
    steps: [['caller', new Publish(1, {}, 'a.t')], kill('callee'), ['caller', new Publish(2, {}, 'a.t')]],
    callee: [[36, expect.any(Number), expect.any(Number), {}], killed],
    admin: [done()],
  },
  {
    name: 'TEST-03, TEST-04: publishes its testaments, detached before destroyed, before it is answered',
    before: [subscribe('admin', 'a.t'), testament(11, 'destroyed'), testament(12, 'detached')],
    steps: [kill('callee')],
    callee: [killed],
    admin: [event({}, 12), event({}, 11), done()],
  },
  {
    name: 'TEST-04: behind GOODBYE there are no testaments left to publish',
    before: [subscribe('admin', 'a.t'), testament(11, 'destroyed')],
    steps: [leave('callee'), kill('callee')],
    callee: [[6, {}, 'wamp.close.goodbye_and_out']],
    admin: [event({}, 11), noSuchSession()],
  },
  {
    name: 'SMETA-03: on_leave is told once, and before the killer is answered',
    before: [subscribe('admin', 'wamp.session.on_leave')],
    steps: [kill('callee'), agree('callee'), kill('callee')],
    callee: [killed],
    admin: [event({}, expect.any(Number), expect.any(String), 'anonymous'), done(), noSuchSession()],
  },

  /* many at once */
  {
    name: 'SMETA-07, BP-RPC-06: kill_all while they call each other: nothing follows GOODBYE',
    before: [['caller', new Register(1, {}, 'c.d')], subscribe('admin', 'wamp.session.on_leave')],
    steps: [
      ['caller', call(2)],
      ['callee', new Call(3, {}, 'c.d')],
      ['admin', meta('kill_all', 1)],
      ['callee', yields(1)],
    ],
    caller: [[68, 1, expect.any(Number), {}], killed],
    callee: [invocation(1, 2), interrupt(1), refused(3, 'canceled'), killed],
    other: [killed],
    admin: [done(1, 3)],
  },
  {
    name: 'SMETA-08, TEST-04: kill_all publishes no testaments, and tells of no session',
    before: [
      subscribe('admin', 'a.t'),
      subscribe('admin', 'wamp.session.on_leave'),
      testament(11, 'destroyed'),
    ],
    steps: [['admin', meta('kill_all', 1)], agree('callee'), agree('caller'), agree('other')],
    caller: [killed],
    callee: [killed],
    other: [killed],
    admin: [done(1, 3)],
  },
  {
    name: 'SMETA-07: kill_by_authrole behind a kill counts whom it ends itself',
    steps: [kill('callee'), ['admin', meta('kill_by_authrole', 1, 'anonymous')]],
    caller: [killed],
    callee: [killed],
    other: [killed],
    admin: [done(), done(1, 2)],
  },
];

describe('a kill crosses', () => {
  test.each(named(rows))('%s', async (_, row) => {
    const stage = await Stage.open();
    const isSet = row.name.includes('SHR-03') || row.name.includes('RER-02');
    await stage.play({ ...row, before: [...(isSet ? [] : [register()]), ...(row.before ?? [])] });
  });

  test('SMETA-06, AUTH-06: a handshake is no session yet: its id is not found, and it goes on', async () => {
    let accept = (): void => {};
    let id = 0;
    const authenticator = {
      method: 'slow',
      start: ({ session }: { session: number }) => {
        id = session;
        return new Promise<{ type: 'accept'; authid: string; authrole: string }>((resolve) => {
          accept = () => resolve({ type: 'accept', authid: 'joe', authrole: 'anonymous' });
        });
      },
    };
    const anonymous = {
      method: 'anonymous',
      start: () => ({ type: 'accept', authid: 'ann', authrole: 'anonymous' }) as const,
    };
    const permissions = [
      { uri: '', match: 'prefix', allow: ['call', 'register', 'publish', 'subscribe'] },
    ] as const;
    const stage = await Stage.open({
      realm: { authenticators: [anonymous, authenticator], roles: [{ name: 'anonymous', permissions }] },
    });
    const late = new ScriptedPeer();
    stage.router.attach(late.far);
    await late.exchange(new Hello('realm1', { roles: allRoles, authmethods: ['slow'] }));
    const { admin } = stage.peers;
    expect(await admin.exchange(meta('kill', 1, id))).toEqual([noSuchSession(1)]);
    expect(await admin.exchange(meta('kill_all', 2))).toEqual([done(2, 3)]);
    accept();
    await turn();
    expect(late.take()).toEqual([[2, id, expect.any(Object)]]);
    expect(await admin.exchange(meta('kill', 3, id))).toEqual([done(3)]);
    expect(late.take()).toEqual([killed]);
    await late.drop();
    await stage.expectNothingLeft();
  });
});
