import { Call, ErrorMessage, Event, Payload, Result, Subscribe, Subscribed } from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { type MetaApi, meta } from './meta.js';
import { joinScripted } from './testing.js';

const details = { session: 5, authid: 'joe', authrole: 'user', authmethod: 'ticket', authprovider: 'static' };
const info = { id: 7, created: '2026-01-01T00:00:00.000Z', uri: 'com.x', match: 'exact', invoke: 'single' };

type Row = [
  name: string,
  act: (api: MetaApi) => Promise<unknown>,
  call: [procedure: string, args: unknown[], kwargs?: object],
  answer: unknown,
  result?: unknown,
];

const ids = { exact: [1], prefix: [], wildcard: [2, 3] };
const explained = {
  role: 'user',
  action: 'call',
  uri: 'com.x',
  match: 'exact',
  allowed: false,
  failed: false,
  rule: 'prefix "com."',
  disclose: false,
};
const rows: Row[] = [
  ['SMETA-04', ({ sessions }) => sessions.list(), ['wamp.session.list', []], [5, 6]],
  [
    'SMETA-04: of roles',
    ({ sessions }) => sessions.list({ authroles: ['user'] }),
    ['wamp.session.list', [['user']]],
    [],
  ],
  ['SMETA-04', ({ sessions }) => sessions.count(), ['wamp.session.count', []], 0],
  ['SMETA-05', ({ sessions }) => sessions.get(5), ['wamp.session.get', [5]], details],
  ['SMETA-06', ({ sessions }) => sessions.kill(5), ['wamp.session.kill', [5]], undefined, undefined],
  [
    'SMETA-06: with words',
    ({ sessions }) => sessions.kill(5, { reason: 'com.x.why', message: 'go' }),
    ['wamp.session.kill', [5], { reason: 'com.x.why', message: 'go' }],
    null,
    undefined,
  ],
  [
    'SMETA-07',
    ({ sessions }) => sessions.killByAuthid('joe'),
    ['wamp.session.kill_by_authid', ['joe']],
    [5, 6],
  ],
  [
    'SMETA-07',
    ({ sessions }) => sessions.killByAuthrole('user'),
    ['wamp.session.kill_by_authrole', ['user']],
    2,
  ],
  [
    'SMETA-07',
    ({ sessions }) => sessions.killAll({ message: 'go' }),
    ['wamp.session.kill_all', [], { message: 'go' }],
    2,
  ],
  [
    'TEST-02',
    ({ sessions }) => sessions.addTestament('com.x.gone'),
    ['wamp.session.add_testament', ['com.x.gone', [], {}]],
    undefined,
    undefined,
  ],
  [
    'TEST-02: with all that it can have',
    ({ sessions }) =>
      sessions.addTestament(
        'com.x.gone',
        { args: [1], kwargs: { k: 2 } },
        { scope: 'detached', publish: { retain: true } },
      ),
    [
      'wamp.session.add_testament',
      ['com.x.gone', [1], { k: 2 }],
      { publish_options: { retain: true }, scope: 'detached' },
    ],
    undefined,
    undefined,
  ],
  [
    'TEST-02',
    ({ sessions }) => sessions.flushTestaments({ scope: 'detached' }),
    ['wamp.session.flush_testaments', [], { scope: 'detached' }],
    undefined,
    undefined,
  ],
  [
    'HIST-03, HIST-05',
    ({ subscriptions }) =>
      subscriptions.history(7, { limit: 1, reverse: true, from_time: new Date(0), topic: 'com.x' }),
    [
      'wamp.subscription.get_events',
      [7],
      { limit: 1, reverse: true, from_time: '1970-01-01T00:00:00.000Z', topic: 'com.x' },
    ],
    { timestamp: '2026-01-01T00:00:00.000Z', subscription: 7, publication: 9, details: { topic: 'com.x' } },
    [
      {
        timestamp: '2026-01-01T00:00:00.000Z',
        publication: 9,
        details: { topic: 'com.x' },
        args: [],
        kwargs: {},
      },
    ],
  ],
  [
    'HIST-05: none',
    ({ subscriptions }) => subscriptions.history(7),
    ['wamp.subscription.get_events', [7]],
    undefined,
    [],
  ],
  [
    'HIST-05: in one list',
    ({ subscriptions }) => subscriptions.history(7),
    ['wamp.subscription.get_events', [7]],
    [{ timestamp: 't', publication: 9, details: {}, args: [1], kwargs: { k: 2 } }],
    [{ timestamp: 't', publication: 9, details: {}, args: [1], kwargs: { k: 2 } }],
  ],
  ['RMETA-04', ({ registrations }) => registrations.list(), ['wamp.registration.list', []], ids],
  [
    'RMETA-04: a router that leaves empty lists out',
    ({ registrations }) => registrations.list(),
    ['wamp.registration.list', []],
    { exact: [1] },
    { exact: [1], prefix: [], wildcard: [] },
  ],
  [
    'RMETA-04',
    ({ registrations }) => registrations.lookup('com.x'),
    ['wamp.registration.lookup', ['com.x']],
    7,
  ],
  [
    'RMETA-04: none',
    ({ registrations }) => registrations.lookup('com.x', { match: 'prefix' }),
    ['wamp.registration.lookup', ['com.x', { match: 'prefix' }]],
    null,
  ],
  [
    'RMETA-04: 0 is none too',
    ({ registrations }) => registrations.match('com.x'),
    ['wamp.registration.match', ['com.x']],
    0,
    null,
  ],
  ['RMETA-03', ({ registrations }) => registrations.get(7), ['wamp.registration.get', [7]], info],
  ['RMETA-04', ({ registrations }) => registrations.callees(7), ['wamp.registration.list_callees', [7]], [5]],
  [
    'RMETA-04',
    ({ registrations }) => registrations.calleeCount(7),
    ['wamp.registration.count_callees', [7]],
    1,
  ],
  [
    'RREV-02',
    ({ registrations }) => registrations.removeCallee(7, 5, { reason: 'old' }),
    ['wamp.registration.remove_callee', [7, 5], { reason: 'old' }],
    undefined,
    undefined,
  ],
  ['UMETA-03', ({ subscriptions }) => subscriptions.list(), ['wamp.subscription.list', []], ids],
  [
    'UMETA-03',
    ({ subscriptions }) => subscriptions.lookup('com.x'),
    ['wamp.subscription.lookup', ['com.x']],
    7,
  ],
  [
    'UMETA-03',
    ({ subscriptions }) => subscriptions.match('com.x'),
    ['wamp.subscription.match', ['com.x']],
    [7, 8],
  ],
  [
    'UMETA-03: none',
    ({ subscriptions }) => subscriptions.match('com.x'),
    ['wamp.subscription.match', ['com.x']],
    null,
    [],
  ],
  ['UMETA-03', ({ subscriptions }) => subscriptions.get(7), ['wamp.subscription.get', [7]], info],
  [
    'UMETA-03',
    ({ subscriptions }) => subscriptions.subscribers(7),
    ['wamp.subscription.list_subscribers', [7]],
    [5],
  ],
  [
    'UMETA-03',
    ({ subscriptions }) => subscriptions.subscriberCount(7),
    ['wamp.subscription.count_subscribers', [7]],
    1,
  ],
  [
    'SREV-01',
    ({ subscriptions }) => subscriptions.removeSubscriber(7, 5),
    ['wamp.subscription.remove_subscriber', [7, 5]],
    undefined,
    undefined,
  ],
  [
    'AZ-01',
    ({ authorization }) => authorization.explain('user', 'call', 'com.x'),
    ['wamp.authorization.explain', ['user', 'call', 'com.x']],
    explained,
  ],
  [
    'AZ-03: a pattern, for a session',
    ({ authorization }) => authorization.explain(5, 'subscribe', 'com.', { match: 'prefix' }),
    ['wamp.authorization.explain', [5, 'subscribe', 'com.', { match: 'prefix' }]],
    { ...explained, session: 5, allowed: null },
  ],
  ['AZ-03', ({ authorization }) => authorization.flushCache(), ['wamp.authorization.flush_cache', []], 3],
  [
    'AZ-03: of a role',
    ({ authorization }) => authorization.flushCache('user'),
    ['wamp.authorization.flush_cache', ['user']],
    0,
  ],
  [
    'REFL-01',
    ({ reflection }) => reflection.define('com.x', { title: 'X' }),
    ['wamp.reflect.define', ['com.x', { title: 'X' }]],
    true,
  ],
  [
    'REFL-01: nothing changed',
    ({ reflection }) => reflection.define('com.x', { title: 'X' }, { kind: 'topic' }),
    ['wamp.reflect.define', ['com.x', { title: 'X' }], { kind: 'topic' }],
    null,
    false,
  ],
  [
    'REFL-01',
    ({ reflection }) => reflection.undefine('com.x'),
    ['wamp.reflect.define', ['com.x', null]],
    'com.x',
    true,
  ],
  [
    'REFL-01',
    ({ reflection }) => reflection.describe('com.x'),
    ['wamp.reflect.describe', ['com.x']],
    { a: 1 },
  ],
  [
    'REFL-01: nothing',
    ({ reflection }) => reflection.describe('com.x', { kind: 'error' }),
    ['wamp.reflection.error.describe', ['com.x']],
    null,
  ],
  [
    'REFL-01',
    ({ reflection }) => reflection.list('procedure'),
    ['wamp.reflection.procedure.list', []],
    ['com.x', 'com.y'],
  ],
];

