import { ConnectError } from '@wampkit/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ExitCode } from './exit-codes.js';
import { runCli } from './run-cli.js';
import { createShell } from './testing/scripted-run.js';

const words = fc.constantFrom(
  ...[
    'call',
    'publish',
    'subscribe',
    'register',
    'completion',
    'help',
    'bash',
    'com.x',
    'k=v',
    'k:=',
    'k:=1',
    '-5',
  ],
  ...[
    '--',
    '-',
    '--json',
    '--raw',
    '--url',
    'ws://x',
    '-u',
    '--timeout',
    '2s',
    '-v',
    '-vvq',
    '--no-color',
    '-sq',
  ],
  ...[
    '-o',
    'match=exact',
    'disclose_me=1',
    '--count',
    '3',
    '--ticket',
    'env:X',
    '--authid',
    '--exclude',
    '1,x',
    '--help',
  ],
  ...[
    '--payload',
    '--reply',
    '--exec',
    '--echo',
    '--match',
    'prefix',
    '0x0',
    '{"a":',
    '@',
    '--no-exclude-me',
    '--bad',
  ],
);

test('whatever is typed ends with an exit code, and says why when it is not 0', async () => {
  const connect = () => Promise.reject(new ConnectError('no network in this test'));
  const argument = fc.oneof({ weight: 9, arbitrary: words }, fc.string({ unit: 'binary', maxLength: 6 }));
  await fc.assert(
    fc.asyncProperty(fc.array(argument, { maxLength: 7 }), async (argv) => {
      const shell = createShell();
      const exitCode = await runCli(argv, { terminal: shell.terminal, version: '1', connect });
      expect([ExitCode.Ok, ExitCode.Usage, ExitCode.Connect]).toContain(exitCode);
      expect(shell.out() + shell.err()).not.toBe('');
      if (exitCode !== ExitCode.Ok) expect(shell.err()).not.toBe('');
    }),
    { numRuns: 150 },
  );
});
