import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cryptosignPublicKey,
  generateCryptosignKey,
  signCryptosign,
  verifyCryptosign,
} from '@wampkit/auth/cryptosign';
import {
  deriveScramKeys,
  extendScramNonce,
  scramAuthMessage,
  verifyScramProof,
} from '@wampkit/auth/wamp-scram';
import { deriveWampcraKey, signWampcra } from '@wampkit/auth/wampcra';
import type { ScriptedPeer } from '@wampkit/client/testing';
import { Abort, Authenticate, Call, Challenge, ErrorUri, Hello, Result, Welcome } from '@wampkit/protocol';
import { afterAll, describe, expect, test } from 'vitest';
import { createShell, start } from '../testing/scripted-run.js';

const folder = mkdtempSync(join(tmpdir(), 'wamp-cli-auth-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function greet(argv: readonly string[], setup: Parameters<typeof createShell>[0] = {}) {
  const run = start([...argv, 'call', 'com.x'], createShell(setup));
  const router = await run.listener.accept();
  const { details } = await router.expect(Hello);
  return { ...run, router, details };
}

async function challenge(router: ScriptedPeer, method: string, extra: Record<string, unknown> = {}) {
  router.send(new Challenge(method, extra));
  return router.expect(Authenticate);
}

/** Lets the session in and the call succeed. */
async function finish(
  router: ScriptedPeer,
  exitCode: Promise<number>,
  details: Record<string, unknown> = {},
) {
  router.send(new Welcome(1, { roles: {}, ...details }));
  const call = await router.expect(Call);
  router.send(new Result(call.request, {}));
  await router.goodbye();
  expect(await exitCode).toBe(0);
}

describe('a method is chosen', () => {
  const env = { WAMP_AUTHID: 'joe' };
  test.each<[string[], Record<string, string>, string]>([
    [[], {}, 'anonymous'],
    [['--ticket', 'env:S'], env, 'ticket'],
    [['--secret', 'env:S'], env, 'wampcra'],
    [['--password', 'env:S'], env, 'wamp-scram'],
    [['--private-key', 'env:K'], {}, 'cryptosign'],
    [['--jwt', 'env:S'], {}, 'jwt'],
    [[], { ...env, WAMP_SECRET: 's' }, 'wampcra'],
    [[], { ...env, WAMP_PASSWORD: 's' }, 'wamp-scram'],
    [[], { WAMP_JWT: 's' }, 'jwt'],
    [['--ticket', 'env:S'], { ...env, WAMP_SECRET: 's' }, 'ticket'],
    [['--ticket', 'env:S'], { ...env, WAMP_AUTH_METHOD: 'wampcra' }, 'ticket'],
    [['--auth-method', 'wampcra'], { ...env, WAMP_TICKET: 't', WAMP_SECRET: 's' }, 'wampcra'],
    [[], { ...env, WAMP_TICKET: 't', WAMP_SECRET: 's', WAMP_AUTH_METHOD: 'ticket' }, 'ticket'],
    [['--auth-method', 'tls'], {}, 'tls'],
    [['--auth-method', 'cookie'], { WAMP_TICKET: 't' }, 'cookie'],
    [['--auth-method', 'anonymous'], { WAMP_TICKET: 't' }, 'anonymous'],
    [['--auth-method', 'ticket'], env, 'ticket'],
  ])('%j with %j: %s', async (argv, variables, method) => {
    const { privateKey } = generateCryptosignKey();
    const { details, shell } = await greet(argv, { env: { S: 's3cret', K: privateKey, ...variables } });
    expect(details.authmethods).toEqual([method]);
    expect(shell.err()).not.toContain('s3cret');
    shell.stop(0);
  });

  test.each<[string[], Record<string, string>, string]>([
    [['--ticket', '@t', '--secret', '@s'], env, '--ticket and --secret exclude each other'],
    [['--ticket', '@t', '--ticket-file', 't'], env, '--ticket and --ticket-file exclude each other'],
    [['--secret', '@s'], {}, '--secret needs --authid (or WAMP_AUTHID): whose is it?'],
    [[], { WAMP_PASSWORD: 's3cret' }, 'WAMP_PASSWORD needs --authid'],
    [
      ['--auth-method', 'wampcra', '--ticket', '@t'],
      env,
      '--ticket is of ticket, not of --auth-method wampcra',
    ],
    [
      [],
      { ...env, WAMP_TICKET: 's3cret', WAMP_SECRET: 's3cret' },
      'WAMP_TICKET and WAMP_SECRET are set: --auth-method',
    ],
    [[], { WAMP_AUTH_METHOD: 'scram' }, 'WAMP_AUTH_METHOD: "scram" must be one of anonymous, ticket'],
    [['--secret', 'env:NONE'], env, '--secret: the environment has no NONE'],
    [['--secret', '@/nowhere'], env, '--secret: cannot read "/nowhere"'],
    [['--private-key', '/nowhere'], {}, '--private-key: cannot read "/nowhere"'],
    [['--private-key', 'env:S'], { S: 's3cret' }, '--private-key: no private key in it'],
    [['--router-key', 'ab'], {}, '--router-key is of cryptosign, not of anonymous'],
    [
      ['--private-key', 'env:K', '--router-key', '/nowhere'],
      {},
      '--router-key: no public key of 64 hex digits, and no file',
    ],
    [
      ['--channel-binding', 'tls-exporter'],
      {},
      '--channel-binding is of cryptosign and wamp-scram, not of anonymous',
    ],
  ])('%j with %j is refused: %s', async (argv, variables, message) => {
    const { privateKey } = generateCryptosignKey();
    const { exitCode, shell } = start(
      [...argv, 'call', 'com.x'],
      createShell({ env: { K: privateKey, ...variables } }),
    );
    expect(await exitCode).toBe(1);
    expect(shell.err()).toContain(message);
    expect(shell.err()).not.toMatch(/s3cret|[0-9a-f]{64}/);
  });
});

describe('a secret', () => {
  const authid = ['--authid', 'joe'];
  const ticket = fileOf('ticket.txt', 's3cret\n');
  test.each<[string[], Parameters<typeof createShell>[0], string]>([
    [['--ticket', `@${ticket}`], {}, 's3cret'],
    [['--ticket-file', ticket], {}, 's3cret'],
    [['--ticket', '@-'], { stdin: 's3cret\r\n' }, 's3cret'],
    [['--ticket', 'prompt'], { typed: ['s3cret'] }, 's3cret'],
    [['--auth-method', 'ticket'], { typed: ['s3cret'] }, 's3cret'],
  ])('from %j', async (argv, setup, secret) => {
    const { router, shell, exitCode } = await greet([...authid, ...argv], setup);
    expect((await challenge(router, 'ticket')).signature).toBe(secret);
    await finish(router, exitCode);
    expect(shell.err()).toBe('');
  });

  test.each([
    ['--secret', 'plain'],
    ['--password', 'plain'],
    ['--jwt', 'plain'],
    ['--private-key', 'ab'.repeat(32)],
  ])('%s on the command line itself is warned of', async (option, secret) => {
    const { shell } = await greet([...authid, option, secret]);
    expect(shell.err()).toContain('a secret on the command line is seen by all users of this machine');
    expect(shell.err()).not.toContain(secret);
    shell.stop(0);
  });
});

test('CRA-03, CRA-04: --secret signs the challenge', async () => {
  const { router, exitCode, details } = await greet(['--authid', 'ann', '--secret', 'env:S'], {
    env: { S: 's3cret' },
  });
  expect(details.authid).toBe('ann');
  const { signature } = await challenge(router, 'wampcra', {
    challenge: 'c',
    salt: 'salt',
    iterations: 10,
    keylen: 16,
  });
  const key = await deriveWampcraKey('s3cret', { salt: 'salt', iterations: 10, keylen: 16 });
  expect(signature).toBe(await signWampcra(key, 'c'));
  await finish(router, exitCode);
});

describe('SCRAM-06, SCRAM-07: --password', () => {
  const costs = { kdf: 'pbkdf2', salt: 'W22ZaJ0SNY7soEsUEjb6gQ==', iterations: 4096 } as const;

  async function prove() {
    const run = await greet(['--authid', 'eve', '--password', 'env:P'], { env: { P: 's3cret' } });
    const clientNonce = (run.details.authextra as { nonce: string }).nonce;
    const nonce = extendScramNonce(clientNonce);
    const { signature } = await challenge(run.router, 'wamp-scram', { ...costs, nonce, memory: null });
    const authMessage = scramAuthMessage({ authid: 'eve', clientNonce, nonce, ...costs });
    const keys = await deriveScramKeys('s3cret', costs);
    return { ...run, verdict: await verifyScramProof({ ...keys, authMessage, proof: signature }) };
  }

  test('proves the password, and takes a router that knows it', async () => {
    const { router, exitCode, verdict } = await prove();
    expect(verdict.ok).toBe(true);
    await finish(router, exitCode, { authextra: { verifier: verdict.verifier } });
  });

  test('leaves one that does not: exit 3', async () => {
    const { router, exitCode, shell } = await prove();
    router.send(new Welcome(1, { roles: {}, authextra: { verifier: 'AAAA' } }));
    expect((await router.expect(Abort)).reason).toBe(ErrorUri.AuthenticationFailed);
    expect(await exitCode).toBe(3);
    expect(shell.err()).toContain('the router does not prove that it knows the password');
  });
});

describe('CS-03: --private-key', () => {
  const { privateKey, publicKey } = generateCryptosignKey();
  const asked = 'ab'.repeat(32);
  const pem = generateKeyPairSync('ed25519').privateKey;
  const pemSeed = Buffer.from(pem.export({ format: 'jwk' }).d as string, 'base64url').toString('hex');
  const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;

  test.each([
    ['hex', fileOf('a.key', `${privateKey}\n`), publicKey],
    [
      'a key file of Autobahn',
      fileOf(
        'b.key',
        `This is a key\n\npublic-key-ed25519: ${publicKey}\nprivate-key-ed25519: ${privateKey}\n`,
      ),
      publicKey,
    ],
    [
      'PEM',
      fileOf('c.pem', pem.export({ format: 'pem', type: 'pkcs8' }) as string),
      cryptosignPublicKey(pemSeed),
    ],
  ])('signs by a file with %s', async (_name, file, pubkey) => {
    const { router, exitCode, details, shell } = await greet(['--private-key', file]);
    expect(details.authextra).toEqual({ pubkey });
    const { signature } = await challenge(router, 'cryptosign', { challenge: asked });
    expect(verifyCryptosign(pubkey, signature, asked)).toBe(true);
    await finish(router, exitCode);
    expect(shell.err()).toBe('');
  });

  test.each([
    [
      'a PEM of RSA',
      fileOf('rsa.pem', rsa.export({ format: 'pem', type: 'pkcs8' }) as string),
      'is no private key of Ed25519',
    ],
    [
      'a PEM with a password',
      fileOf(
        'locked.pem',
        pem.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }) as string,
      ),
      'has a password',
    ],
    ['a short key', fileOf('short.key', privateKey.slice(1)), 'no private key in it'],
    ['a public key file', fileOf('none.key', ''), 'no private key in it'],
  ])('refuses %s', async (_name, file, message) => {
    const { exitCode, shell } = start(['--private-key', file, 'call', 'com.x']);
    expect(await exitCode).toBe(1);
    expect(shell.err()).toContain(`--private-key: ${message === 'has a password' ? 'the PEM' : ''}`);
    expect(shell.err()).toContain(message);
  });

  test.each([
    ['itself', (key: string) => key],
    ['in a file', (key: string) => fileOf('router.pub', `${key}\n`)],
    ['in @file', (key: string) => `@${fileOf('router.pub', `${key}\n`)}`],
  ])('CS-05: --router-key, %s, is proven by the router', async (_name, given) => {
    const routerKeys = generateCryptosignKey();
    const argv = [
      '--private-key',
      'env:K',
      '--authid',
      'device-1',
      '--router-key',
      given(routerKeys.publicKey),
    ];
    const { router, exitCode, details } = await greet(argv, { env: { K: privateKey } });
    expect(details.authid).toBe('device-1');
    const mine = (details.authextra as { challenge: string }).challenge;
    const proof = { pubkey: routerKeys.publicKey, signature: signCryptosign(routerKeys.privateKey, mine) };
    await challenge(router, 'cryptosign', { challenge: asked, ...proof });
    await finish(router, exitCode);
  });

  test('CS-05: a router without that key is left: exit 3', async () => {
    const argv = ['--private-key', 'env:K', '--router-key', publicKey];
    const { router, exitCode, shell } = await greet(argv, { env: { K: privateKey } });
    router.send(new Challenge('cryptosign', { challenge: asked }));
    expect((await router.expect(Abort)).reason).toBe(ErrorUri.AuthenticationFailed);
    expect(await exitCode).toBe(3);
    expect(shell.err()).toContain('the router does not prove who it is');
  });
});

test('CS-04: --channel-binding wants a TLS channel: exit 1', async () => {
  const { privateKey } = generateCryptosignKey();
  const argv = ['--private-key', 'env:K', '--channel-binding', 'tls-exporter', 'call', 'com.x'];
  const { exitCode, shell } = start(argv, createShell({ env: { K: privateKey } }));
  expect(await exitCode).toBe(1);
  expect(shell.err()).toContain('channelBinding "tls-exporter": this memory transport has none to offer');
});

test('SCRAM-08: an authid that SASLprep prohibits is a usage error', async () => {
  const argv = ['--authid', 'e\u0007ve', '--password', 'env:P', 'call', 'com.x'];
  const { exitCode, shell } = start(argv, createShell({ env: { P: 's3cret' } }));
  expect(await exitCode).toBe(1);
  expect(shell.err()).toContain('cannot be used by SASLprep');
});

test('AUTH-01: --jwt sends the token, and an authid only when there is one', async () => {
  const { router, exitCode, details } = await greet(['--jwt', 'env:T'], { env: { T: 'ey.J.W' } });
  expect('authid' in details).toBe(false);
  expect((await challenge(router, 'jwt')).signature).toBe('ey.J.W');
  await finish(router, exitCode);
});
