import { ExitCode, runCli, type Terminal } from '@wampkit/cli';
import { ConnectError } from '@wampkit/protocol';
import { FuzzFailure } from './fuzz-failure.js';
import { Random } from './random.js';

const pieces = [
  ...[
    'k',
    '=',
    ':=',
    '@',
    '-',
    '0x',
    'f',
    'g',
    '"',
    '{',
    '[',
    '}',
    ']',
    ',',
    ':',
    '$bytes',
    '$float',
    'NaN',
    '1',
    '.5',
  ],
  ...[
    'e',
    '-0',
    '1e400',
    '99999999999999999999',
    'null',
    'true',
    '\\',
    '\\u0000',
    '\u0000',
    '\ud800',
    'ключ',
    '__proto__',
    ' ',
  ],
  ...[
    '{"$bytes":"AQI="}',
    '{"a":',
    '[1,',
    '"x"',
    '/dev/null',
    '/nowhere',
    '\n',
    'AQI=',
    '--',
    '[['.repeat(400),
  ],
];
const flags = [
  '-s',
  '--b64',
  '--args-json',
  '--kwargs-json',
  '--payload',
  '--option',
  '--ack',
  '--repeat',
  '--every',
];

/**
 * Runs `wamp-cli publish` with all sorts of values: each command line is read, and then finds no router, or is a
 * usage error.
 *
 * @returns how many were read
 * @throws {FuzzFailure} for the first one that is taken amiss
 */
export async function fuzzValues({ count, seed }: { count: number; seed: number }): Promise<number> {
  const random = new Random(seed);
  let read = 0;
  for (let index = 0; index < count; index++) {
    const typed = inventArguments(random);
    const { exitCode, told } = await publish(typed);
    if (exitCode === ExitCode.Connect) read++;
    else if (exitCode !== ExitCode.Usage) {
      const input = Buffer.from(JSON.stringify(typed));
      throw new FuzzFailure({ target: 'wamp-cli', seed, index, input }, `exit code ${exitCode}: ${told}`);
    }
  }
  return read;
}

function inventArguments(random: Random): string[] {
  return Array.from({ length: random.below(4) }, () =>
    random.once(8)
      ? random.pick(flags)
      : Array.from({ length: 1 + random.below(5) }, () => random.pick(pieces)).join(''),
  );
}

async function publish(typed: readonly string[]): Promise<{ exitCode: number; told: string }> {
  let told = '';
  const stdout = { isTty: false, columns: 80, write: () => {} };
  const terminal: Terminal = {
    env: {},
    stdout,
    stderr: { ...stdout, write: (data) => (told += data) },
    stdin: (async function* () {})(),
    stop: new AbortController().signal,
    promptSecret: async () => '',
  };
  const connect = async (): Promise<never> => {
    throw new ConnectError('there is no router');
  };
  const argv = ['publish', 'com.example.topic', ...typed];
  return { exitCode: await runCli(argv, { terminal, version: '1.2.3', connect }), told };
}
