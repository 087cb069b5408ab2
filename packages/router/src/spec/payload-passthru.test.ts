import {
  Call,
  type Dict,
  ErrorMessage,
  type Message,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Yield,
} from '@wampkit/protocol';
import { ScriptedPeer } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import { type RealmOptions, Router } from '../index.js';

const features = {
  call_canceling: true,
  call_reroute: true,
  payload_passthru_mode: true,
  progressive_call_invocations: true,
  progressive_call_results: true,
};
const { payload_passthru_mode: _, ...lacking } = features;

type Role = 'caller' | 'callee' | 'publisher' | 'subscriber';
const rolesWithout = (...roles: readonly Role[]): Dict =>
  Object.fromEntries(
    ['caller', 'callee', 'publisher', 'subscriber'].map((role) => [
      role,
      { features: roles.includes(role as Role) ? lacking : features },
    ]),
  );

const setUp = async (realm: Partial<RealmOptions> = {}) => {
  const bugs: unknown[] = [];
  const router = new Router({
    realms: [{ name: 'realm1', ...realm }],
    events: { bug: (info) => bugs.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const join = (...without: readonly Role[]) =>
    ScriptedPeer.join(attach, 'realm1', { roles: rolesWithout(...without) });
  return { join, bugs, [Symbol.asyncDispose]: () => router.close() };
};

const bytes = new Uint8Array([0, 255, 1]);
const payload = Payload.of([bytes]);
const passthru = {
  ppt_scheme: 'wamp',
  ppt_serializer: 'cbor',
  ppt_cipher: 'xsalsa20poly1305',
  ppt_keyid: 'key 1',
};
const id = expect.any(Number);
const violation = [3, { message: expect.any(String) }, 'wamp.error.protocol_violation'];
const notSupported = (request: number) => [
  8,
  48,
  request,
  {},
  'wamp.error.feature_not_supported',
  [expect.any(String)],
];
const call = (request: number, options: Dict = {}) =>
  new Call(request, { ...passthru, ...options }, 'a.b', payload);

async function pair(calleeLacks: readonly Role[] = [], callerLacks: readonly Role[] = []) {
  const { join, bugs } = await setUp();
  const [caller, callee] = [await join(...callerLacks), await join(...calleeLacks)];
  await callee.exchange(new Register(1, {}, 'a.b'));
  return { join, bugs, caller, callee };
}

test('PPT-01: broker and dealer announce payload_passthru_mode', async () => {
  const { join } = await setUp();
  const { details } = await join();
  for (const role of ['broker', 'dealer'])
    expect(details.roles).toHaveProperty(`${role}.features.payload_passthru_mode`, true);
});

test('PPT-02: the attributes of CALL, YIELD and ERROR, and nothing else, arrive with the payload', async () => {
  const { caller, callee, bugs } = await pair();
  await caller.exchange(call(1, { runmode: 'partition', _custom: 1 }), call(2));
  expect(callee.take()).toEqual([
    [68, 1, id, passthru, [bytes]],
    [68, 2, id, passthru, [bytes]],
  ]);
  const answer = { ppt_scheme: 'x_other', ppt_keyid: 'k', _custom: true };
  await callee.exchange(
    new Yield(1, answer, payload),
    new ErrorMessage(68, 2, answer, 'com.example.error', payload),
  );
  const told = { ppt_scheme: 'x_other', ppt_keyid: 'k' };
  expect(caller.take()).toEqual([
    [50, 1, told, [bytes]],
    [8, 48, 2, told, 'com.example.error', [bytes]],
  ]);
  expect(bugs).toEqual([]);
});

test('PPT-02: an ordinary answer to a payload passed through, and the other way round', async () => {
  const { caller, callee } = await pair();
  await caller.exchange(call(1), new Call(2, {}, 'a.b', Payload.of(['plain'])));
  expect(callee.take().map(([, , , details]) => details)).toEqual([passthru, {}]);
  await callee.exchange(new Yield(1, {}, Payload.of(['plain'])), new Yield(2, passthru, payload));
  expect(caller.take()).toEqual([
    [50, 1, {}, ['plain']],
    [50, 2, passthru, [bytes]],
  ]);
});

test.each(['exact', 'prefix', 'wildcard'])(
  'PPT-02: the attributes of PUBLISH arrive in EVENT, match %s',
  async (match) => {
    const { join } = await setUp();
    const [publisher, subscriber] = [await join(), await join()];
    const topic = { exact: 'a.topic', prefix: 'a.', wildcard: 'a.' }[match] as string;
    await subscriber.exchange(new Subscribe(1, { match }, topic));
    subscriber.take();
    const disclosed = { publisher: publisher.session, publisher_authid: id, publisher_authrole: id };
    await publisher.exchange(
      new Publish(1, passthru, 'a.topic', payload),
      new Publish(2, { ...passthru, disclose_me: true }, 'a.topic', payload),
    );
    const told = match === 'exact' ? passthru : { ...passthru, topic: 'a.topic' };
    expect(subscriber.take()).toEqual([
      [36, id, id, told, [bytes]],
      [
        36,
        id,
        id,
        {
          ...told,
          ...disclosed,
          publisher_authid: expect.any(String),
          publisher_authrole: expect.any(String),
        },
        [bytes],
      ],
    ]);
  },
);

test('PPT-02: the attributes of an empty scheme are none', async () => {
  const { caller, callee } = await pair();
  await caller.exchange(new Call(1, { ...passthru, ppt_scheme: '' }, 'a.b', Payload.of(['plain'])));
  expect(callee.take()).toEqual([[68, 1, id, {}, ['plain']]]);
});

test('PPT-02, RET-03: a retained event bears the attributes', async () => {
  const { join } = await setUp();
  const [publisher, subscriber] = [await join(), await join()];
  await publisher.exchange(new Publish(1, { ...passthru, retain: true }, 'a.topic', payload));
  const [, event] = await subscriber.exchange(new Subscribe(1, { get_retained: true }, 'a.topic'));
  expect(event).toEqual([36, id, id, { ...passthru, retained: true }, [bytes]]);
});

test('PPT-02, HIST-05: an event of a history bears the attributes', async () => {
  const { join } = await setUp({ history: [{ topic: 'a.topic', match: 'exact', limit: 10 }] });
  const publisher = await join();
  await publisher.exchange(new Publish(1, passthru, 'a.topic', payload));
  const [subscribed] = await publisher.exchange(new Subscribe(2, {}, 'a.topic'));
  const ask = new Call(3, {}, 'wamp.subscription.get_events', Payload.of([subscribed?.[2]]));
  const [result] = await publisher.exchange(ask);
  expect(result?.[3]).toMatchObject([{ details: passthru, args: [bytes] }]);
});

test('PPT-02, TEST-04: a testament is passed through', async () => {
  const { join } = await setUp();
  const [publisher, subscriber] = [await join(), await join()];
  await subscriber.exchange(new Subscribe(1, {}, 'a.topic'));
  subscriber.take();
  const args = Payload.of(['a.topic', [bytes], {}], { publish_options: passthru });
  await publisher.exchange(new Call(1, {}, 'wamp.session.add_testament', args));
  await publisher.drop();
  expect(await subscriber.exchange()).toEqual([[36, id, id, passthru, [bytes]]]);
});

test('PPT-03, TEST-04: a testament to be passed through, of a publisher that did not announce it', async () => {
  const { join } = await setUp();
  const publisher = await join('publisher');
  const args = Payload.of(['a.topic', [bytes], {}], { publish_options: passthru });
  const [answer] = await publisher.exchange(new Call(1, {}, 'wamp.session.add_testament', args));
  expect(answer?.slice(0, 5)).toEqual([8, 48, 1, {}, 'wamp.error.invalid_argument']);
});

test.each<[string, Role, Message]>([
  ['CALL', 'caller', call(9)],
  ['PUBLISH', 'publisher', new Publish(9, passthru, 'a.topic', payload)],
  ['PUBLISH with acknowledge', 'publisher', new Publish(9, { ...passthru, acknowledge: true }, 'a.topic')],
  ['YIELD', 'callee', new Yield(1, passthru, payload)],
  ['a progressive YIELD', 'callee', new Yield(1, { ...passthru, progress: true }, payload)],
  ['ERROR', 'callee', new ErrorMessage(68, 1, passthru, 'com.example.error', payload)],
])('PPT-03: %s of a %s that did not announce it', async (_name, role, message) => {
  const { join } = await setUp();
  const [offender, caller, subscriber] = [await join(role), await join(), await join()];
  await offender.exchange(new Register(1, {}, 'a.b'));
  await subscriber.exchange(new Subscribe(1, {}, 'a.topic'));
  await caller.exchange(new Call(1, { receive_progress: true }, 'a.b'));
  for (const peer of [offender, subscriber]) peer.take();
  expect(await offender.exchange(message)).toEqual([violation]);
  expect(subscriber.take()).toEqual([]);
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.canceled', [expect.any(String)]]]);
});

test('PPT-03: a later chunk that names a scheme, of a caller that did not announce it', async () => {
  const { caller } = await pair([], ['caller']);
  await caller.exchange(new Call(1, { progress: true }, 'a.b'));
  expect(await caller.exchange(call(1))).toEqual([violation]);
});

test('PPT-04: a call to a callee that lacks it', async () => {
  const { caller, callee } = await pair(['callee']);
  callee.take();
  expect(await caller.exchange(call(1))).toEqual([notSupported(1)]);
  expect(callee.take()).toEqual([]);
  await caller.exchange(new Call(2, {}, 'a.b'));
  expect(callee.take()).toEqual([[68, 1, id, {}]]);
});

test('PPT-04: the chunks of a call to a callee that lacks it', async () => {
  const { caller, callee } = await pair(['callee']);
  callee.take();
  const chunks = [call(1, { progress: true }), call(1, { progress: true }), call(1)];
  expect(await caller.exchange(...chunks)).toEqual([notSupported(1)]);
  expect(callee.take()).toEqual([]);
});

test('PPT-04: procedures of the router take ordinary payloads', async () => {
  const { join } = await setUp();
  const caller = await join();
  expect(await caller.exchange(new Call(1, passthru, 'wamp.session.count', payload))).toEqual([
    notSupported(1),
  ]);
});

test.each<[string, Message]>([
  ['YIELD', new Yield(1, passthru, payload)],
  ['ERROR', new ErrorMessage(68, 1, passthru, 'com.example.error', payload)],
])('PPT-04, A18: %s for a caller that lacks it gives the caller an ERROR', async (_name, answer) => {
  const { caller, callee } = await pair([], ['caller']);
  await caller.exchange(new Call(1, {}, 'a.b'));
  callee.take();
  expect(await callee.exchange(answer)).toEqual([]);
  expect(caller.take()).toEqual([notSupported(1)]);
  expect(callee.closed).toBeNull();
});

test('PPT-04, A18: a progressive YIELD for a caller that lacks it interrupts the callee too', async () => {
  const { caller, callee } = await pair([], ['caller']);
  await caller.exchange(new Call(1, { receive_progress: true }, 'a.b'));
  callee.take();
  const late = new Yield(1, passthru, payload);
  const yields = [new Yield(1, { ...passthru, progress: true }, payload), late];
  expect(await callee.exchange(...yields)).toEqual([
    [69, 1, { mode: 'killnowait', reason: 'wamp.error.canceled' }],
  ]);
  expect(caller.take()).toEqual([notSupported(1)]);
  expect(callee.closed).toBeNull();
});

test('PPT-04, A8: a progressive YIELD for a caller that asked for none is dropped, whatever it lacks', async () => {
  const { caller, callee } = await pair([], ['caller']);
  await caller.exchange(new Call(1, {}, 'a.b'));
  callee.take();
  expect(await callee.exchange(new Yield(1, { ...passthru, progress: true }, payload))).toEqual([]);
  await callee.exchange(new Yield(1, {}, Payload.of(['done'])));
  expect(caller.take()).toEqual([[50, 1, {}, ['done']]]);
});

test('PPT-04: a subscriber that lacks it gets the event all the same', async () => {
  const { join } = await setUp();
  const [publisher, subscriber] = [await join(), await join('subscriber')];
  await subscriber.exchange(new Subscribe(1, {}, 'a.topic'));
  subscriber.take();
  await publisher.exchange(new Publish(1, passthru, 'a.topic', payload));
  expect(subscriber.take()).toEqual([[36, id, id, passthru, [bytes]]]);
});

test.each(['roundrobin', 'random', 'first', 'last'])(
  'PPT-04, SHR-03: with %s a call goes to a callee that takes it, as if the others did not exist',
  async (invoke) => {
    const { join } = await setUp();
    const caller = await join();
    const callees = [await join('callee'), await join(), await join('callee')];
    for (const callee of callees) await callee.exchange(new Register(1, { invoke }, 'a.b'));
    for (const callee of callees) callee.take();
    await caller.exchange(...[1, 2, 3, 4].map((request) => call(request)));
    expect(callees.map((callee) => callee.take().length)).toEqual([0, 4, 0]);
    expect(caller.take()).toEqual([]);
  },
);

test('PPT-04, SHR-03: a call waits for the callee that takes it, though another one is free', async () => {
  const { join } = await setUp();
  const caller = await join();
  const [able, unable] = [await join(), await join('callee')];
  for (const callee of [able, unable])
    await callee.exchange(new Register(1, { invoke: 'roundrobin', concurrency: 1 }, 'a.b'));
  for (const callee of [able, unable]) callee.take();
  await caller.exchange(call(1), call(2));
  expect([able.take().length, unable.take().length]).toEqual([1, 0]);
  expect(await able.exchange(new Yield(1, passthru, payload))).toEqual([[68, 2, id, passthru, [bytes]]]);
  await able.drop();
  expect(await caller.exchange()).toEqual([
    [50, 1, passthru, [bytes]],
    [8, 48, 2, {}, 'wamp.error.canceled', [expect.any(String)]],
  ]);
});

test('PPT-04, RER-02: a call is re-routed with its attributes, and only to callees that take it', async () => {
  const { join } = await setUp();
  const caller = await join();
  const callees = [await join(), await join('callee'), await join()] as const;
  for (const callee of callees) await callee.exchange(new Register(1, { invoke: 'first' }, 'a.b'));
  for (const callee of callees) callee.take();
  await caller.exchange(call(1));
  const [first, unable, last] = callees;
  expect(first.take()).toEqual([[68, 1, id, passthru, [bytes]]]);
  await first.exchange(new ErrorMessage(68, 1, {}, 'wamp.error.unavailable'));
  expect([unable.take(), last.take()]).toEqual([[], [[68, 1, id, passthru, [bytes]]]]);
  await last.exchange(new ErrorMessage(68, 1, {}, 'wamp.error.unavailable'));
  expect(caller.take()).toEqual([[8, 48, 1, {}, 'wamp.error.no_available_callee', [expect.any(String)]]]);
});

test('PPT-02, PCR-04: each progressive result bears its own attributes', async () => {
  const { caller, callee } = await pair();
  await caller.exchange(call(1, { receive_progress: true }));
  expect(callee.take().at(-1)).toEqual([68, 1, id, { ...passthru, receive_progress: true }, [bytes]]);
  const other = { ...passthru, ppt_keyid: 'key 2' };
  await callee.exchange(
    new Yield(1, { ...passthru, progress: true }, payload),
    new Yield(1, { ...other, progress: true }, payload),
    new Yield(1, { progress: true }, Payload.of(['plain'])),
    new Yield(1, other, payload),
  );
  expect(caller.take()).toEqual([
    [50, 1, { ...passthru, progress: true }, [bytes]],
    [50, 1, { ...other, progress: true }, [bytes]],
    [50, 1, { progress: true }, ['plain']],
    [50, 1, other, [bytes]],
  ]);
});

test('PPT-02, PCI-09: the attributes of the first chunk hold for all INVOCATIONs', async () => {
  const { caller, callee } = await pair();
  callee.take();
  const other = { ppt_scheme: 'x_other', ppt_keyid: 'key 2' };
  await caller.exchange(
    call(1, { progress: true }),
    new Call(1, { progress: true }, 'a.b', payload),
    new Call(1, { ...other, progress: true }, 'a.b', payload),
    new Call(1, other, 'a.b', payload),
  );
  const chunk = [68, 1, id, { ...passthru, progress: true }, [bytes]];
  expect(callee.take()).toEqual([chunk, chunk, chunk, [68, 1, id, passthru, [bytes]]]);
});

test('PPT-02, PCI-09: a scheme that only a later chunk names has no effect', async () => {
  const { caller, callee } = await pair();
  callee.take();
  await caller.exchange(new Call(1, { progress: true }, 'a.b', Payload.of(['plain'])), call(1));
  expect(callee.take()).toEqual([
    [68, 1, id, { progress: true }, ['plain']],
    [68, 1, id, {}, [bytes]],
  ]);
});

test.each([
  ['no payload', Payload.empty],
  ['an object, as native serialization may have it', Payload.of([{ args: [1] }])],
  ['several items and keyword arguments', Payload.of([1, bytes], { k: 'v' })],
])('PPT-07: the router does not look at the payload: %s', async (_name, other) => {
  const { join } = await setUp();
  const [publisher, subscriber] = [await join(), await join()];
  await subscriber.exchange(new Subscribe(1, {}, 'a.topic'));
  subscriber.take();
  await publisher.exchange(new Publish(1, passthru, 'a.topic', other));
  const tail = [other.args(), other.kwargs()].slice(0, other.count);
  expect(subscriber.take()).toEqual([[36, id, id, passthru, ...tail]]);
});
