import { type Check, type CheckContext, must } from '../check.js';
import type { SerializerName } from '../codec.js';
import { Code } from '../message-code.js';
import { CheckFailure, equal, skip } from '../outcome.js';
import type { Dict, Session } from '../session.js';

const lacking: Dict = {
  call_canceling: true,
  progressive_call_invocations: true,
  progressive_call_results: true,
  shared_registration: true,
};
const able: Dict = { ...lacking, payload_passthru_mode: true };
type Role = 'caller' | 'callee' | 'publisher' | 'subscriber';

/** What is said of a payload: values that no router knows, as none may look. */
const passthru: Dict = {
  ppt_scheme: 'x_conformance',
  ppt_serializer: 'x_none',
  ppt_cipher: 'x_none',
  ppt_keyid: 'key 1',
};
/** Bytes that are no value of any serializer. */
const bytes = Uint8Array.from([0xc1, 0x00, 0xff, 0x22, 0x5c, 0x1f]);

function rolesWithout(role: Role | null): Dict {
  const roles = ['caller', 'callee', 'publisher', 'subscriber'].map((one) => [
    one,
    { features: one === role ? lacking : able },
  ]);
  return Object.fromEntries(roles);
}

async function join(
  t: CheckContext,
  without: Role | null = null,
  serializer?: SerializerName,
): Promise<Session> {
  const role = without === 'publisher' || without === 'subscriber' ? 'broker' : 'dealer';
  await t.joinWith(role, 'payload_passthru_mode');
  return t.join({ details: { roles: rolesWithout(without) }, ...(serializer && { serializer }) });
}

async function pair(
  t: CheckContext,
  without: Role | null = null,
): Promise<{ caller: Session; callee: Session }> {
  const [caller, callee] = [
    await join(t, without === 'caller' ? without : null),
    await join(t, without === 'callee' ? without : null),
  ];
  await callee.register(t.uri());
  return { caller, callee };
}

function call(t: CheckContext, caller: Session, options: Dict = {}): number {
  return caller.request(Code.CALL, { ...passthru, ...options }, t.uri(), [bytes]);
}

