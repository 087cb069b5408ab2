import { type Check, type CheckResult, checks, runCheck, whyNot } from '@wampkit/conformance';
import {
  Abort,
  Call,
  Cancel,
  ErrorMessage,
  Event,
  emptyDict,
  Goodbye,
  Interrupt,
  Invocation,
  isDict,
  type Message,
  Payload,
  type Peer,
  Publish,
  Published,
  Register,
  Result,
  type SharedMessage,
  Subscribe,
  Unregistered,
  Welcome,
  Yield,
} from '@wampkit/protocol';
import { anonymousAuthenticator, Router } from '@wampkit/router';
import { createListener } from '@wampkit/transport';
import { describe, expect, test } from 'vitest';
import { serializers } from '../src/start-router.js';
import { authenticatedRealm, credentials } from './authenticated-realm.js';
import { authenticationSicknesses } from './authentication-sicknesses.js';
import { authorizationSicknesses } from './authorization-sicknesses.js';
import { passthruSicknesses } from './passthru-sicknesses.js';
import type { Sickness, Tamper } from './sickness.js';

const keep: Tamper = (message) => [message];

/* Every second event is held back until the next one has passed. */
function swapEvents(): Tamper {
  let held: Message | null = null;
  return (message) => {
    if (!(message instanceof Event)) return [message];
    const passed = held === null ? [] : [message, held];
    held = held === null ? message : null;
    return passed;
  };
}

