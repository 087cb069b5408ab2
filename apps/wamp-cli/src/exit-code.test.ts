import {
  Abort,
  Call,
  Cancel,
  ConnectError,
  ErrorMessage,
  ErrorUri,
  Goodbye,
  Hello,
  MessageCode,
  Payload,
  Result,
  Subscribe,
  Subscribed,
} from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { ExitCode } from './exit-codes.js';
import { runCli } from './run-cli.js';
import { createShell, join, refuse, start } from './testing/scripted-run.js';

describe('exit codes', () => {
  test('0: a call with a result, left with GOODBYE', async () => {
    const { router, exitCode, shell } = await join(['call', 'com.x', '1', 'k=v']);
    const call = await router.expect(Call);
    expect([call.procedure, call.options, call.payload.args(), call.payload.kwargs()]).toEqual([
      'com.x',
      {},
      [1],
      { k: 'v' },
    ]);
    router.send(new Result(call.request, {}, Payload.of([5], { a: 2n ** 60n })));
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Ok);
    expect(shell.out()).toBe('{"args":[5],"kwargs":{"a":1152921504606846976}}\n');
    expect(shell.err()).toBe('');
  });

  test.each([
    [[], 'Usage: wamp-cli'],
    [['cal'], "unknown command 'cal'"],
    [['cal'], '(wamp-cli --help shows the verbs)'],
    [['call'], "missing required argument 'procedure'"],
    [['call'], '(wamp-cli call --help shows what it takes)'],
    [['call', 'com.x', '--nonsense'], "unknown option '--nonsense'"],
    [['call', 'com.x', '--serializer', 'xml'], 'Allowed choices are json, msgpack, cbor'],
    [['call', 'com.x', '--cancel-mode', 'stop'], 'Allowed choices are skip, kill, killnowait'],
    [['call', 'com.x', '--timeout', 'soon'], '--timeout: "soon" is no duration'],
    [['call', 'com.x', 'k:=['], 'keyword argument k: not valid JSON'],
    [['call', 'com.x', '--json', '--raw'], '--json and --raw exclude each other'],
    [['call', 'com.x', '-o', 'disclose_me=1'], 'option of CALL: "disclose_me" must be a bool'],
    [['call', 'com.x', '-o', 'DiscloseMe=true'], 'must be option=value'],
    [['call', 'com.x', '-o', 'signal=1'], 'must be option=value'],
    [['call', 'com.x', '--url', 'ftp://x'], '--url: "ftp://x" must begin with ws://'],
    [['call', 'com.x', '--tls-ca', 'x.pem'], '--tls-* and --insecure need a wss://, https:// or tcps:// URL'],
    [
      ['call', 'com.x', '--url', 'wss://x', '--tls-ca', '/nowhere.pem'],
      '--tls-ca: cannot read "/nowhere.pem": no such file',
    ],
    [['call', 'com.x', '--ticket', 'prompt'], '--ticket needs --authid'],
    [['call', 'com.x', '--authid', 'a', '--ticket', 'x', '--ticket-file', 'y'], 'exclude each other'],
    [
      ['call', 'com.x', '--authid', 'a', '--ticket', '@/nowhere'],
      '--ticket: cannot read "/nowhere": no such file',
    ],
    [['call', 'com.x', '--authid', 'a', '--ticket', '@/'], '--ticket: cannot read "/": it is a folder'],
    [['call', 'com.x', '--authid', 'a', '--ticket', 'env:NOPE'], '--ticket: the environment has no NOPE'],
    [['call', 'com.x', '--header', 'x'], '--header: "x" must be name:value'],
    [['publish', 'com.x', '--exclude', 'joe'], '"joe" is no session id'],
    [['publish', 'com.x', '--lines', '--repeat', '2'], '--lines and --repeat exclude each other'],
    [['subscribe'], "missing required argument 'topics'"],
    [['subscribe', 'com.x', '--count', '0'], '--count: "0" must be a positive integer'],
    [['subscribe', 'com.x', '--match', 'regex'], 'Allowed choices are exact, prefix, wildcard'],
    [['subscribe', 'com.x', '-o', 'match=regex'], 'option of SUBSCRIBE: "match" must be one of'],
    [['register', 'com.x', '--echo', '--exec', 'cat'], '--echo and --exec exclude each other'],
    [['register', 'com.x', '--error', 'not a uri'], '--error: "not a uri" is no URI: whitespace at 3'],
    [['register', 'com.x', '--invoke', 'all'], 'Allowed choices are single, first, last, roundrobin, random'],
    [['register', 'com.x', '--concurrency', '0'], '--concurrency: "0" must be a positive integer'],
    [['session'], "missing required argument 'action'"],
    [['session', 'list'], 'Allowed choices are ls, get, count, kill, watch'],
    [['session', 'get'], 'get needs ids of sessions'],
    [['session', 'get', 'joe'], '"joe" is no session id'],
    [['session', 'ls', '5'], 'ls takes no argument'],
    [['session', 'ls', '--reason', 'com.x'], '--reason is for kill, not for ls'],
    [['session', 'watch', '--role', 'user'], '--role is for ls and count, not for watch'],
    [['session', 'kill'], 'kill needs ids of sessions, --by-authid, --by-authrole or --all'],
    [['session', 'kill', '5', '--by-authid', 'joe'], 'one of them'],
    [
      ['registration', 'subscribers', '5'],
      'Allowed choices are ls, get, lookup, match, callees, kill, watch',
    ],
    [['registration', 'lookup'], 'lookup needs a URI'],
    [['registration', 'match', 'com.x', 'com.y'], 'match takes a URI alone'],
    [['registration', 'callees', 'com.x'], '"com.x" is no registration id'],
    [['registration', 'kill', '5', 'x'], '"x" is no session id'],
    [
      ['subscription', 'match', 'com.x', '--match', 'exact'],
      '--match is for lookup and events, not for match',
    ],
    [['completion', 'fish'], 'Allowed choices are bash, zsh'],
  ])('1: wamp-cli %j', async (argv, message) => {
    const { exitCode, shell, listener } = start(argv);
    expect(await exitCode).toBe(ExitCode.Usage);
    expect(shell.err()).toContain(message);
    expect(shell.out()).toBe('');
    expect(listener.urls).toEqual([]);
  });

  test.each([
    ['WAMP_SERIALIZER', 'xml'],
    ['WAMP_URL', 'localhost'],
  ])('1: %s=%s', async (name, value) => {
    const { exitCode, shell } = start(['call', 'com.x'], createShell({ env: { [name]: value } }));
    expect(await exitCode).toBe(ExitCode.Usage);
    expect(shell.err()).toContain(value);
  });

  test.each([
    [['--url', 'ws://x'], 'error: cannot connect: refused\n'],
    [[], /^error: cannot connect: refused\nis a router running here\?/],
  ])('2: no connection, wamp-cli call com.x %j', async (argv, message) => {
    const shell = createShell();
    const connect = () => Promise.reject(new ConnectError('cannot connect: refused'));
    const options = { terminal: shell.terminal, version: '1', connect };
    expect(await runCli(['call', 'com.x', ...argv], options)).toBe(ExitCode.Connect);
    expect(shell.err()).toMatch(message);
  });

  test('3: ABORT', async () => {
    const { exitCode, shell, listener } = start(['call', 'com.x', '--json']);
    const router = await listener.accept();
    await router.expect(Hello);
    router.send(new Abort({ message: 'no such realm here' }, ErrorUri.NoSuchRealm));
    expect(await exitCode).toBe(ExitCode.Join);
    expect(shell.err()).toContain(ErrorUri.NoSuchRealm);
    expect(shell.err()).toContain('no such realm here');
    expect(JSON.parse(shell.out())).toMatchObject({ error: ErrorUri.NoSuchRealm });
  });

  test.each([
    [['call', 'com.x'], MessageCode.Call],
    [['call', 'com.x', '--progress'], MessageCode.Call],
    [['publish', 'com.x', '--ack'], MessageCode.Publish],
    [['subscribe', 'com.x'], MessageCode.Subscribe],
    [['register', 'com.x'], MessageCode.Register],
  ] as const)('4: ERROR on wamp-cli %j, with URI, args and kwargs', async (argv, type) => {
    const { router, exitCode, shell } = await join(argv);
    await refuse(router, type);
    expect(await exitCode).toBe(ExitCode.WampError);
    expect(shell.out()).toBe('');
    expect(shell.err()).toContain('com.example.error');
    expect(shell.err()).toContain('args: ["why"]');
    expect(shell.err()).toContain('kwargs: {"id":7}');
  });

  test('4 with --json: the error is data too', async () => {
    const { router, exitCode, shell } = await join(['--json', 'call', 'com.x']);
    await refuse(router, MessageCode.Call);
    expect(await exitCode).toBe(ExitCode.WampError);
    expect(JSON.parse(shell.out())).toMatchObject({
      error: 'com.example.error',
      args: ['why'],
      kwargs: { id: 7 },
    });
  });

  test('control characters of an error do not reach the terminal', async () => {
    const { router, exitCode, shell } = await join(['call', 'com.x']);
    const call = await router.expect(Call);
    router.send(new ErrorMessage(48, call.request, {}, 'com.example.error', Payload.of(['\u001b[2J\u009b'])));
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.WampError);
    expect(shell.err()).not.toContain('\u001b');
    expect(shell.err()).not.toContain('\u009b');
  });

  test('5: --timeout cancels the call', async () => {
    const { router, exitCode, shell } = await join(['call', 'com.x', '--timeout', '10ms']);
    await router.expect(Call);
    await router.expect(Cancel);
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Timeout);
    expect(shell.err()).toContain('no answer within 10 ms');
  });

  test('5: --timeout of a subscription', async () => {
    const { router, exitCode } = await join(['subscribe', 'com.x', '--timeout', '10ms']);
    await router.expect(Subscribe);
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Timeout);
  });

  test('6: --cancel-after, in the mode asked for', async () => {
    const { router, exitCode } = await join([
      'call',
      'com.x',
      '--cancel-after',
      '10ms',
      '--cancel-mode',
      'skip',
    ]);
    await router.expect(Call);
    expect((await router.expect(Cancel)).options).toEqual({ mode: 'skip' });
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Canceled);
  });

  test('7: the connection goes', async () => {
    const { router, exitCode } = await join(['call', 'com.x']);
    await router.expect(Call);
    router.close();
    expect(await exitCode).toBe(ExitCode.ConnectionLost);
  });

  test('7: the router ends the session of a subscriber', async () => {
    const { router, exitCode, shell } = await join(['subscribe', 'com.x']);
    router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
    router.send(new Goodbye({}, 'wamp.close.system_shutdown'));
    expect(await exitCode).toBe(ExitCode.ConnectionLost);
    expect(shell.err()).toContain('wamp.close.system_shutdown');
  });

  test('130: Ctrl-C cancels the call and leaves', async () => {
    const { router, exitCode, shell } = await join(['call', 'com.x']);
    await router.expect(Call);
    shell.stop(ExitCode.Interrupted);
    await router.expect(Cancel);
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Interrupted);
    expect(shell.err()).toBe('');
  });

  test('0: a reader that has gone ends a subscription quietly', async () => {
    const { router, exitCode, shell } = await join(['subscribe', 'com.x', '-q']);
    router.send(new Subscribed((await router.expect(Subscribe)).request, 5));
    shell.stop(ExitCode.Ok);
    await router.goodbye();
    expect(await exitCode).toBe(ExitCode.Ok);
    expect(shell.err()).toBe('');
  });
});