describe('a procedure of the meta API', () => {
  test.each(rows)('%s %#', async (_name, act, [procedure, args, kwargs = {}], answer, ...result) => {
    const { client, router } = await joinScripted();
    const acting = act(meta(client));
    const call = await router.expect(Call);
    expect([call.procedure, call.payload.args(), call.payload.kwargs()]).toEqual([procedure, args, kwargs]);
    router.send(new Result(call.request, {}, answer === undefined ? Payload.empty : Payload.of([answer])));
    expect(await acting).toEqual(result.length > 0 ? result[0] : answer);
  });

  test('an answer that the specification does not know is an error, not a wrong type', async () => {
    const { client, router } = await joinScripted();
    const { sessions, registrations, reflection, authorization } = meta(client);
    const acts = [
      () => sessions.list(),
      () => sessions.get(5),
      () => registrations.list(),
      () => reflection.list('topic'),
      () => reflection.describe('com.x'),
      () => authorization.explain(5, 'call', 'com.x'),
      () => authorization.flushCache(5),
    ];
    for (const act of acts) {
      const acting = expect(act()).rejects.toMatchObject({ message: expect.stringContaining('meta API') });
      router.send(new Result((await router.expect(Call)).request, {}, Payload.of(['x'])));
      await acting;
    }
  });

  test('an ERROR of the router rejects; options of the call are those of every call', async () => {
    const { client, router } = await joinScripted();
    const getting = meta(client).sessions.get(5, { timeout: 1000 });
    const { request, options } = await router.expect(Call);
    expect(options).toEqual({ timeout: 1000 });
    router.send(new ErrorMessage(48, request, {}, 'wamp.error.no_such_session'));
    await expect(getting).rejects.toMatchObject({ name: 'CallError', uri: 'wamp.error.no_such_session' });
  });
});

