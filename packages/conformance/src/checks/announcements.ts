import { type Check, type CheckContext, must } from '../check.js';
import { isDict } from '../connection.js';
import { Code } from '../message-code.js';
import { equal, ok } from '../outcome.js';
import { allRoles, type Dict, type Session } from '../session.js';

/** Whether a feature works, seen from outside. */
type Probe = (t: CheckContext) => Promise<boolean>;

/* A RESULT, whatever it holds; ERROR says that it is not there. */
async function answers(t: CheckContext, procedure: string, ...args: unknown[]): Promise<boolean> {
  const session = await t.join();
  const call = session.call(procedure, args);
  const isAnswer = ([code, first, second]: readonly unknown[]) =>
    (code === Code.RESULT && first === call) || (code === Code.ERROR && second === call);
  return (await session.connection.takeAny(isAnswer, 'RESULT or ERROR'))[0] === Code.RESULT;
}

/* INVOCATION.Details of a call with these options. */
async function invoked(t: CheckContext, call: Dict, register: Dict = {}): Promise<Dict> {
  const roles = {
    caller: { features: { ...allRoles.caller?.features, progressive_call_invocations: true } },
    callee: {
      features: { ...allRoles.callee?.features, call_timeout: true, progressive_call_invocations: true },
    },
    publisher: {},
  };
  const callee = await t.join({ details: { roles } });
  await callee.register(t.uri(), register);
  const caller = await t.join({ details: { roles } });
  caller.request(Code.CALL, call, t.uri());
  return (await callee.invocation()).details;
}

/* Whether the second of two REGISTERs, or SUBSCRIBEs with `match`, has an effect of its own. */
async function sharesRegistration(t: CheckContext): Promise<boolean> {
  await (await t.join()).register(t.uri(), { invoke: 'roundrobin' });
  const other = await t.join();
  const request = other.request(Code.REGISTER, { invoke: 'roundrobin' }, t.uri());
  const isAnswer = ([code, first, second]: readonly unknown[]) =>
    (code === Code.REGISTERED && first === request) || (code === Code.ERROR && second === request);
  return (await other.connection.takeAny(isAnswer, 'REGISTERED or ERROR'))[0] === Code.REGISTERED;
}

/* EVENTs that a subscriber gets of one publication. */
async function received(
  t: CheckContext,
  publish: (subscriber: Session) => Dict,
  subscribe: Dict = {},
): Promise<readonly (readonly unknown[])[]> {
  const subscriber = await t.join();
  await subscriber.subscribe(t.uri(), subscribe);
  await (await t.join()).publishAcknowledged(t.uri(), publish(subscriber));
  await subscriber.publishAcknowledged(t.uri('nobody'));
  return subscriber.connection.untaken.map(({ message }) => message);
}

const detail = (message: readonly unknown[] | undefined, name: string): unknown =>
  isDict(message?.[3]) ? message[3][name] : undefined;

const probes: readonly [id: string, role: 'broker' | 'dealer', feature: string, works: Probe][] = [
  [
    'CID-01',
    'dealer',
    'caller_identification',
    async (t) => (await invoked(t, { disclose_me: true })).caller !== undefined,
  ],
  [
    'PCR-01',
    'dealer',
    'progressive_call_results',
    async (t) => (await invoked(t, { receive_progress: true })).receive_progress === true,
  ],
  [
    'PCI-01',
    'dealer',
    'progressive_call_invocations',
    async (t) => (await invoked(t, { progress: true })).progress === true,
  ],
  [
    'TMO-02',
    'dealer',
    'call_timeout',
    async (t) => (await invoked(t, { timeout: 60_000 }, { forward_timeout: true })).timeout === 60_000,
  ],
  ['SHR-01', 'dealer', 'shared_registration', sharesRegistration],
  ['RMETA-01', 'dealer', 'registration_meta_api', (t) => answers(t, 'wamp.registration.list')],
  ['UMETA-01', 'broker', 'subscription_meta_api', (t) => answers(t, 'wamp.subscription.list')],
  ['TEST-01', 'dealer', 'testament_meta_api', (t) => answers(t, 'wamp.session.flush_testaments')],
  [
    'BWL-01',
    'broker',
    'subscriber_blackwhite_listing',
    async (t) => (await received(t, ({ id }) => ({ exclude: [id] }))).length === 0,
  ],
  [
    'PID-01',
    'broker',
    'publisher_identification',
    async (t) => detail((await received(t, () => ({ disclose_me: true })))[0], 'publisher') !== undefined,
  ],
  [
    'RET-01',
    'broker',
    'event_retention',
    async (t) => {
      await (await t.join()).publishAcknowledged(t.uri(), { retain: true }, [1]);
      const events = await received(t, () => ({ eligible: [] }), { get_retained: true });
      return detail(events[0], 'retained') === true;
    },
  ],
];

/** Announcements: what works is announced, and what is not announced has no effect. */
export const announcements: readonly Check[] = [
  ...probes.map(([id, role, feature, works]) =>
    must(id, `a ${role} that does it announces ${feature}`, async (t) => {
      if (!(await works(t))) return;
      ok((await t.join()).announces(role, feature), `${feature} works and is not announced`);
    }),
  ),
  must(
    'SHD-01',
    'where sharded_registration is not announced, runmode and rkey have no effect',
    async (t) => {
      const caller = await t.join();
      if (caller.announces('dealer', 'sharded_registration')) return;
      const callee = await t.join();
      await callee.register(t.uri());
      const call = caller.request(Code.CALL, { runmode: 'partition', rkey: 'a' }, t.uri());
      const { request, details } = await callee.invocation();
      equal([details.runmode, details.rkey], [undefined, undefined], 'INVOCATION.Details');
      callee.yield(request, [1]);
      equal((await caller.result(call))[3], [1], 'Arguments of RESULT');
    },
  ),
  must(
    'SSUB-01',
    'where sharded subscriptions are not announced, rkey and nkey have no effect',
    async (t) => {
      const one = await t.join();
      if (['shareded_subscriptions', 'sharded_subscriptions'].some((name) => one.announces('broker', name)))
        return;
      const other = await t.join();
      const subscription = await one.subscribe(t.uri(), { nkey: 'a' });
      equal(await other.subscribe(t.uri(), { nkey: 'b' }), subscription, 'Subscription');
      await (await t.join()).publishAcknowledged(t.uri(), { rkey: 'a' });
      for (const subscriber of [one, other]) {
        const { details } = await subscriber.event();
        equal([details.rkey, details.nkey], [undefined, undefined], 'EVENT.Details');
      }
    },
  ),
];
