import {
  Authenticate,
  Call,
  Challenge,
  Hello,
  Payload,
  Result,
  Subscribe,
  Subscribed,
  Welcome,
} from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { createShell, join, start } from './testing/scripted-run.js';

describe('global options', () => {
  const cases: [string, string[], Record<string, string>][] = [
    ['before the verb', ['--url', 'ws://h:1/a', '--realm', 'r2', 'call', 'com.x'], {}],
    ['after the verb', ['call', 'com.x', '--url', 'ws://h:1/a', '--realm=r2'], {}],
    [
      'on both sides',
      ['-u', 'ws://other', '-r', 'r2', 'call', '-u', 'ws://h:1/a', 'com.x'],
      { WAMP_REALM: 'r3' },
    ],
    ['from the environment', ['call', 'com.x'], { WAMP_URL: 'ws://h:1/a', WAMP_REALM: 'r2' }],
  ];
  test.each(cases)('%s', async (_, argv, env) => {
    const { router, exitCode, listener, hello } = await join(argv, createShell({ env }));
    expect(listener.urls).toEqual(['ws://h:1/a']);
    expect(hello.realm).toBe('r2');
    const call = await router.expect(Call);
    router.send(new Result(call.request, {}));
    await router.goodbye();
    expect(await exitCode).toBe(0);
  });

  test('defaults: ws://127.0.0.1:8080/ws, realm1, anonymous', async () => {
    const { shell, listener, hello } = await join(['call', 'com.x']);
    expect(listener.urls).toEqual(['ws://127.0.0.1:8080/ws']);
    expect(hello.realm).toBe('realm1');
    expect(hello.details.authmethods).toEqual(['anonymous']);
    shell.stop(0);
  });

  const tickets: [string[], Record<string, string>, string][] = [
    [['--ticket', 'secret'], {}, 'secret'],
    [['--ticket', 'env:T'], { T: 'prompt' }, 'prompt'],
    [['--ticket', 'prompt'], {}, 'typed at Ticket: '],
    [[], { WAMP_TICKET: '@not-a-file' }, '@not-a-file'],
  ];
  test.each(tickets)('ticket from %j %j', async (argv, env, ticket) => {
    const shell = createShell({ env: { WAMP_AUTHID: 'joe', ...env } });
    const { listener } = start([...argv, 'call', 'com.x'], shell);
    const router = await listener.accept();
    const hello = await router.expect(Hello);
    expect(hello.details).toMatchObject({ authid: 'joe', authmethods: ['ticket'] });
    router.send(new Challenge('ticket', {}));
    expect((await router.expect(Authenticate)).signature).toBe(ticket);
    router.send(new Welcome(1, { roles: {} }));
    expect(shell.err().includes('seen by all users')).toBe(argv[1] === 'secret');
    shell.stop(0);
  });

  test('-vv shows every message and no secret', async () => {
    const { listener, shell, exitCode } = start(
      ['-v', 'call', 'com.x', '-v', '--authid', 'joe', '--ticket', 'env:T', '1'],
      createShell({ env: { T: 's3cret' } }),
    );
    const router = await listener.accept();
    await router.expect(Hello);
    router.send(new Challenge('ticket', {}));
    await router.expect(Authenticate);
    router.send(new Welcome(1, { roles: {} }));
    const call = await router.expect(Call);
    router.send(new Result(call.request, {}, Payload.of([], { a: 1 })));
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.err()).toContain('-> AUTHENTICATE [5,"(secret)",{}]');
    expect(shell.err()).toContain('-> CALL [48,1,{},"com.x",[1]]');
    expect(shell.err()).toContain('<- RESULT [50,1,{},[],{"a":1}]');
    expect(shell.err()).not.toContain('s3cret');
  });

  test('-q: nothing but errors on stderr', async () => {
    const { router, exitCode, shell } = await join(['subscribe', '-q', 'com.x', '--for', '10ms']);
    router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
    await router.goodbye();
    expect(await exitCode).toBe(0);
    expect(shell.err()).toBe('');
  });
});