const sicknesses: readonly Sickness[] = [
  ...passthruSicknesses,
  ...authorizationSicknesses,
  ...authenticationSicknesses,
  {
    name: 'sends each event twice',
    sends: () => (m) => (m instanceof Event ? [m, m] : [m]),
    fails: ['BP-PS-01', 'BP-PS-07', 'PSUB-02', 'BWL-03'],
  },
  { name: 'swaps events', sends: swapEvents, fails: ['BP-ORD-01'] },
  {
    name: 'gives each event a publication id of its own',
    sends: () => (m) =>
      m instanceof Event
        ? [new Event(m.subscription, Math.floor(Math.random() * 2 ** 50) + 1, m.details, m.payload)]
        : [m],
    fails: ['BP-PS-05', 'PSUB-02', 'PEX-01'],
  },
  {
    name: 'forgets the Details of events',
    sends: () => (m) =>
      m instanceof Event ? [new Event(m.subscription, m.publication, emptyDict, m.payload)] : [m],
    fails: ['PSUB-03', 'PID-02'],
  },
  {
    name: 'tells every publisher',
    sends: () => (m) =>
      m instanceof Event
        ? [new Event(m.subscription, m.publication, { ...m.details, publisher: 1 }, m.payload)]
        : [m],
    fails: ['PID-02', 'PID-03'],
  },
  {
    name: 'forgets the Details of invocations',
    sends: () => (m) =>
      m instanceof Invocation ? [new Invocation(m.request, m.registration, emptyDict, m.payload)] : [m],
    fails: ['PREG-06', 'CID-02', 'PCR-03'],
  },
  {
    name: 'tells every caller',
    sends: () => (m) =>
      m instanceof Invocation
        ? [new Invocation(m.request, m.registration, { ...m.details, caller: 1 }, m.payload)]
        : [m],
    fails: ['CID-02', 'CID-05'],
  },
  {
    name: 'counts invocations from 101',
    sends: () => (m) =>
      m instanceof Invocation ? [new Invocation(m.request + 100, m.registration, m.details, m.payload)] : [m],
    receives: () => (m) =>
      m instanceof Yield ? [new Yield(Math.max(1, m.request - 100), m.options, m.payload)] : [m],
    fails: ['BP-ID-05'],
  },
  {
    name: 'loses the payload of results',
    sends: () => (m) => (m instanceof Result ? [new Result(m.request, m.details)] : [m]),
    fails: ['BP-RPC-04', 'BP-MSG-01', 'BP-SER-04', 'CAN-03', 'PCR-04'],
  },
  {
    name: 'makes every result final',
    sends: () => (m) => (m instanceof Result ? [new Result(m.request, emptyDict, m.payload)] : [m]),
    fails: ['PCR-04'],
  },
  {
    name: 'never interrupts',
    sends: () => (m) => (m instanceof Interrupt ? [] : [m]),
    fails: ['CAN-03', 'CAN-04', 'BP-RPC-05', 'PCR-06'],
  },
  {
    name: 'always interrupts with kill',
    sends: () => (m) => (m instanceof Interrupt ? [new Interrupt(m.request, { mode: 'kill' })] : [m]),
    fails: ['CAN-04', 'BP-RPC-05', 'PCR-06'],
  },
  {
    name: 'takes every CANCEL for kill',
    receives: () => (m) => (m instanceof Cancel ? [new Cancel(m.request, { mode: 'kill' })] : [m]),
    fails: ['CAN-02', 'CAN-04', 'CAN-06'],
  },
  {
    name: 'ignores CANCEL',
    receives: () => (m) => (m instanceof Cancel ? [] : [m]),
    fails: ['CAN-02', 'CAN-03', 'CAN-04', 'CAN-05', 'CAN-06'],
  },
  {
    name: 'says nothing of violations',
    sends: () => (m) => (m instanceof Abort ? [] : [m]),
    fails: ['BP-PERR-02', 'BP-PERR-03', 'BP-PERR-04', 'BP-PERR-05', 'BP-PERR-06', 'BP-SER-05', 'BP-ID-01'],
  },
  {
    name: 'gives another reason for violations',
    sends: () => (m) => (m instanceof Abort ? [new Abort(m.details, 'wamp.error.canceled')] : [m]),
    fails: ['BP-PERR-02', 'BP-PERR-05', 'BP-SER-03', 'BP-SESS-04', 'BP-URI-06'],
  },
  {
    name: 'answers errors for the wrong type of request',
    sends: () => (m) =>
      m instanceof ErrorMessage ? [new ErrorMessage(16, m.request, m.details, m.error, m.payload)] : [m],
    fails: ['BP-PS-03', 'BP-RPC-01', 'BP-RPC-02', 'BP-RPC-03', 'BP-RPC-06', 'BP-URI-02', 'BP-URI-05'],
  },
  {
    name: 'gives every error one URI',
    sends: () => (m) =>
      m instanceof ErrorMessage
        ? [new ErrorMessage(m.requestType, m.request, m.details, 'a.b', m.payload)]
        : [m],
    fails: ['BP-PS-03', 'BP-RPC-01', 'BP-RPC-02', 'BP-RPC-03', 'BP-RPC-06', 'BP-URI-02', 'CAN-02', 'PREG-07'],
  },
  {
    name: 'says goodbye with the wrong reason',
    sends: () => (m) => (m instanceof Goodbye ? [new Goodbye(m.details, 'wamp.close.normal')] : [m]),
    fails: ['BP-SESS-06'],
  },
  {
    name: 'has small session ids',
    sends: () => (m) => (m instanceof Welcome ? [new Welcome((m.session % 100_000) + 1, m.details)] : [m]),
    fails: ['BP-ID-02'],
  },
  {
    name: 'has small publication ids',
    sends: () => (m) =>
      m instanceof Published ? [new Published(m.request, (m.publication % 1000) + 1)] : [m],
    fails: ['BP-ID-02', 'BP-PS-05'],
  },
  {
    name: 'acknowledges every publication',
    receives: () => (m) =>
      m instanceof Publish
        ? [new Publish(m.request, { ...m.options, acknowledge: true }, m.topic, m.payload)]
        : [m],
    fails: ['BP-PS-04', 'BP-URI-06'],
  },
  {
    name: 'ignores the options of PUBLISH but acknowledge',
    receives: () => (m) =>
      m instanceof Publish
        ? [new Publish(m.request, { acknowledge: m.options.acknowledge === true }, m.topic, m.payload)]
        : [m],
    fails: ['PEX-01', 'BWL-02', 'BWL-03', 'BWL-04', 'BWL-05', 'PID-02'],
  },
  {
    name: 'sends publishers their own events',
    receives: () => (m) =>
      m instanceof Publish
        ? [new Publish(m.request, { ...m.options, exclude_me: false }, m.topic, m.payload)]
        : [m],
    fails: ['BP-PS-06', 'PEX-01', 'BWL-05'],
  },
  {
    name: 'subscribes exactly, whatever match is asked for',
    receives: () => (m) => (m instanceof Subscribe ? [new Subscribe(m.request, emptyDict, m.topic)] : [m]),
    fails: ['PSUB-01', 'PSUB-02', 'PSUB-03', 'BP-URI-03'],
  },
  {
    name: 'takes wildcards for prefixes',
    receives: () => (m) =>
      m instanceof Register && m.options.match === 'wildcard'
        ? [new Register(m.request, { match: 'prefix' }, m.procedure.replace(/\.\..*/, '.'))]
        : [m],
    fails: ['PREG-03', 'PREG-04', 'PREG-05', 'PREG-07'],
  },
  {
    name: 'announces no feature',
    sends: () => (m) =>
      m instanceof Welcome ? [new Welcome(m.session, { roles: { broker: {}, dealer: {} } })] : [m],
    fails: [
      ...['CID-01', 'PCR-01', 'PCI-01', 'TMO-02', 'SHR-01', 'RMETA-01', 'UMETA-01', 'TEST-01'],
      ...['BWL-01', 'PID-01', 'RET-01', 'RER-01', 'PPT-01'],
    ],
  },
  {
    name: 'takes unavailable for any other error',
    receives: () => (m) =>
      m instanceof ErrorMessage && m.error === 'wamp.error.unavailable'
        ? [new ErrorMessage(m.requestType, m.request, m.details, 'a.b', m.payload)]
        : [m],
    fails: ['RER-01', 'RER-02', 'RER-03'],
  },
  {
    name: 'takes a timeout of the callee for a cancellation',
    receives: () => (m) =>
      m instanceof ErrorMessage && m.error === 'wamp.error.timeout'
        ? [new ErrorMessage(m.requestType, m.request, m.details, 'wamp.error.canceled', m.payload)]
        : [m],
    fails: ['TMO-05'],
  },
  {
    name: 'tells no callee of a revocation',
    sends: () => (m) => (m instanceof Unregistered && m.request === 0 ? [] : [m]),
    fails: ['RREV-02'],
  },
  {
    name: 'takes nothing away by remove_callee',
    receives: () => (m) => renamed(m, 'wamp.registration.remove_callee', 'wamp.session.count'),
    fails: ['RREV-02', 'RREV-03'],
  },
  {
    name: 'forgets definitions',
    receives: () => (m) => renamed(m, 'wamp.reflect.define', 'wamp.session.count'),
    fails: ['REFL-01'],
  },
  {
    name: 'tells the details of a registration without its policies',
    sends: () => (m) => {
      const [details] = m instanceof Result && m.payload.serializer === null ? m.payload.args() : [];
      if (!(m instanceof Result) || !isDict(details) || !('invoke' in details)) return [m];
      const { invoke: _, ...others } = details;
      return [new Result(m.request, m.details, Payload.of([others]))];
    },
    fails: ['RMETA-03'],
  },
  {
    name: 'has one scope of testaments',
    receives: () => (m) =>
      m instanceof Call && m.procedure === 'wamp.session.add_testament'
        ? [new Call(m.request, m.options, m.procedure, Payload.of(m.payload.retain().args()))]
        : [m],
    fails: ['TEST-03', 'TEST-04'],
  },
  {
    name: 'takes each chunk for a call',
    receives: () => (m) => {
      if (!(m instanceof Call)) return [m];
      const { progress: _, ...options } = m.options;
      return [new Call(m.request, options, m.procedure, m.payload)];
    },
    fails: ['PCI-04', 'PCI-05', 'PCI-11'],
  },
  {
    name: 'lets a callee have as many calls as come',
    receives: () => (m) => {
      if (!(m instanceof Register)) return [m];
      const { concurrency: _, ...options } = m.options;
      return [new Register(m.request, options, m.procedure)];
    },
    fails: ['SHR-03'],
  },
  {
    name: 'sends what has an rkey to nobody',
    receives: () => (m) =>
      m instanceof Call && m.options.rkey !== undefined
        ? []
        : m instanceof Publish && m.options.rkey !== undefined
          ? [new Publish(m.request, { ...m.options, eligible: [] }, m.topic, m.payload)]
          : [m],
    fails: ['SHD-01', 'SSUB-01'],
  },
];

