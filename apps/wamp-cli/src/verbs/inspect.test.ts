import { Call, ErrorMessage, Event, Payload, Result, Subscribe, Subscribed } from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { ExitCode } from '../exit-codes.js';
import { createShell, join, start } from '../testing/scripted-run.js';

type Router = Awaited<ReturnType<typeof join>>['router'];

/** Answers calls until all are: each value is the result of the procedure, an Error its refusal. */
async function serve(router: Router, ...answers: [procedure: string, value: unknown][]): Promise<Call[]> {
  const calls: Call[] = [];
  for (const [procedure, value] of answers) {
    const call = await router.expect(Call);
    calls.push(call);
    expect(call.procedure).toBe(procedure);
    if (value instanceof Error) router.send(new ErrorMessage(48, call.request, {}, value.message));
    else router.send(new Result(call.request, {}, value === undefined ? Payload.empty : Payload.of([value])));
  }
  return calls;
}

const joe = { session: 5, authid: 'joe', authrole: 'user', authmethod: 'ticket', authprovider: 'static' };
const eve = { session: 16, authid: 'e\u001bve', authrole: 'admin', authmethod: 'ticket' };
const add = { id: 7, created: '2026-01-01T00:00:00.000Z', uri: 'com.x.add', match: 'exact', invoke: 'last' };

describe('session', () => {
  const answers: [string, unknown][] = [
    ['wamp.session.list', [5, 6, 16]],
    ['wamp.session.get', joe],
    ['wamp.session.get', new Error('wamp.error.no_such_session')],
    ['wamp.session.get', eve],
  ];

  test('SMETA-04, SMETA-05: ls prints a line for each session; one that has just gone is left out', async () => {
    const { router, exitCode, shell } = await join(['session', 'ls', '--role', 'user,admin']);
    const [list] = await serve(router, ...answers);
    expect(list?.payload.args()).toEqual([['user', 'admin']]);
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(`${JSON.stringify(joe)}\n${JSON.stringify(eve)}\n`);
  });

  test('ls on a terminal is a table, without control characters of others', async () => {
    const { router, exitCode, shell } = await join(
      ['session', 'ls', '--no-color'],
      createShell({ isTty: true }),
    );
    await serve(router, ...answers);
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(
      [
        'SESSION  AUTHID   AUTHROLE  AUTHMETHOD  AUTHPROVIDER',
        '5        joe      user      ticket      static',
        '16       e\\x1bve  admin     ticket      -',
        '',
      ].join('\n'),
    );
  });

  test('ls --value: the ids', async () => {
    const { router, exitCode, shell } = await join(['session', 'ls', '--value']);
    await serve(router, ...answers);
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe('5\n16\n');
  });

  test.each<[string[], string, unknown, unknown[], object, string]>([
    [['count'], 'wamp.session.count', 2, [], {}, '{"count":2}\n'],
    [['get', '5'], 'wamp.session.get', joe, [5], {}, `${JSON.stringify(joe)}\n`],
    [
      ['kill', '5', '--reason', 'com.x.why', '--message', 'go'],
      'wamp.session.kill',
      undefined,
      [5],
      { reason: 'com.x.why', message: 'go' },
      '{"session":5}\n',
    ],
    [
      ['kill', '--by-authid', 'joe'],
      'wamp.session.kill_by_authid',
      [5, 6],
      ['joe'],
      {},
      '{"session":5}\n{"session":6}\n',
    ],
    [['kill', '--by-authrole', 'user'], 'wamp.session.kill_by_authrole', 2, ['user'], {}, '{"count":2}\n'],
    [['kill', '--all'], 'wamp.session.kill_all', 2, [], {}, '{"count":2}\n'],
  ])('SMETA-04 to SMETA-07: %j', async (argv, procedure, value, args, kwargs, out) => {
    const { router, exitCode, shell } = await join(['session', ...argv]);
    const [call] = await serve(router, [procedure, value]);
    expect([call?.payload.args(), call?.payload.kwargs()]).toEqual([args, kwargs]);
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(out);
  });

  test('SMETA-06: an ERROR is exit code 4', async () => {
    const { router, exitCode, shell } = await join(['session', 'kill', '5']);
    await serve(router, ['wamp.session.kill', new Error('wamp.error.no_such_session')]);
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.WampError);
    expect(shell.err()).toContain('wamp.error.no_such_session');
    expect(shell.out()).toBe('');
  });

  test('SMETA-02, SMETA-03: watch prints who joins and leaves', async () => {
    const { router, exitCode, shell } = await join(['session', 'watch', '--count', '2']);
    for (const [id, topic] of ['wamp.session.on_join', 'wamp.session.on_leave'].entries()) {
      const subscribe = await router.expect(Subscribe);
      expect(subscribe.topic).toBe(topic);
      router.send(new Subscribed(subscribe.request, id + 1));
    }
    router.send(
      new Event(1, 1, {}, Payload.of([joe])),
      new Event(2, 2, {}, Payload.of([5, 'joe', 'user'])),
      new Event(1, 3, {}, Payload.of([joe])),
    );
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(
      `${JSON.stringify({ event: 'join', ...joe })}\n{"event":"leave","session":5,"authid":"joe","authrole":"user"}\n`,
    );
  });
});

