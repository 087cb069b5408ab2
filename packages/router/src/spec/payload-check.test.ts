import {
  Call,
  MessageCode,
  Payload,
  type Peer,
  Publish,
  Register,
  Subscribe,
  Yield,
} from '@wampkit/protocol';
import { ScriptedPeer, turn } from '@wampkit/testkit';
import { expect, test } from 'vitest';
import {
  anonymousAuthenticator,
  type PayloadCheck,
  type PayloadRefused,
  type Permission,
  type RoleOptions,
  Router,
} from '../index.js';

const all = ['call', 'register', 'publish', 'subscribe'] as const;
const features = { progressive_call_invocations: true, progressive_call_results: true, call_canceling: true };
const passthru = { payload_passthru_mode: true };

/** Takes a number, and kwargs without `bad`. */
const check: PayloadCheck = (args, kwargs) => {
  if (typeof args[0] !== 'number') return { path: '/args/0', keyword: 'type', message: 'must be number' };
  if ('bad' in kwargs)
    return { path: '/kwargs/bad', keyword: 'additionalProperties', message: 'must not be' };
  return null;
};

const setUp = async (permission: Partial<Permission> = { check }, role: Partial<RoleOptions> = {}) => {
  const refusals: PayloadRefused[] = [];
  const permissions = [
    { uri: 'a.', match: 'prefix', allow: all, ...permission } as const,
    { uri: 'wamp.', match: 'prefix', allow: ['call'] } as const,
  ];
  const router = new Router({
    realms: [
      {
        name: 'realm1',
        authenticators: [
          anonymousAuthenticator({ role: 'guest' }),
          { ...anonymousAuthenticator({ role: 'root' }), method: 'root' },
        ],
        roles: [
          { name: 'guest', permissions, ...role },
          { name: 'root', permissions: [{ uri: '', match: 'prefix', allow: all }] },
        ],
      },
    ],
    events: { payloadRefused: (info) => refusals.push(info) },
  });
  const attach = (peer: Peer): void => router.attach(peer);
  const roles = {
    caller: { features: { ...features, ...passthru } },
    publisher: { features: passthru },
    callee: { features },
  };
  const guest = await ScriptedPeer.join(attach, 'realm1', { roles });
  const root = await ScriptedPeer.join(attach, 'realm1', { authmethods: ['root'], roles });
  await root.exchange(new Register(1, {}, 'a.b'), new Subscribe(2, {}, 'a.b'));
  root.take();
  return { guest, root, refusals };
};

const refusal = (type: number, request: number, path: string, keyword: string) => [
  [
    8,
    type,
    request,
    {},
    'wamp.error.invalid_argument',
    [expect.stringContaining(`"a.b" does not fit its schema: ${path} `)],
    { path, keyword },
  ],
];

test.each<[Payload, [path: string, keyword: string] | null]>([
  [Payload.of([1]), null],
  [Payload.of([1], { good: 1 }), null],
  [Payload.empty, ['/args/0', 'type']],
  [Payload.of(['1']), ['/args/0', 'type']],
  [Payload.of([1], { bad: 1 }), ['/kwargs/bad', 'additionalProperties']],
])('AZ-01: a payload that does not fit is refused, one that fits goes on: %#', async (payload, fault) => {
  const { guest, root, refusals } = await setUp();
  const publish = new Publish(2, { acknowledge: true }, 'a.b', payload);
  const [answers, published] = [
    await guest.exchange(new Call(1, {}, 'a.b', payload)),
    await guest.exchange(publish),
  ];
  if (fault === null) {
    expect([answers, published.map(([code]) => code)]).toEqual([[], [17]]);
    expect(root.take().map(([code]) => code)).toEqual([68, 36]);
    return;
  }
  expect(answers).toEqual(refusal(48, 1, ...fault));
  expect(published).toEqual(refusal(16, 2, ...fault));
  expect(root.take()).toEqual([]);
  const [path, keyword] = fault;
  const told = { realm: 'realm1', session: guest.session, uri: 'a.b', rule: 'prefix "a."', path, keyword };
  expect(refusals).toEqual([
    { ...told, action: 'call' },
    { ...told, action: 'publish' },
  ]);
});

test('BP-PS-04: a PUBLISH without acknowledge that does not fit is dropped, and told to the hook', async () => {
  const { guest, root, refusals } = await setUp();
  expect(await guest.exchange(new Publish(1, {}, 'a.b', Payload.of(['x'])))).toEqual([]);
  expect(root.take()).toEqual([]);
  expect(refusals.length).toBe(1);
});