/* A CALL of one procedure as a call of another. */
function renamed(m: Message, procedure: string, other: string): readonly Message[] {
  return m instanceof Call && m.procedure === procedure ? [new Call(m.request, m.options, other)] : [m];
}

function tampered(peer: Peer, sickness: Sickness): Peer {
  const sends = sickness.sends?.() ?? keep;
  const receives = sickness.receives?.() ?? keep;
  const send = (message: Message) => {
    let error: ReturnType<Peer['send']> = null;
    for (const part of sends(message)) error = peer.send(part) ?? error;
    return error;
  };
  const sendShared = (shared: SharedMessage) => send(shared.message);
  return new Proxy(peer, {
    get(target, key) {
      if (key === 'send') return send;
      if (key === 'sendShared') return sendShared;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, key, value) {
      const handler = value as Peer['onMessage'];
      if (key !== 'onMessage' || handler === null) return Reflect.set(target, key, value, target);
      target.onMessage = (message) => {
        for (const part of receives(message)) handler(part);
      };
      return true;
    },
  });
}

async function outcomesOf(
  sickness: Sickness,
  chosen: readonly Check[],
  timeout: number,
): Promise<readonly CheckResult[]> {
  const { role, realm } = sickness;
  const access =
    role === undefined
      ? {}
      : { roles: [role], authenticators: [anonymousAuthenticator({ role: role.name })] };
  const router = new Router({ realms: [{ ...(realm ?? access), name: 'realm1' }] });
  const listener = createListener({
    bind: '127.0.0.1:0',
    serializers: Object.values(serializers),
    onPeer: (peer) => router.attach(tampered(peer, sickness)),
  });
  await listener.listen();
  const url = `ws://${listener.address}/ws`;
  const target = {
    url,
    realm: 'realm1',
    serializer: 'json',
    timeout,
    ...(realm && { credentials }),
  } as const;
  const results: CheckResult[] = [];
  try {
    for (const check of chosen) results.push(await runCheck(check, target));
  } finally {
    await router.close();
    await listener.close();
  }
  return results;
}

const applicable = checks.filter((check) => whyNot(check, 'websocket', 'json') === null);

/* The checks are worth what they find: each requirement named here must have a check that fails. */
describe.each(sicknesses)('a router that $name', (sickness) => {
  test.each(sickness.fails)('fails %s', async (id) => {
    const results = await outcomesOf(
      sickness,
      applicable.filter((check) => check.id === id),
      200,
    );
    expect(results.map(({ outcome }) => outcome)).toContain('failed');
  });
});

test.each([
  ['open', undefined],
  ['authenticated', authenticatedRealm],
] as const)(
  'a router that does nothing wrong fails none of these in a realm that is %s',
  async (_, realm) => {
    const alike = sicknesses.filter((sickness) => (sickness.realm === undefined) === (realm === undefined));
    const named = new Set(alike.flatMap(({ fails }) => fails));
    const results = await outcomesOf(
      { name: 'healthy', fails: [], ...(realm && { realm }) },
      applicable.filter(({ id }) => named.has(id)),
      5000,
    );
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  },
  60_000,
);
