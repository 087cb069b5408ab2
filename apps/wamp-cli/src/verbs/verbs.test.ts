import {
  Call,
  Event,
  Invocation,
  Payload,
  Publish,
  Published,
  Register,
  Registered,
  Result,
  Subscribe,
  Subscribed,
  Yield,
} from '@wampkit/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createShell, join, start } from '../testing/scripted-run.js';

describe('verbs', () => {
  test('publish --ack prints the publication', async () => {
    const { router, exitCode, shell } = await join(['publish', 'com.x', '--ack', '1']);
    router.send(new Published((await router.expect(Publish)).request, 2 ** 53));
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe('{"publication":9007199254740992}\n');
  });

  test('publish --lines: one event for each line', async () => {
    const { router, exitCode } = await join(
      ['publish', 'com.x', 'a', 'k=1', '--lines'],
      createShell({ stdin: '1\n{"x":2}\r\n\nlast' }),
    );
    const payloads = [];
    for (let index = 0; index < 4; index++) payloads.push((await router.expect(Publish)).payload);
    expect(payloads.map((payload) => payload.args())).toEqual([
      ['a', 1],
      ['a', { x: 2 }],
      ['a', ''],
      ['a', 'last'],
    ]);
    expect(payloads[3]?.kwargs()).toEqual({ k: 1 });
    await router.goodbye();
    expect(await exitCode).toBe(0);
  });

  test('publish --repeat', async () => {
    const { router, exitCode } = await join(['publish', 'com.x', '--repeat', '2', '--every', '1ms']);
    await router.expect(Publish);
    await router.expect(Publish);
    await router.goodbye();
    expect(await exitCode).toBe(0);
  });

  test('call --progress prints each result as it comes', async () => {
    const { router, exitCode, shell } = await join(['call', 'com.x', '--progress']);
    const { request } = await router.expect(Call);
    router.send(
      new Result(request, { progress: true }, Payload.of([1])),
      new Result(request, {}, Payload.of([2])),
    );
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(
      '{"progress":true,"args":[1],"kwargs":{}}\n{"progress":false,"args":[2],"kwargs":{}}\n',
    );
  });

  test('call --repeat --concurrency', async () => {
    const { router, exitCode, shell } = await join([
      'call',
      'com.x',
      '--repeat',
      '3',
      '--concurrency',
      '2',
      '--value',
    ]);
    const first = await router.expect(Call);
    const second = await router.expect(Call);
    expect(router.received).toEqual([]);
    router.send(new Result(second.request, {}, Payload.of([2])));
    const third = await router.expect(Call);
    router.send(
      new Result(third.request, {}, Payload.of([3])),
      new Result(first.request, {}, Payload.of([1])),
    );
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe('2\n3\n1\n');
  });

  const outputs: [string[], string][] = [
    [['--value'], '"a b"\n'],
    [['--raw'], 'a b\n'],
    [['--pretty'], '"a b" {"$bytes":"AQ=="} k=null\n'],
    [['--json', '--details'], '{"args":["a b",{"$bytes":"AQ=="}],"kwargs":{"k":null},"details":{"x":1}}\n'],
  ];
  test.each(outputs)('call %j', async (argv, text) => {
    const { router, exitCode, shell } = await join(['call', 'com.x', ...argv]);
    const { request } = await router.expect(Call);
    router.send(new Result(request, { x: 1 }, Payload.of(['a b', new Uint8Array([1])], { k: null })));
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(text);
  });

  test('on a terminal: pretty, in colours', async () => {
    const { router, exitCode, shell } = await join(['call', 'com.x'], createShell({ isTty: true }));
    router.send(new Result((await router.expect(Call)).request, {}, Payload.of([5])));
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe('\u001b[33m5\u001b[39m\n');
  });

  test('subscribe: several topics, a pattern event with its own topic, --count ends it', async () => {
    const { router, exitCode, shell } = await join(['subscribe', 'com.a', 'com.b', '--count', '2']);
    router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
    router.send(new Subscribed((await router.expect(Subscribe)).request, 6));
    router.send(
      new Event(5, 1, {}, Payload.of([1])),
      new Event(6, 2, { topic: 'com.b.c' }, Payload.of([], { k: 1 })),
      new Event(6, 3, {}, Payload.of(['too late'])),
    );
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe(
      '{"topic":"com.a","args":[1],"kwargs":{}}\n{"topic":"com.b.c","args":[],"kwargs":{"k":1}}\n',
    );
    expect(shell.err()).toBe('subscribed to com.a (subscription 5)\nsubscribed to com.b (subscription 6)\n');
  });

  test('subscribe --reconnect connects and subscribes again', async () => {
    const { router, exitCode, shell, listener } = await join([
      'subscribe',
      'com.a',
      '--reconnect',
      '--count',
      '1',
    ]);
    router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
    await vi.waitFor(() => expect(shell.err()).toContain('subscribed to com.a'));
    router.close();
    const again = await listener.accept();
    await again.welcome();
    again.send(
      new Subscribed((await again.expect(Subscribe)).request, 6),
      new Event(6, 1, {}, Payload.of([1])),
    );
    await again.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe('{"topic":"com.a","args":[1],"kwargs":{}}\n');
    expect(shell.err()).toMatch(/attempt 1 in \d+ ms\njoined again as session 1234\n/);
  });

  test('subscribe --details and --idle', async () => {
    const { router, exitCode, shell } = await join(['subscribe', 'com.a', '--details', '--idle', '20ms']);
    router.send(
      new Subscribed((await router.expect(Subscribe)).request, 5),
      new Event(5, 1, { publisher: 9 }),
    );
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(JSON.parse(shell.out())).toEqual({
      topic: 'com.a',
      args: [],
      kwargs: {},
      publication: 1,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      details: { publisher: 9 },
    });
  });
});

