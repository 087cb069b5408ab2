import { describe, expect, test } from 'vitest';
import { start } from './testing/scripted-run.js';

describe('help', () => {
  test.each([
    [['--help']],
    [['call', '--help']],
    [['publish', '-h']],
    [['subscribe', '--help']],
    [['register', '--help']],
    [['session', '--help']],
    [['registration', '--help']],
    [['subscription', '--help']],
    [['reflect', '--help']],
    [['authorization', '--help']],
    [['keygen', '--help']],
    [['derive', '--help']],
    [['completion', '--help']],
  ])('wamp-cli %j', async (argv) => {
    const { exitCode, shell } = start(argv);
    expect(await exitCode).toBe(0);
    expect(shell.out()).toMatchSnapshot();
    expect(shell.out()).toContain('Examples:');
  });

  test('--version', async () => {
    const { exitCode, shell } = start(['--version']);
    expect(await exitCode).toBe(0);
    expect(shell.out()).toBe('1.2.3\n');
  });
});
