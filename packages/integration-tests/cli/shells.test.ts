import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, connect } from '@wampkit/client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startRouter, type TestRouter } from '../src/start-router.js';
import { command, spawnCli, spawnShell } from './spawn-cli.js';

/* wamp-cli in processes of its own: what depends on signals, pipes and several shells. */

let router: TestRouter;
let url: string;
let client: Client;
let folder: string;

beforeAll(async () => {
  router = await startRouter();
  url = router.url('ws');
  folder = mkdtempSync(join(tmpdir(), 'wamp-cli-'));
  client = await connect('', { realm: 'realm1', peer: router.attachPeer() });
});

afterAll(async () => {
  await client?.close();
  await router?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const sessionCount = async () => (await client.call('wamp.session.count')).value;

describe('between shells', () => {
  test('subscribe prints what publish publishes', async () => {
    const subscriber = spawnCli('subscribe', 'com.a', 'com.b', '--count', '4', '--url', url);
    await subscriber.says('subscribed to com.b');
    const publisher = spawnCli('--url', url, 'publish', 'com.a', '1', 'k=two', '--ack');
    expect(await publisher.exit).toBe(0);
    expect(JSON.parse(publisher.out()).publication).toBeGreaterThan(0);
    const lines = spawnCli('publish', 'com.b', '--lines', '-u', url);
    lines.child.stdin.end('{"x":1}\ntext\n3\n');
    expect(await lines.exit).toBe(0);
    expect(await subscriber.exit).toBe(0);
    expect(subscriber.out().trimEnd().split('\n')).toEqual([
      '{"topic":"com.a","args":[1],"kwargs":{"k":"two"}}',
      '{"topic":"com.b","args":[{"x":1}],"kwargs":{}}',
      '{"topic":"com.b","args":["text"],"kwargs":{}}',
      '{"topic":"com.b","args":[3],"kwargs":{}}',
    ]);
  });

  test('register --exec answers call; Ctrl-C ends it in good order', async () => {
    const before = await sessionCount();
    const callee = spawnCli('register', 'com.add', '--exec', 'echo $(($1 + $2))', '--url', url);
    await callee.says('registered com.add');
    const caller = spawnCli('call', 'com.add', '2', '3', '--url', url);
    expect(await caller.exit).toBe(0);
    expect(caller.out()).toBe('{"args":[5],"kwargs":{}}\n');
    await expect(client.call('com.add', { args: ['x +'] })).rejects.toMatchObject({
      uri: 'wamp.error.runtime_error',
    });
    callee.child.kill('SIGINT');
    expect(await callee.exit).toBe(130);
    expect(callee.out()).toContain('{"procedure":"com.add","args":[2,3],"kwargs":{}}\n');
    await vi.waitFor(async () => expect(await sessionCount()).toBe(before));
    await expect(client.call('com.add')).rejects.toMatchObject({ uri: 'wamp.error.no_such_procedure' });
  });

  test('a call that is canceled kills the command and what it started', async () => {
    const file = join(folder, 'pid');
    const callee = spawnCli(
      'register',
      'com.slow',
      '--exec',
      `sleep 60 & echo $! > ${file}; wait`,
      '--url',
      url,
    );
    await callee.says('registered com.slow');
    const cancel = new AbortController();
    const call = client.call('com.slow', {}, { signal: cancel.signal });
    await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, 'utf8')).toMatch(/\d+\n/), {
      timeout: 5000,
    });
    cancel.abort();
    await expect(call).rejects.toThrow();
    const pid = Number(readFileSync(file, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), { timeout: 5000 });
    callee.child.kill('SIGTERM');
    expect(await callee.exit).toBe(143);
  });
});

describe('ends', () => {
  test('Ctrl-C in a call: canceled, 130', async () => {
    const callee = await client.register(
      'com.wait',
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const caller = spawnCli('call', 'com.wait', '--url', url, '-vv');
    await caller.says('-> CALL');
    caller.child.kill('SIGINT');
    expect(await caller.exit).toBe(130);
    expect(caller.err()).toContain('-> CANCEL');
    expect(caller.err()).toContain('-> GOODBYE');
    await callee.unregister();
  });

  test('| head -1: ends with 0 and says nothing', async () => {
    const pipe = spawnShell(
      `${command} subscribe com.t --url ${url} 2> ${folder}/err | head -1; echo "\${PIPESTATUS[0]}"`,
    );
    await vi.waitFor(() => expect(readFileSync(join(folder, 'err'), 'utf8')).toContain('subscribed'), {
      timeout: 10_000,
    });
    const stop = setInterval(() => void client.publish('com.t', { args: ['x'.repeat(100)] }), 20);
    expect(await pipe.exit).toBe(0);
    clearInterval(stop);
    expect(pipe.out().split('\n').at(-2)).toBe('0');
    expect(readFileSync(join(folder, 'err'), 'utf8')).toBe(
      'subscribed to com.t (subscription 1)\n'.replace(
        '1',
        readFileSync(join(folder, 'err'), 'utf8').match(/\d+/)?.[0] ?? '',
      ),
    );
  });

  test('7: the router goes', async () => {
    const other = await startRouter();
    const subscriber = spawnCli('subscribe', 'com.t', '--url', other.url('ws'), '-q');
    await vi.waitFor(
      async () => {
        const watcher = await connect('', { realm: 'realm1', peer: other.attachPeer() });
        const { value } = await watcher.call('wamp.session.count');
        await watcher.close();
        expect(value).toBe(2);
      },
      { timeout: 10_000, interval: 100 },
    );
    await other[Symbol.asyncDispose]();
    expect(await subscriber.exit).toBe(7);
    expect(subscriber.err()).toContain('error: ');
  });

  test('output is flushed before the process ends', async () => {
    await client.register('com.big', () => 'x'.repeat(3_000_000));
    const pipe = spawnShell(`${command} call com.big --raw --url ${url} | wc -c`);
    expect(await pipe.exit).toBe(0);
    expect(pipe.out().trim()).toBe('3000001');
  });
});
