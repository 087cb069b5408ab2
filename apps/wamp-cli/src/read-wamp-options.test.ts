import { Call, Publish, Register, Subscribe } from '@wampkit/protocol';
import { describe, expect, test } from 'vitest';
import { createShell, join, start } from './testing/scripted-run.js';

describe('WAMP options', () => {
  const calls: [string[], Record<string, unknown>][] = [
    [['--disclose-me'], { disclose_me: true }],
    [['--progress'], { receive_progress: true }],
    [
      ['-o', 'disclose_me=false', '-o', '_mine={"a":1}', '-o', 'receive_progress=true'],
      { disclose_me: false, _mine: { a: 1 }, receive_progress: true },
    ],
    [['--disclose-me', '-o', 'disclose_me=false'], { disclose_me: false }],
    [['-o', 'timeout=5000'], { timeout: 5000 }],
  ];
  test.each(calls)('call %j', async (argv, options) => {
    const { router, shell } = await join(['call', 'com.x', ...argv]);
    expect((await router.expect(Call)).options).toEqual(options);
    shell.stop(0);
  });

  const publications: [string[], Record<string, unknown>][] = [
    [[], {}],
    [['--no-exclude-me', '--disclose-me'], { exclude_me: false, disclose_me: true }],
    [['--exclude-me'], { exclude_me: true }],
    [['--exclude', '1,2', '--exclude', '3'], { exclude: [1, 2, 3] }],
    [
      ['--exclude-authid', 'a,b', '--exclude-authrole', 'r'],
      { exclude_authid: ['a', 'b'], exclude_authrole: ['r'] },
    ],
    [
      ['--eligible', '', '--eligible-authid=', '--eligible-authrole', 'x'],
      { eligible: [], eligible_authid: [], eligible_authrole: ['x'] },
    ],
    [['-o', 'eligible=[9007199254740992]'], { eligible: [2 ** 53] }],
  ];
  test.each(publications)('publish %j', async (argv, options) => {
    const { router, exitCode } = await join(['publish', 'com.x', ...argv, '--', '-x']);
    const publish = await router.expect(Publish);
    expect(publish.options).toEqual(options);
    expect(publish.payload.args()).toEqual(['-x']);
    await router.goodbye();
    expect(await exitCode).toBe(0);
  });

  test('subscribe and register', async () => {
    const subscriber = await join(['subscribe', 'com.', '--match', 'prefix', '-o', '_mine=1']);
    expect((await subscriber.router.expect(Subscribe)).options).toEqual({ match: 'prefix', _mine: 1 });
    subscriber.shell.stop(0);
    const callee = await join(['register', 'com.', '--match', 'wildcard', '--disclose-caller']);
    expect((await callee.router.expect(Register)).options).toEqual({
      match: 'wildcard',
      disclose_caller: true,
    });
    callee.shell.stop(0);
  });
});

test.each(['Disclose_me', 'ab', '_ab', 'disclose-me', '1st', 'signal'])(
  'BP-MSG-04: -o %s=1 is no option of WAMP, nor a custom one',
  async (name) => {
    const { exitCode, shell } = start(['call', 'com.x', '-o', `${name}=1`], createShell());
    expect(await exitCode).toBe(1);
    expect(shell.err()).toContain(name);
  },
);

test.each([
  [
    'call',
    'receive_progres=true',
    'WAMP has no such option of CALL; did you mean receive_progress? Custom ones begin with _',
  ],
  ['register', 'invoke_=first', 'did you mean invoke?'],
  [
    'subscribe',
    'timeout=5',
    'WAMP has no such option of SUBSCRIBE; it has match, get_retained, nkey. Custom',
  ],
])('BP-MSG-04: %s -o %s is sent, and warns', async (verb, pair, warning) => {
  const { shell } = await join([verb, 'com.x', '-o', pair]);
  const [name] = pair.split('=');
  expect(shell.err()).toContain(`warning: -o ${name}: `);
  expect(shell.err()).toContain(warning);
  shell.stop(0);
});

test('BP-MSG-04: -o with an option of WAMP, or a custom one, does not warn', async () => {
  const { shell } = await join(['call', 'com.x', '-o', 'timeout=5', '-o', '_mine=1']);
  expect(shell.err()).not.toContain('warning');
  shell.stop(0);
});
