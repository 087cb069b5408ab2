import { deriveScramKeys } from '@wampkit/auth/wamp-scram';
import { deriveWampcraKey } from '@wampkit/auth/wampcra';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createShell, start } from '../testing/scripted-run.js';

async function derive(argv: readonly string[], setup: Parameters<typeof createShell>[0] = {}) {
  const { exitCode, shell } = start(
    ['derive', ...argv],
    createShell({ env: { P: 'L3L1YUE8Txlw' }, ...setup }),
  );
  return { exitCode: await exitCode, out: shell.out(), err: shell.err() };
}

const salt = 'W22ZaJ0SNY7soEsUEjb6gQ==';

describe('CRA-04: derive cra', () => {
  const costs = ['--salt', 'salt123', '--iterations', '1000', '--password', 'env:P'];
  const user = {
    secret: 'qzcdsr9uu/L5hnss3kjNTRe490ETgA70ZBaB5rvnJ5Y=',
    salt: 'salt123',
    iterations: 1000,
    keylen: 32,
  };

  test('prints what the config stores', async () => {
    const { exitCode, out, err } = await derive(['cra', ...costs]);
    expect([exitCode, JSON.parse(out), err]).toEqual([0, user, '']);
  });

  test.each([
    [['--yaml'], {}],
    [[], { isTty: true }],
  ])('as YAML with %j %j', async (argv, setup) => {
    const { out } = await derive(['cra', ...costs, ...argv], setup);
    expect(out).toMatch(/^secret: /);
    expect(parse(out)).toEqual(user);
  });

  test('or the secret alone', async () => {
    expect((await derive(['cra', ...costs, '--raw'])).out).toBe(`${user.secret}\n`);
  });

  test('takes a salt of its own, and other costs', async () => {
    const argv = ['cra', '--password', 'env:P', '--iterations', '10', '--keylen', '16'];
    const [one, other] = await Promise.all(
      [derive(argv), derive(argv)].map(async (run) => JSON.parse((await run).out)),
    );
    expect(one.salt).not.toBe(other.salt);
    const { secret, ...given } = one;
    expect(given).toMatchObject({ iterations: 10, keylen: 16 });
    expect(secret).toBe(await deriveWampcraKey('L3L1YUE8Txlw', given));
  });
});

describe('SCRAM-09: derive scram', () => {
  test('prints the stored form of argon2id13', async () => {
    const argv = ['scram', '--salt', salt, '--memory', '64', '--iterations', '1', '--password', 'env:P'];
    const costs = { kdf: 'argon2id13', salt, iterations: 1, memory: 64 } as const;
    expect(JSON.parse((await derive(argv)).out)).toEqual({
      ...costs,
      ...(await deriveScramKeys('L3L1YUE8Txlw', costs)),
    });
  });

  test('prints the stored form of pbkdf2, without memory', async () => {
    const argv = ['scram', '--kdf', 'pbkdf2', '--salt', salt, '--iterations', '4096', '--password', '@-'];
    const costs = { kdf: 'pbkdf2', salt, iterations: 4096 } as const;
    const { out } = await derive(argv, { stdin: 'pencil\n' });
    expect(JSON.parse(out)).toEqual({ ...costs, ...(await deriveScramKeys('pencil', costs)) });
  });

  test('has costs by default that clients accept', async () => {
    const user = JSON.parse((await derive(['scram', '--password', 'env:P'])).out);
    expect(user).toMatchObject({ kdf: 'argon2id13', iterations: 2, memory: 19456 });
    expect(Buffer.from(user.salt, 'base64')).toHaveLength(16);
  });
});

describe('derive', () => {
  test('asks twice for a password, and shows neither', async () => {
    const { exitCode, out, err } = await derive(['cra'], { typed: ['s3cret', 's3cret'] });
    expect(exitCode).toBe(0);
    expect(out + err).not.toContain('s3cret');
  });

  test('warns of a password on the command line', async () => {
    const { err } = await derive(['cra', '--iterations', '1', '--password', 's3cret']);
    expect(err).toContain('seen by all users of this machine');
  });

  test.each([
    [['cra'], { typed: ['s3cret', 's3krit'] }, 'the two passwords differ'],
    [['cra'], { typed: ['', ''] }, 'an empty password protects nothing'],
    [['cra', '--kdf', 'pbkdf2'], {}, '--kdf is not of derive cra'],
    [['cra', '--memory', '64'], {}, '--memory is not of derive cra'],
    [['scram', '--keylen', '32'], {}, '--keylen is not of derive scram'],
    [['scram', '--kdf', 'pbkdf2', '--memory', '64'], {}, '--memory with --kdf pbkdf2 is not of derive scram'],
    [['scram', '--password', 'env:P', '--salt', 'salt'], {}, 'argon2id13 wants a salt of 8 octets'],
    [['scram', '--password', 'env:P', '--salt', 'a,b'], {}, 'the salt is not canonical base64'],
    [
      ['scram', '--password', 'env:P', '--iterations', 'many'],
      {},
      '--iterations: "many" must be a positive integer',
    ],
    [['scram', '--password', 'env:P', '--memory', '99999999'], {}, 'memory 99999999'],
    [['cra', '--password', 'env:P', '--iterations', '2147483648'], {}, 'iterations 2147483648'],
    [['cra', '--password', 'env:P', '--yaml', '--raw'], {}, '--yaml and --raw exclude each other'],
    [['cra', '--password', 'env:NONE'], {}, '--password: the environment has no NONE'],
    [['argon2'], {}, "is invalid for argument 'method'"],
  ])('%j %j is refused: %s', async (argv, setup, message) => {
    const { exitCode, out, err } = await derive(argv, setup);
    expect([exitCode, out]).toEqual([1, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('s3cret');
  });
});
