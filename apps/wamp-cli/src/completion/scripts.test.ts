import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createShell, start } from '../testing/scripted-run.js';

async function script(shell: string): Promise<string> {
  const run = start(['completion', shell], createShell());
  expect(await run.exitCode).toBe(0);
  return run.shell.out();
}

/** What bash offers for the last of the words. */
async function complete(...words: string[]): Promise<string[]> {
  const program = `${await script('bash')}
    shopt -s progcomp
    COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
    _wamp_cli 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['-c', program, 'bash', 'wamp-cli', ...words], { encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

const cases: [string[], string[]][] = [
  [['c'], ['call', 'conformance', 'completion']],
  [['subs'], ['subscribe', 'subscription']],
  [['session', 'k'], ['kill']],
  [['registration', 'c'], ['callees']],
  [['subscription', 'e'], ['events']],
  [
    ['reflect', '--kind', ''],
    ['procedure', 'topic', 'error'],
  ],
  [
    ['register', '--invoke', 'r'],
    ['roundrobin', 'random'],
  ],
  [
    ['call', '--canc'],
    ['--cancel-mode', '--cancel-after'],
  ],
  [['call', 'com.x', '1', '--disc'], ['--disclose-me']],
  [['subscribe', '--cancel'], []],
  [['subscribe', '--match', 'p'], ['prefix']],
  [['subscribe', '--match', '=', 'w'], ['wildcard']],
  [
    ['--serializer', ''],
    ['json', 'msgpack', 'cbor'],
  ],
  [['--realm', 'call', 'publ'], ['publish']],
  [['-u', 'ws://x', 'register', '--ech'], ['--echo']],
  [['--real'], ['--realm']],
  [
    ['completion', ''],
    ['bash', 'zsh'],
  ],
  [['ref'], ['reflect']],
  [['authorization', 'e'], ['explain']],
  [['subscribe', '--testament-r'], ['--testament-retain']],
  [
    ['help', 'reg'],
    ['register', 'registration'],
  ],
  [['call', '--timeout', ''], []],
  [['call', 'com.x', ''], []],
];
test.each(cases)('bash completes %j', async (words, offered) => {
  expect((await complete(...words)).toSorted()).toEqual(offered.toSorted());
});

test('bash completes files, also behind @', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wamp-cli-'));
  writeFileSync(join(folder, 'a.json'), '');
  expect(await complete('call', 'com.x', 'k', '=', `@${folder}/a`)).toEqual([`@${folder}/a.json`]);
  expect(await complete('call', '--payload', `${folder}/`)).toEqual([`${folder}/a.json`]);
  expect(await complete('call', '--ticket', `@${folder}/`)).toEqual([`@${folder}/a.json`]);
  rmSync(folder, { recursive: true });
});

test('the script for zsh knows every verb and option', async () => {
  const text = await script('zsh');
  for (const word of [
    'call',
    'register:register procedures',
    '--exec',
    '--cancel-mode',
    '(json msgpack cbor)',
    ':_files',
  ]) {
    expect(text).toContain(word);
  }
});