test('AZ-04: who may not call learns nothing of a schema; who may learns of it before of what exists', async () => {
  const { guest, refusals } = await setUp({ check, allow: ['publish'] });
  expect((await guest.exchange(new Call(1, {}, 'a.b')))[0]?.[4]).toBe('wamp.error.not_authorized');
  expect(refusals).toEqual([]);
  const other = await setUp();
  expect((await other.guest.exchange(new Call(1, {}, 'a.none')))[0]?.[4]).toBe('wamp.error.invalid_argument');
});

test('AZ-01: results are not checked, nor is what other rules allow', async () => {
  const { guest, root } = await setUp();
  guest.send(new Call(1, {}, 'a.b', Payload.of([1])));
  await turn();
  const [invocation] = root.take();
  root.send(new Yield(invocation?.[1] as number, {}, Payload.of(['text'])));
  await turn();
  expect(guest.take().map(([code]) => code)).toEqual([50]);
  expect((await guest.exchange(new Call(2, {}, 'wamp.session.count', Payload.of([]))))[0]?.[0]).toBe(50);
  expect((await root.exchange(new Publish(3, { acknowledge: true }, 'a.b')))[0]?.[0]).toBe(17);
});

test('PPT-03: a payload that is passed through cannot be checked, and is refused where that is asked', async () => {
  const { guest, root } = await setUp();
  const options = { ppt_scheme: 'x_mine' };
  const payload = Payload.of([new Uint8Array([1])]);
  expect(await guest.exchange(new Call(1, options, 'a.b', payload))).toEqual(
    refusal(48, 1, '/args', 'passthru'),
  );
  expect(await guest.exchange(new Publish(2, { ...options, acknowledge: true }, 'a.b', payload))).toEqual(
    refusal(16, 2, '/args', 'passthru'),
  );
  expect(root.take()).toEqual([]);
});

test('PCI-09: every chunk is checked; one that does not fit ends the call, and its callee is told', async () => {
  const { guest, root } = await setUp();
  const chunk = (value: unknown) => new Call(1, { progress: true }, 'a.b', Payload.of([value]));
  expect(await guest.exchange(chunk(1), chunk(2), chunk('x'), chunk(4))).toEqual(
    refusal(48, 1, '/args/0', 'type'),
  );
  expect(root.take().map((message) => message[0])).toEqual([68, 68, MessageCode.Interrupt]);
  expect(await guest.exchange(new Call(2, {}, 'a.b', Payload.of([1])))).toEqual([]);
});

test('TEST-04: a testament that does not fit is not published', async () => {
  const { guest, root, refusals } = await setUp();
  for (const [index, args] of [[1], ['x']].entries())
    await guest.exchange(
      new Call(index + 1, {}, 'wamp.session.add_testament', Payload.of(['a.b', args, {}])),
    );
  await guest.drop();
  expect(root.take().map((event) => event[4])).toEqual([[1]]);
  expect(refusals.length).toBe(1);
});

test('AZ-02: a check that throws lets nothing through', async () => {
  const { guest, root } = await setUp({
    check: () => {
      throw new Error('broken');
    },
  });
  expect((await guest.exchange(new Call(1, {}, 'a.b', Payload.of([1]))))[0]?.[4]).toBe(
    'wamp.error.invalid_argument',
  );
  expect(root.take()).toEqual([]);
});

test('AZ-01: a rule of a role with an authorizer checks too', async () => {
  const authorizer = { name: 'all', authorize: () => Promise.resolve(true) };
  const { guest } = await setUp({ check }, { authorizer });
  expect(await guest.exchange(new Call(1, {}, 'a.b'))).toEqual(refusal(48, 1, '/args/0', 'type'));
  expect((await guest.exchange(new Call(2, {}, 'b')))[0]?.[4]).toBe('wamp.error.no_such_procedure');
});

test('AZ-01: a long path is cut', async () => {
  const path = `/kwargs/${'x'.repeat(10_000)}`;
  const { guest } = await setUp({ check: () => ({ path, keyword: 'type', message: 'must be number' }) });
  const [answer] = await guest.exchange(new Call(1, {}, 'a.b'));
  expect(JSON.stringify(answer).length).toBeLessThan(1_000);
});