type Watch = [
  name: string,
  watch: (api: MetaApi, told: (...told: unknown[]) => void) => Promise<unknown>,
  topic: string,
  args: unknown[],
  told: unknown[],
];

const watches: Watch[] = [
  ['SMETA-02', ({ sessions }, told) => sessions.onJoin(told), 'wamp.session.on_join', [details], [details]],
  [
    'SMETA-03',
    ({ sessions }, told) => sessions.onLeave(told),
    'wamp.session.on_leave',
    [5, 'joe', 'user'],
    [{ session: 5, authid: 'joe', authrole: 'user' }],
  ],
  [
    'SMETA-03: a router that tells the session alone',
    ({ sessions }, told) => sessions.onLeave(told),
    'wamp.session.on_leave',
    [5],
    [{ session: 5, authid: null, authrole: null }],
  ],
  ...(['registration', 'subscription'] as const).flatMap((kind): Watch[] => [
    [
      'RMETA-02, UMETA-02',
      (api, told) => api[`${kind}s`].onCreate(told),
      `wamp.${kind}.on_create`,
      [5, info],
      [5, info],
    ],
    [
      'RMETA-02, UMETA-02',
      (api, told) => api[`${kind}s`].onDelete(told),
      `wamp.${kind}.on_delete`,
      [5, 7],
      [5, 7],
    ],
  ]),
  [
    'RMETA-02',
    ({ registrations }, told) => registrations.onRegister(told),
    'wamp.registration.on_register',
    [5, 7],
    [5, 7],
  ],
  [
    'RMETA-02',
    ({ registrations }, told) => registrations.onUnregister(told),
    'wamp.registration.on_unregister',
    [5, 7],
    [5, 7],
  ],
  [
    'UMETA-02',
    ({ subscriptions }, told) => subscriptions.onSubscribe(told),
    'wamp.subscription.on_subscribe',
    [5, 7],
    [5, 7],
  ],
  [
    'UMETA-02',
    ({ subscriptions }, told) => subscriptions.onUnsubscribe(told),
    'wamp.subscription.on_unsubscribe',
    [5, 7],
    [5, 7],
  ],
  [
    'REFL-01',
    ({ reflection }, told) => reflection.onDefine(told),
    'wamp.reflect.on_define',
    ['com.x', { a: 1 }, true, 'topic'],
    [{ uri: 'com.x', schema: { a: 1 }, isNew: true, kind: 'topic' }],
  ],
  [
    'REFL-01: a router that does not tell the kind',
    ({ reflection }, told) => reflection.onUndefine(told),
    'wamp.reflect.on_undefine',
    ['com.x'],
    [{ uri: 'com.x', kind: null }],
  ],
];

describe('an event of the meta API', () => {
  test.each(watches)('%s %#', async (_name, watch, topic, args, told) => {
    const { client, router } = await joinScripted();
    const tell = vi.fn();
    const watching = watch(meta(client), tell);
    const subscribe = await router.expect(Subscribe);
    expect(subscribe.topic).toBe(topic);
    router.send(
      new Subscribed(subscribe.request, 11),
      new Event(11, 1, {}, Payload.of(['no id'])),
      new Event(11, 2, {}, Payload.of(args)),
    );
    await watching;
    await vi.waitFor(() => expect(tell).toHaveBeenCalled());
    expect(tell.mock.calls).toEqual([told]);
  });
});