test('watch on a terminal: a line for each event', async () => {
  const argv = ['session', 'watch', '--count', '1', '--no-color', '-q'];
  const { router, exitCode, shell } = await join(argv, createShell({ isTty: true }));
  for (const id of [1, 2]) router.send(new Subscribed((await router.expect(Subscribe)).request, id));
  router.send(new Event(1, 1, {}, Payload.of([{ ...eve, transport: { peer: '127.0.0.1:1' } }])));
  await router.goodbye();
  expect(await exitCode).toBe(0);
  expect(shell.out()).toMatch(
    /^\d\d:\d\d:\d\d join {8}session=16 authid="e\\u001bve" authrole="admin" authmethod="ticket"\n$/,
  );
});

describe('registration', () => {
  const described: [string, unknown][] = [
    ['wamp.registration.get', add],
    ['wamp.registration.count_callees', 3],
  ];
  const line = `${JSON.stringify({ ...add, callees: 3 })}\n`;

  test.each<[string[], [string, unknown][], string]>([
    [['ls'], [['wamp.registration.list', { exact: [7], prefix: [], wildcard: [] }], ...described], line],
    [['lookup', 'com.x.add'], [['wamp.registration.lookup', 7], ...described], line],
    [['match', 'com.x.add'], [['wamp.registration.match', 7], ...described], line],
    [['get', '7'], [['wamp.registration.get', add]], `${JSON.stringify(add)}\n`],
    [['callees', '7'], [['wamp.registration.list_callees', [5, 6]]], '{"session":5}\n{"session":6}\n'],
    [
      ['kill', '7'],
      [
        ['wamp.registration.list_callees', [5]],
        ['wamp.registration.remove_callee', undefined],
      ],
      '{"id":7,"session":5}\n',
    ],
    [['kill', '7', '5'], [['wamp.registration.remove_callee', undefined]], '{"id":7,"session":5}\n'],
  ])('RMETA-04, RREV-02: %j', async (argv, answers, out) => {
    const { router, exitCode, shell } = await join(['registration', ...argv]);
    await serve(router, ...answers);
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(out);
  });

  test.each([['lookup'], ['match']])('%s that finds nothing: exit code 8', async (action) => {
    const { router, exitCode, shell } = await join(['registration', action, 'com.x.add']);
    await serve(router, [`wamp.registration.${action}`, null]);
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Unmet);
    expect(shell.out()).toBe('');
    expect(shell.err()).toContain('com.x.add');
  });
});

const schema = { args: [{ type: 'integer' }] };
const listed = (kind: string, uris: string[]): [string, unknown] => [`wamp.reflection.${kind}.list`, uris];

