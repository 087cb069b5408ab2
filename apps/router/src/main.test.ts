// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the config's own syntax
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { CloseUri, Goodbye, Hello, type Message, MessageCode, type Peer, Register } from '@wampkit/protocol';
import { jsonSerializer } from '@wampkit/serializer';
import { connectPeer } from '@wampkit/transport';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { version } from './version.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = fileURLToPath(new URL('main.ts', import.meta.url));
const reference = fileURLToPath(new URL('../../../docs/reference/router.yaml', import.meta.url));

let folder: string;
const started: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wampkit-router-'));
});
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A `wamp-router` of source, as a process. */
function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, preload?: string) {
  const child = spawn(
    process.execPath,
    [
      ...['--conditions=@wampkit/source', '--import', 'tsx'],
      ...(preload === undefined ? [] : ['--import', `data:text/javascript,${preload}`]),
      ...[main, ...args],
    ],
    {
      cwd: root,
      env: { ...process.env, WAMP_ROUTER_CONFIG: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  started.push(child);
  const out: string[] = [];
  const err: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => out.push(line));
  createInterface({ input: child.stderr! }).on('line', (line) => err.push(line));
  const closed = once(child, 'close').then(([code]) => code as number | null);
  return { child, out, err, closed };
}

/** The messages of a JSON log. */
function messages(lines: readonly string[]): string[] {
  return lines.map((line) => JSON.parse(line).msg);
}

/** Runs a router until its banner, and tells the URL in it. */
async function start(
  args: readonly string[] = ['--listen', '127.0.0.1:0'],
  env: NodeJS.ProcessEnv = {},
  preload?: string,
) {
  const router = run([...args, '--log-format', 'json'], env, preload);
  const url = await vi.waitFor(
    () => {
      const found = /listens on ((?:ws|tcp):\/\/\S+)/.exec(messages(router.out).join('\n'));
      if (found === null) throw new Error(`no banner: ${router.err.join('\n')}`);
      return found[1]!;
    },
    { timeout: 10_000 },
  );
  return { ...router, url };
}

/** Joins realm1, keeps what comes, and answers GOODBYE unless told not to. */
async function join1(
  url: string,
  { polite = true } = {},
): Promise<{ peer: Peer; received: Message[]; closed: Promise<void> }> {
  const peer = await connectPeer(url, { serializers: [jsonSerializer] });
  const received: Message[] = [];
  peer.onMessage = (message) => {
    received.push(message);
    if (polite && message.code === MessageCode.Goodbye) peer.send(new Goodbye({}, CloseUri.GoodbyeAndOut));
  };
  const closed = new Promise<void>((resolve) => {
    peer.onClose = () => resolve();
  });
  peer.send(new Hello('realm1', { roles: { caller: {}, callee: {} } }));
  await vi.waitFor(() => expect(received[0]?.code).toBe(MessageCode.Welcome));
  return { peer, received, closed };
}

describe('wamp-router', () => {
  test('BP-SESS-08: without a config serves realm1; SIGTERM says GOODBYE to all and exits with 0', async () => {
    const router = await start();
    expect(messages(router.out)[0]).toBe(
      `wampkit router ${version} listens on ${router.url} (WebSocket, RawSocket and HTTP; json, msgpack, cbor), realm realm1 is open to everyone on this address`,
    );
    await vi.waitFor(() => {
      expect(messages(router.out)[1]).toBe(
        `try: npx wamp-cli subscribe com.example.hello --url ${router.url}`,
      );
    });
    const session = await join1(router.url);
    router.child.kill('SIGTERM');
    expect(await router.closed).toBe(0);
    await session.closed;
    expect(session.received.at(-1)).toMatchObject({
      code: MessageCode.Goodbye,
      reason: 'wamp.close.system_shutdown',
    });
    expect(messages(router.out).at(-1)).toBe('closed');
    expect(router.err).toEqual([]);
  });

  test('BP-SESS-08: SIGINT does the same', async () => {
    const router = await start();
    const session = await join1(router.url);
    router.child.kill('SIGINT');
    expect(await router.closed).toBe(0);
    expect(session.received.at(-1)).toMatchObject({ code: MessageCode.Goodbye });
  });

  test('a second signal exits at once', async () => {
    const router = await start();
    // A peer that answers no GOODBYE: its session keeps the first signal waiting.
    const session = await join1(router.url, { polite: false });
    session.peer.send(new Register(1, {}, 'com.example.idle'));
    await vi.waitFor(() => expect(session.received.at(-1)?.code).toBe(MessageCode.Registered));
    router.child.kill('SIGTERM');
    await vi.waitFor(() => expect(session.received.at(-1)?.code).toBe(MessageCode.Goodbye));
    router.child.kill('SIGTERM');
    expect(await router.closed).toBe(143);
  });

  test('answers /health', async () => {
    const router = await start();
    const http = router.url.replace(/^ws/, 'http').replace(/\/ws$/, '');
    const health = await fetch(`${http}/health`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ready' }]);
    const other = await fetch(`${http}/metrics`);
    expect([other.status, await other.text()]).toEqual([404, 'not found\n']);
  });

  test('starts with the reference file, and warns of what is not built yet', async () => {
    const file = join(folder, 'reference.yaml');
    writeFileSync(
      file,
      readFileSync(reference, 'utf8').replace(/127\.0\.0\.1:84?[48]?[048][03]/g, '127.0.0.1:0'),
    );
    const router = await start(['--config', file]);
    const log = messages(router.out);
    expect(log.filter((line) => line.includes('not built yet'))).toHaveLength(1);
    await vi.waitFor(() => {
      expect(messages(router.out).filter((line) => line.includes(' listens on '))).toHaveLength(2);
    });
    expect(log.join('\n')).not.toContain('open to everyone');
    await join1(router.url);
  });

  test('takes the config that the environment names', async () => {
    const file = join(folder, 'env.yaml');
    writeFileSync(file, 'listeners: [{ bind: "127.0.0.1:${PORT:-0}", protocols: [rawsocket] }]');
    const router = await start([], { WAMP_ROUTER_CONFIG: file });
    expect(router.url).toMatch(/^tcp:/);
  });

  test('a bad config: every problem on standard error, exit code 1, nothing started', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'listners: []\nrealms:\n  - name: realm1\n    metaAPI: true\n');
    const router = run(['start', '--config', file]);
    expect(await router.closed).toBe(1);
    expect(router.err).toEqual([
      'bad.yaml:1:1: listners: unknown key; did you mean listeners?',
      'bad.yaml:4:5: realms[0].metaAPI: unknown key; did you mean metaApi?',
    ]);
    expect(router.out).toEqual([]);
  });

  test('an address in use: says so, exit code 1', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    try {
      const router = run(['--listen', `127.0.0.1:${port}`]);
      expect(await router.closed).toBe(1);
      expect(router.err).toEqual([
        `cannot listen on 127.0.0.1:${port}: the address is in use (EADDRINUSE); choose another with --listen, or in the config`,
      ]);
    } finally {
      server.close();
    }
  });

  test.each([
    ['uncaught exception', "process.on('SIGUSR2',()=>{throw new Error('boom')})"],
    ['unhandled rejection', "process.on('SIGUSR2',()=>{Promise.reject(new Error('boom'))})"],
  ])('an %s is logged and ends the process with 1', async (what, preload) => {
    const router = await start(undefined, {}, preload);
    router.child.kill('SIGUSR2');
    expect(await router.closed).toBe(1);
    expect(JSON.parse(router.out.at(-1)!)).toMatchObject({
      level: 'fatal',
      msg: what,
      err: { message: 'boom' },
    });
  });

  test('goes on when nobody reads its log any more', async () => {
    const router = await start();
    router.child.stdout!.destroy();
    for (let session = 0; session < 3; session++) await join1(router.url);
    router.child.kill('SIGTERM');
    expect(await router.closed).toBe(0);
  });
});
