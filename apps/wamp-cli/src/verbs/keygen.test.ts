import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cryptosignPublicKey } from '@wampkit/auth/cryptosign';
import { afterAll, describe, expect, test } from 'vitest';
import { createShell, start } from '../testing/scripted-run.js';

const folder = mkdtempSync(join(tmpdir(), 'wamp-cli-keygen-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function keygen(argv: readonly string[], setup: Parameters<typeof createShell>[0] = {}) {
  const { exitCode, shell } = start(['keygen', ...argv], createShell(setup));
  return { exitCode: await exitCode, out: shell.out(), err: shell.err() };
}

describe('CS-01: keygen', () => {
  test('prints a pair of keys that fit', async () => {
    const { exitCode, out } = await keygen([]);
    expect(exitCode).toBe(0);
    const { privateKey, publicKey } = JSON.parse(out);
    expect(cryptosignPublicKey(privateKey)).toBe(publicKey);
    expect((await keygen([])).out).not.toBe(out);
  });

  test('writes the private key for its owner alone, and prints only the public one', async () => {
    const file = join(folder, 'device.key');
    const { exitCode, out, err } = await keygen([file]);
    expect(exitCode).toBe(0);
    const privateKey = readFileSync(file, 'utf8').trim();
    const publicKey = cryptosignPublicKey(privateKey);
    expect(JSON.parse(out)).toEqual({ publicKey, file });
    expect(readFileSync(`${file}.pub`, 'utf8')).toBe(`${publicKey}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(out + err).not.toContain(privateKey);

    expect((await keygen(['--from', file, '--raw'])).out).toBe(`${publicKey}\n`);
    expect((await keygen(['--from', 'prompt'], { typed: [privateKey] })).out).toBe(
      `{"publicKey":"${publicKey}"}\n`,
    );
  });

  test('replaces nothing, unless told to, and then narrows the mode', async () => {
    const file = join(folder, 'there.key');
    writeFileSync(file, 'mine', { mode: 0o644 });
    const refused = await keygen([file]);
    expect(refused).toMatchObject({ exitCode: 1, out: '' });
    expect(refused.err).toContain(`${file} is there already: --force replaces it`);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect((await keygen([file, '--force'])).exitCode).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each([
    [['/nowhere/device.key'], 'cannot write "/nowhere/device.key"'],
    [['--from', 'a', 'b'], '--from makes no key'],
    [['--from', '/nowhere'], '--from: cannot read "/nowhere"'],
  ])('%j is refused', async (argv, message) => {
    const { exitCode, err } = await keygen(argv);
    expect(exitCode).toBe(1);
    expect(err).toContain(message);
  });

  test('needs no router, nor what belongs to one', async () => {
    const env = { WAMP_TICKET: 't', WAMP_SECRET: 's' };
    expect((await keygen([], { env })).exitCode).toBe(0);
  });
});