test.each<[string[], [string, unknown][], string]>([
  [
    ['ls'],
    [
      listed('procedure', ['com.x.add', 'com.x.sub']),
      ['wamp.reflection.procedure.describe', schema],
      ['wamp.reflection.procedure.describe', null],
      listed('topic', []),
      listed('error', ['com.x.full']),
      ['wamp.reflection.error.describe', schema],
    ],
    [
      { kind: 'procedure', uri: 'com.x.add', schema },
      { kind: 'procedure', uri: 'com.x.sub', schema: null },
      { kind: 'error', uri: 'com.x.full', schema },
    ]
      .map((row) => `${JSON.stringify(row)}\n`)
      .join(''),
  ],
  [
    ['ls', '--kind', 'topic', '--value'],
    [listed('topic', ['com.x.news']), ['wamp.reflection.topic.describe', schema]],
    '"com.x.news"\n',
  ],
  [
    ['get', 'com.x.add'],
    [['wamp.reflect.describe', schema]],
    `${JSON.stringify({ uri: 'com.x.add', schema })}\n`,
  ],
  [
    ['get', 'com.x.add', '--kind', 'procedure', '--value'],
    [['wamp.reflection.procedure.describe', schema]],
    `${JSON.stringify(schema)}\n`,
  ],
])('REFL-01: reflect %j', async (argv, answers, out) => {
  const { router, exitCode, shell } = await join(['reflect', ...argv]);
  await serve(router, ...answers);
  await router.goodbye();
  expect(await exitCode).toBe(0);
  expect(shell.out()).toBe(out);
});

test('REFL-01: reflect get of what nothing describes: exit code 8', async () => {
  const { router, exitCode, shell } = await join(['reflect', 'get', 'com.x.add']);
  await serve(router, ['wamp.reflect.describe', null]);
  await router.goodbye();
  expect(await exitCode).toBe(ExitCode.Unmet);
  expect(shell.err()).toContain('com.x.add');
});

describe('subscription events', () => {
  const info = { id: 7, created: '2026-01-01T00:00:00.000Z', uri: 'com.x.news', match: 'exact' };
  const kept = (publication: number, details: object) => ({
    timestamp: '2026-01-01T00:00:00.000Z',
    subscription: 7,
    publication,
    details,
    args: [publication],
    kwargs: { k: 1 },
  });

  test.each<[string[], [string, unknown][], object]>([
    [['7'], [], {}],
    [['com.x.news'], [['wamp.subscription.lookup', 7]], {}],
    [
      ['com.x.', '--match', 'prefix', '--limit', '2', '--reverse', '--topic', 'com.x.news'],
      [['wamp.subscription.lookup', 7]],
      { limit: 2, reverse: true, topic: 'com.x.news' },
    ],
    [
      ['7', '--from-time', '2026-01-01T00:00:00Z', '--before-publication', '9'],
      [],
      { from_time: '2026-01-01T00:00:00.000Z', before_publication: 9 },
    ],
  ])('HIST-03, HIST-05: events %j', async (argv, before, kwargs) => {
    const { router, exitCode, shell } = await join(['subscription', 'events', ...argv]);
    await serve(router, ...before, ['wamp.subscription.get', info]);
    const call = await router.expect(Call);
    expect(call.procedure).toBe('wamp.subscription.get_events');
    expect([call.payload.args(), call.payload.kwargs()]).toEqual([[7], kwargs]);
    const events = [kept(1, {}), kept(2, { topic: 'com.x.other' })];
    router.send(new Result(call.request, {}, Payload.of(events)));
    await router.goodbye();
    expect(await exitCode).toBe(0);
    const line = (publication: number, topic: string, details: object) =>
      `${JSON.stringify({
        topic,
        args: [publication],
        kwargs: { k: 1 },
        publication,
        time: '2026-01-01T00:00:00.000Z',
        details,
      })}\n`;
    expect(shell.out()).toBe(line(1, 'com.x.news', {}) + line(2, 'com.x.other', { topic: 'com.x.other' }));
  });

  test('of no subscription: exit code 8', async () => {
    const { router, exitCode } = await join(['subscription', 'events', 'com.x.news']);
    await serve(router, ['wamp.subscription.lookup', null]);
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Unmet);
  });

  test.each([
    [['7', '--from-time', 'yesterday'], 'is no time'],
    [['7', '--after-publication', 'x'], 'publication'],
    [['7', '--match', 'prefix'], '--match'],
    [[], 'the id or the URI'],
  ])('what cannot be meant is a usage error: %j', async (argv, text) => {
    const { exitCode, shell } = start(['subscription', 'events', ...argv], createShell());
    expect(await exitCode).toBe(ExitCode.Usage);
    expect(shell.err()).toContain(text);
  });

  test('--limit is for events alone, and events for subscriptions', async () => {
    for (const argv of [
      ['subscription', 'ls', '--limit', '2'],
      ['registration', 'events', '7'],
    ])
      expect(await start(argv, createShell()).exitCode).toBe(ExitCode.Usage);
  });
});

