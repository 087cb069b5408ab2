import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallError, type Client, connect, result } from '@wampkit/client';
import { testTls } from '@wampkit/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { run } from './run.js';

let router: TestRouter;
let callee: Client;
let folder: string;

beforeAll(async () => {
  router = await startRouter();
  folder = mkdtempSync(join(tmpdir(), 'wamp-cli-'));
  writeFileSync(join(folder, 'ca.pem'), testTls().cert);
  writeFileSync(join(folder, 'ticket'), 'joe-ticket\n');
  callee = await connect('', { realm: 'realm1', peer: router.attachPeer() });
  await callee.register('com.example.echo', ({ args, kwargs }) => result({ args, kwargs }));
  await callee.register(
    'com.example.never',
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  );
  await callee.register('com.example.fail', () => {
    throw new CallError('', { uri: 'com.example.error.full', args: ['no room'], kwargs: { limit: 7 } });
  });
  await callee.register('com.example.count', async function* ({ value }) {
    for (let number = 1; number < Number(value); number++) yield number;
    return value;
  });
});

afterAll(async () => {
  await callee?.close();
  await router?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const call = (...argv: string[]) => run('call', '--url', router.url('ws'), ...argv);

describe('values survive the way through the router and back', () => {
  const values = [
    ...['5', '-7', '1.5', 'text', '"5"', 'null', '[1,{"a":[]}]', '0x00ff', '9007199254740991'],
    ...['k=v', 'b:={"$bytes":"AQID"}', 'é=ü', 's="0x00"'],
  ];
  const expected = {
    args: [5, -7, 1.5, 'text', '5', null, [1, { a: [] }], { $bytes: 'AP8=' }, 9007199254740991],
    kwargs: { k: 'v', b: { $bytes: 'AQID' }, é: 'ü', s: '0x00' },
  };
  test.each(['json', 'msgpack', 'cbor'])('%s', async (serializer) => {
    const { exitCode, out, err } = await call('com.example.echo', ...values, '--serializer', serializer);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(JSON.parse(out)).toEqual(expected);
  });

  test.each(['json', 'msgpack', 'cbor'])('%s: 64-bit integers to the last digit', async (serializer) => {
    const text = '[9007199254740993,18446744073709551615,-9223372036854775808]';
    const { out } = await call('com.example.echo', text, '--serializer', serializer, '--value');
    expect(out).toBe(`${text}\n`);
  });

  test('--raw prints binary as it is', async () => {
    expect((await call('com.example.echo', '0x00ff0a', '--raw')).out).toBe('\x00\xff\n');
  });
});

describe('exit codes', () => {
  test('4: an ERROR of the callee, with URI, args and kwargs', async () => {
    const { exitCode, out, err } = await call('com.example.fail');
    expect({ exitCode, out }).toEqual({ exitCode: 4, out: '' });
    expect(err).toContain('com.example.error.full');
    expect(err).toContain('args: ["no room"]');
    expect(err).toContain('kwargs: {"limit":7}');
  });

  test('4: no such procedure, as data with --json', async () => {
    const { exitCode, out, err } = await call('com.example.nothing', '--json');
    expect(exitCode).toBe(4);
    expect(err).toContain('wamp.error.no_such_procedure');
    expect(JSON.parse(out)).toMatchObject({ error: 'wamp.error.no_such_procedure' });
  });

  test('2: nobody listens', async () => {
    const { exitCode, err } = await run('call', 'com.x', '--url', 'ws://127.0.0.1:9/ws');
    expect(exitCode).toBe(2);
    expect(err).toContain('127.0.0.1:9');
  });

  test('3: no such realm', async () => {
    const { exitCode, err } = await call('com.x', '--realm', 'nowhere');
    expect(exitCode).toBe(3);
    expect(err).toContain('wamp.error.no_such_realm');
  });

  test('5 and 6: a call that takes too long, and one that is canceled', async () => {
    expect((await call('com.example.never', '--timeout', '50ms')).exitCode).toBe(5);
    expect((await call('com.example.never', '--cancel-after', '50ms')).exitCode).toBe(6);
    const killed = await call('com.example.never', '--cancel-after', '50ms', '--cancel-mode', 'kill');
    expect(killed.exitCode).toBe(6);
  });
});

describe('authentication', () => {
  const joe = (...argv: string[]) =>
    call('wamp.session.count', '--realm', 'tickets', '--value', '--authid', 'joe', ...argv);

  test('a ticket from a file', async () => {
    expect(await joe('--ticket-file', join(folder, 'ticket'))).toEqual({ exitCode: 0, out: '1\n', err: '' });
    expect(await joe('--ticket', `@${join(folder, 'ticket')}`)).toEqual({ exitCode: 0, out: '1\n', err: '' });
  });

  test('a wrong ticket, and none', async () => {
    const wrong = await joe('--ticket', 'nonsense');
    expect(wrong.exitCode).toBe(3);
    expect(wrong.err).toContain('seen by all users');
    expect(wrong.err).toMatch(/wamp\.error\.authentication_(denied|failed)/);
    expect((await joe()).exitCode).toBe(3);
  });

  test('what is not allowed is an ERROR with its URI', async () => {
    const { exitCode, err } = await call('com.example.closed', '--realm', 'quiet');
    expect(exitCode).toBe(4);
    expect(err).toContain('wamp.error.not_authorized');
  });
});

describe('transports', () => {
  const schemes = ['ws', 'tcp', 'unix'] as const;
  test.each(schemes)('%s', async (scheme) => {
    const outcome = await run('--url', router.url(scheme), 'call', 'com.example.echo', '1', '--value');
    expect(outcome).toEqual({ exitCode: 0, out: '1\n', err: '' });
  });

  test.each(['wss', 'tcps'] as const)('%s: with the authority, without, and insecure', async (scheme) => {
    const secure = (...argv: string[]) =>
      run('call', 'com.example.echo', '1', '--value', '--url', router.url(scheme), ...argv);
    expect(await secure('--tls-ca', join(folder, 'ca.pem'))).toEqual({ exitCode: 0, out: '1\n', err: '' });
    expect((await secure()).exitCode).toBe(2);
    expect((await secure('--insecure')).exitCode).toBe(0);
  });
});

test('progressive results are printed one by one', async () => {
  const { out } = await call('com.example.count', '3', '--progress', '--value');
  expect(out).toBe('1\n2\n3\n');
});

test('publish --ack; a publisher that excludes nobody receives nothing it does not subscribe to', async () => {
  const { exitCode, out } = await run(
    'publish',
    '--url',
    router.url('ws'),
    'com.example.topic',
    '1',
    '--ack',
    '--no-exclude-me',
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(out).publication).toBeGreaterThan(0);
});

test('conformance: one line for each check, and TAP', async () => {
  const url = router.url('ws');
  const { exitCode, out, err } = await run('conformance', url, '--only', 'BP-ID-02,bp-rpc-01');
  expect(exitCode).toBe(0);
  for (const line of out.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ outcome: 'passed' });
  expect(err).toMatch(/\d+ passed, 0 failed, 0 skipped/);
  expect((await run('conformance', url, '--only', 'BP-RPC-01', '--tap')).out).toMatch(
    /^TAP version 14\nok 1 - BP-RPC-01/,
  );
  expect((await run('conformance', url, '--only', 'XX-')).exitCode).toBe(1);
  expect((await run('conformance', 'ws://127.0.0.1:9/ws')).exitCode).toBe(2);
});

test('conformance: --credentials gives checks of authentication what they need, and is never quoted', async () => {
  const file = join(folder, 'credentials.json');
  const tryWith = (text: string) => {
    writeFileSync(file, text);
    return run('conformance', router.url('ws'), '--only', 'TICK-01', '--credentials', file);
  };
  const { out } = await tryWith('{"ticket":{"authid":"joe","ticket":"SECRET"}}');
  // this router lets everybody in without: the checks run, and find no such method
  expect(out).toContain('"outcome":"failed"');
  expect((await run('conformance', router.url('ws'), '--only', 'TICK-01')).out).not.toContain('failed');
  for (const [text, fault] of [
    ['SECRET', 'it is no JSON'],
    ['["SECRET"]', 'holds no object'],
    ['{"tiket":{}}', 'there are no checks of "tiket"'],
    ['{"ticket":{"authid":"SECRET"}}', 'ticket lacks ticket'],
    ['{"cryptosign":"SECRET"}', 'cryptosign lacks privateKey'],
  ] as const) {
    const { exitCode, err } = await tryWith(text);
    expect([exitCode, err]).toEqual([1, expect.stringContaining(fault)]);
    expect(err).not.toContain('SECRET');
  }
  const none = await run('conformance', router.url('ws'), '--credentials', join(folder, 'none'));
  expect(none.err).toContain('cannot be read (ENOENT)');
});

test.each(['http', 'https'] as const)('LP-01: a call over long-poll, %s', async (scheme) => {
  const trust = scheme === 'https' ? ['--tls-ca', join(folder, 'ca.pem')] : [];
  const outcome = await run('call', '--url', router.url(scheme), ...trust, 'com.example.echo', '7');
  expect(outcome).toMatchObject({ exitCode: 0, err: '' });
  expect(outcome.out).toContain('7');
});