test('TEST-02: subscribe --testament leaves it before anything else', async () => {
  const { router, exitCode } = await join([
    'subscribe',
    'com.x',
    '--testament',
    'com.x.gone',
    '--testament-args',
    '[1,"a"]',
    '--testament-kwargs',
    '{"k":2}',
    '--testament-retain',
    '--count',
    '1',
  ]);
  const add = await router.expect(Call);
  expect(add.procedure).toBe('wamp.session.add_testament');
  expect(add.payload.args()).toEqual(['com.x.gone', [1, 'a'], { k: 2 }]);
  expect(add.payload.kwargs()).toEqual({ publish_options: { retain: true } });
  router.send(new Result(add.request, {}, Payload.empty));
  router.send(
    new Subscribed((await router.expect(Subscribe)).request, 7),
    new Event(7, 1, {}, Payload.empty),
  );
  await router.goodbye();
  expect(await exitCode).toBe(0);
});

test('TEST-02, REFL-01: with --reconnect testament and schema are left anew in each session', async () => {
  const argv = [
    'register',
    'com.x.a',
    '--reconnect',
    '--schema',
    '{}',
    '--testament',
    'com.x.gone',
    '--count',
    '1',
  ];
  const { router, listener, exitCode } = await join(argv);
  const asked = async (peer: typeof router) => {
    const procedures = [];
    // REGISTER of the SDK may come between them after a reconnect
    while (procedures.length < 3) {
      const message = await peer.next();
      if (message instanceof Call) {
        procedures.push(message.procedure);
        peer.send(new Result(message.request, {}, Payload.of([true])));
      } else if (message instanceof Register) {
        procedures.push('REGISTER');
        peer.send(new Registered(message.request, 6));
      }
    }
    return procedures;
  };
  const each = ['wamp.session.add_testament', 'wamp.reflect.define', 'REGISTER'];
  expect(await asked(router)).toEqual(each);
  router.close();
  const again = await listener.accept();
  await again.welcome();
  expect((await asked(again)).toSorted()).toEqual(each.toSorted());
  again.send(new Invocation(1, 6, {}, Payload.empty));
  await again.expect(Yield);
  await again.goodbye();
  expect(await exitCode).toBe(0);
});

test('REFL-01, TEST-02: register --schema describes each procedure, and --testament leaves one', async () => {
  const { router, exitCode } = await join([
    'register',
    '--count',
    '1',
    'com.x.a',
    'com.x.b',
    '--schema',
    '{"title":"T"}',
    '--testament',
    'com.x.gone',
  ]);
  const calls = [];
  for (let count = 0; count < 3; count++) {
    const call = await router.expect(Call);
    router.send(new Result(call.request, {}, Payload.of([true])));
    calls.push([call.procedure, call.payload.args(), call.payload.kwargs()]);
  }
  expect(calls).toEqual([
    ['wamp.session.add_testament', ['com.x.gone', [], {}], {}],
    ['wamp.reflect.define', ['com.x.a', { title: 'T' }], { kind: 'procedure' }],
    ['wamp.reflect.define', ['com.x.b', { title: 'T' }], { kind: 'procedure' }],
  ]);
  for (const id of [1, 2]) router.send(new Registered((await router.expect(Register)).request, id));
  router.send(new Invocation(1, 1, {}, Payload.empty));
  await router.expect(Yield);
  await router.goodbye();
  expect(await exitCode).toBe(0);
});

test.each([
  [['subscribe', 'com.x', '--testament-args', '[1]'], 'need --testament'],
  [
    ['subscribe', 'com.x', '--testament', 'com.y', '--testament-args', '{}'],
    '--testament-args: must be a JSON list',
  ],
  [['register', 'com.x', '--schema', '[1]'], '--schema: must be a JSON object'],
])('what cannot be meant is a usage error: %j', async (argv, text) => {
  const { exitCode, shell } = start(argv, createShell());
  expect(await exitCode).toBe(1);
  expect(shell.err()).toContain(text);
});