test('UMETA-03: subscription match finds several', async () => {
  const { router, exitCode, shell } = await join(['subscription', 'match', 'com.x.add', '--value']);
  await serve(router, ['wamp.subscription.match', [7, 8]]);
  for (let count = 0; count < 4; count++) {
    const call = await router.expect(Call);
    const [id] = call.payload.args() as [number];
    const value = call.procedure === 'wamp.subscription.get' ? { ...add, id } : 1;
    router.send(new Result(call.request, {}, Payload.of([value])));
  }
  await router.goodbye();
  expect(await exitCode).toBe(0);
  expect(shell.out()).toBe('7\n8\n');
});

const told = {
  session: 5,
  role: 'user',
  action: 'call',
  uri: 'com.x',
  match: 'exact',
  allowed: true,
  failed: false,
  rule: 'prefix "com."',
  disclose: false,
};
const denied = { ...told, allowed: false, rule: 'no rule', uri: 'com.y' };

test.each<[string[], [string, unknown][], unknown[][], number, string]>([
  [
    ['explain', '5', 'call', 'com.x'],
    [['wamp.authorization.explain', told]],
    [[5, 'call', 'com.x']],
    0,
    `${JSON.stringify(told)}\n`,
  ],
  [
    ['explain', 'user', 'call', 'com.x', 'com.y', '--value'],
    [
      ['wamp.authorization.explain', told],
      ['wamp.authorization.explain', denied],
    ],
    [
      ['user', 'call', 'com.x'],
      ['user', 'call', 'com.y'],
    ],
    8,
    'true\nfalse\n',
  ],
  [
    ['explain', '5', 'subscribe', 'com.', '--role', '--match', 'prefix', '--value'],
    [['wamp.authorization.explain', { ...told, allowed: null }]],
    [['5', 'subscribe', 'com.', { match: 'prefix' }]],
    8,
    'null\n',
  ],
  [['flush'], [['wamp.authorization.flush_cache', 3]], [[]], 0, '{"count":3}\n'],
  [['flush', '5'], [['wamp.authorization.flush_cache', 1]], [[5]], 0, '{"count":1}\n'],
  [['flush', 'device', '--value'], [['wamp.authorization.flush_cache', 2]], [['device']], 0, '2\n'],
])('AZ-01, AZ-03: authorization %j', async (argv, answers, args, code, out) => {
  const { router, exitCode, shell } = await join(['authorization', ...argv]);
  const calls = await serve(router, ...answers);
  expect(calls.map(({ payload }) => payload.args())).toEqual(args);
  await router.goodbye();
  expect(await exitCode).toBe(code);
  expect(shell.out()).toBe(out);
});

test('AZ-01: authorization explain says on stderr what it is that denies', async () => {
  const { router, exitCode, shell } = await join(['authorization', 'explain', '5', 'call', 'com.y']);
  await serve(router, ['wamp.authorization.explain', denied]);
  await router.goodbye();
  expect(await exitCode).toBe(8);
  expect(shell.err()).toContain('role "user": no rule says that it may not call "com.y"');
});

test.each([
  ['explain'],
  ['explain', 'user', 'call'],
  ['explain', 'user', 'read', 'com.x'],
  ['flush', 'a', 'b'],
  ['flush', '--match', 'prefix'],
])('AZ-01: authorization %j: usage', async (...argv) => {
  expect(await start(['authorization', ...argv]).exitCode).toBe(1);
});