/* Which attributes a dict has, and nothing else of it. */
function attributesOf(dict: unknown): unknown {
  const entries = Object.entries(dict as Dict).filter(([key]) => key.startsWith('ppt_'));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const sorted = attributesOf(passthru);

async function orSkip<T>(what: Promise<T>): Promise<T> {
  return what.catch((error: unknown) => {
    if (error instanceof CheckFailure && /^no (WebSocket|RawSocket)/.test(error.message)) skip(error.message);
    throw error;
  });
}

/* Whether an event tells how its payload is passed through. */
async function hasEffect(t: CheckContext): Promise<boolean> {
  const joined = () => t.join({ details: { roles: rolesWithout(null) } });
  const [publisher, subscriber] = [await joined(), await joined()];
  await subscriber.subscribe(t.uri());
  const acknowledged = publisher.publishAcknowledged(t.uri(), passthru, [bytes]);
  // a router that does not know it ends the session (PPT-03)
  if (!(await acknowledged.then(Boolean, () => false))) return false;
  await subscriber.publishAcknowledged(t.uri('nobody'));
  return subscriber.connection.untaken.some(
    ({ message }) => (message[3] as Dict).ppt_scheme === passthru.ppt_scheme,
  );
}

const others: readonly SerializerName[] = ['json', 'msgpack', 'cbor'];

/** Payload passthru mode: requirements PPT. */
export const payloadPassthru: readonly Check[] = [
  must('PPT-01', 'a router that does it announces it, for broker and dealer', async (t) => {
    if (!(await hasEffect(t))) return;
    const session = await t.join();
    const announced = [
      session.announces('broker', 'payload_passthru_mode'),
      session.announces('dealer', 'payload_passthru_mode'),
    ];
    equal(announced, [true, true], 'payload_passthru_mode of broker and dealer');
  }),
  must('PPT-02', 'the attributes of CALL and YIELD arrive with the payload', async (t) => {
    const { caller, callee } = await pair(t);
    const request = call(t, caller);
    const invocation = await callee.invocation();
    equal(attributesOf(invocation.details), sorted, 'attributes in INVOCATION.Details');
    equal(invocation.message.slice(4), [[bytes]], 'the payload of INVOCATION');
    const answer = { ...passthru, ppt_keyid: 'key 2' };
    callee.send([Code.YIELD, invocation.request, answer, [bytes]]);
    const result = await caller.result(request);
    equal(attributesOf(result[2]), attributesOf(answer), 'attributes in RESULT.Details');
    equal(result.slice(3), [[bytes]], 'the payload of RESULT');
  }),
  must('PPT-02', 'the attributes of ERROR arrive with the payload', async (t) => {
    const { caller, callee } = await pair(t);
    const request = call(t, caller);
    const invocation = await callee.invocation();
    callee.send([Code.ERROR, Code.INVOCATION, invocation.request, passthru, t.uri('error'), [bytes]]);
    const error = await caller.error(Code.CALL, request, t.uri('error'));
    equal(attributesOf(error[3]), sorted, 'attributes in ERROR.Details');
    equal(error.slice(5), [[bytes]], 'the payload of ERROR');
  }),
  must('PPT-02', 'the attributes of PUBLISH arrive with the payload', async (t) => {
    const [publisher, subscriber] = [await join(t, null), await join(t, null)];
    await subscriber.subscribe(t.uri());
    await publisher.publishAcknowledged(t.uri(), passthru, [bytes]);
    const { details, message } = await subscriber.event();
    equal(attributesOf(details), sorted, 'attributes in EVENT.Details');
    equal(message.slice(4), [[bytes]], 'the payload of EVENT');
  }),
  must('PPT-02', 'an empty ppt_scheme is an ordinary payload', async (t) => {
    await t.joinWith('dealer', 'payload_passthru_mode');
    const caller = await t.join({ details: { roles: { caller: {}, callee: {}, publisher: {} } } });
    await caller.register(t.uri());
    caller.request(Code.CALL, { ppt_scheme: '' }, t.uri(), ['plain']);
    equal((await caller.invocation()).message.slice(4), [['plain']], 'the payload of INVOCATION');
  }),
  must('PPT-03', 'CALL of a caller that did not announce it is a protocol violation', async (t) => {
    const { caller, callee } = await pair(t, 'caller');
    call(t, caller);
    await caller.connection.violation();
    await callee.nothingElse('at the callee');
  }),
  must('PPT-03', 'PUBLISH of a publisher that did not announce it is a protocol violation', async (t) => {
    const [publisher, subscriber] = [await join(t, 'publisher'), await join(t, null)];
    await subscriber.subscribe(t.uri());
    publisher.request(Code.PUBLISH, passthru, t.uri(), [bytes]);
    await publisher.connection.violation();
    await subscriber.nothingElse('at the subscriber');
  }),
  must('PPT-03', 'YIELD of a callee that did not announce it is a protocol violation', async (t) => {
    const { caller, callee } = await pair(t, 'callee');
    const request = caller.call(t.uri());
    callee.send([Code.YIELD, (await callee.invocation()).request, passthru, [bytes]]);
    await callee.connection.violation();
    await caller.error(Code.CALL, request);
  }),
  must('PPT-04', 'a call to a callee that lacks it gives feature_not_supported', async (t) => {
    const { caller, callee } = await pair(t, 'callee');
    await caller.error(Code.CALL, call(t, caller), 'wamp.error.feature_not_supported');
    await callee.nothingElse('at the callee');
  }),
  must('PPT-04', 'a result for a caller that lacks it gives the caller feature_not_supported', async (t) => {
    const { caller, callee } = await pair(t, 'caller');
    const request = caller.call(t.uri());
    callee.send([Code.YIELD, (await callee.invocation()).request, passthru, [bytes]]);
    await caller.error(Code.CALL, request, 'wamp.error.feature_not_supported');
    await caller.nothingElse('at the caller');
  }),
  must('PPT-04', 'a progressive result for a caller that lacks it interrupts the callee too', async (t) => {
    const { caller, callee } = await pair(t, 'caller');
    const request = caller.request(Code.CALL, { receive_progress: true }, t.uri());
    const { request: invocation } = await callee.invocation();
    callee.send([Code.YIELD, invocation, { ...passthru, progress: true }, [bytes]]);
    await caller.error(Code.CALL, request, 'wamp.error.feature_not_supported');
    equal((await callee.connection.next(Code.INTERRUPT))[1], invocation, 'INTERRUPT.Request');
  }),
  must('PPT-04', 'a subscriber that lacks it gets the event all the same', async (t) => {
    const [publisher, subscriber] = [await join(t, null), await join(t, 'subscriber')];
    await subscriber.subscribe(t.uri());
    publisher.request(Code.PUBLISH, passthru, t.uri(), [bytes]);
    equal(attributesOf((await subscriber.event()).details), sorted, 'attributes in EVENT.Details');
  }),
  ...others.map((serializer) =>
    must('PPT-07', `the bytes reach a session in ${serializer} as they are`, async (t) => {
      const subscriber = await orSkip(join(t, null, serializer));
      const publisher = await join(t, null);
      await subscriber.subscribe(t.uri());
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      publisher.request(Code.PUBLISH, passthru, t.uri(), [all]);
      equal((await subscriber.event()).message.slice(4), [[all]], 'the payload of EVENT');
    }),
  ),
  must('PPT-02', 'the attributes of the first chunk hold for a progressive call (PCI-09)', async (t) => {
    const { caller, callee } = await pair(t);
    await t.joinWith('dealer', 'progressive_call_invocations');
    const request = call(t, caller, { progress: true });
    equal(attributesOf((await callee.invocation()).details), sorted, 'attributes of the first chunk');
    caller.send([Code.CALL, request, { ...passthru, ppt_keyid: 'key 2' }, t.uri(), [bytes]]);
    const { details, message } = await callee.invocation();
    const told = attributesOf(details);
    if (Object.keys(told as Dict).length > 0) equal(told, sorted, 'attributes of the second chunk');
    equal(message.slice(4), [[bytes]], 'the payload of the second chunk');
  }),
  must('PPT-02', 'each progressive result bears its own attributes', async (t) => {
    const { caller, callee } = await pair(t);
    await t.joinWith('dealer', 'progressive_call_results');
    const request = call(t, caller, { receive_progress: true });
    const invocation = await callee.invocation();
    callee.send([Code.YIELD, invocation.request, { ...passthru, progress: true }, [bytes]]);
    callee.send([Code.YIELD, invocation.request, {}, ['plain']]);
    const [first, last] = [await caller.result(request), await caller.result(request)];
    equal([attributesOf(first[2]), first.slice(3)], [sorted, [[bytes]]], 'the progressive RESULT');
    equal([attributesOf(last[2]), last.slice(3)], [{}, [['plain']]], 'the last RESULT');
  }),
];
