import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasChromium, launchChromium } from '../src/chromium.js';
import { readBlocks } from './read-blocks.js';
import { Shell } from './shell.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const blocks = readBlocks(readFileSync(`${root}README.md`, 'utf8'));
const minutes = 60_000;
// What the README shows is what a terminal shows; a pipe gets JSON. util-linux's script is the terminal.
const onTerminal = true;

// The README says port 8080, so that port it must be; with another program on it, the test is skipped, visibly.
describe.skipIf(await isTaken(8080))("the README's quick start, as it is written", () => {
  let router: Shell;
  beforeAll(async () => {
    router = type('router');
    await router.waitForText('ws://127.0.0.1:8080/ws');
  }, 3 * minutes);
  afterAll(async () => {
    await router.terminate();
  }, minutes);

  test('register and call', { timeout: minutes }, async () => {
    await using callee = type('register');
    await callee.waitForText('com.example.echo');
    await using caller = type('call', onTerminal);
    expect(await caller.end()).toBe(0);
    expect(caller.text).toBe(blocks['call prints']);
  });

  test('subscribe and publish', { timeout: minutes }, async () => {
    await using subscriber = type('subscribe');
    await subscriber.waitForText('com.example.news');
    await using publisher = type('publish');
    expect(await publisher.end()).toBe(0);
    await subscriber.waitForText('it works');
  });

  test('the program', { timeout: minutes }, async () => {
    const { stdout } = await runModule(blocks.program as string);
    expect(stdout.trim()).toBe(blocks['program prints']);
  });

  test('the Node example', { timeout: minutes }, async () => {
    const { stdout } = await run(process.execPath, ['examples/node/index.mjs'], { cwd: root });
    expect(stdout.trim().split('\n')).toEqual([
      '10 / 4 = 2.5',
      '1 / 0 is an error: com.example.error.zero [ 1 ]',
      'counted 1',
      'counted 2',
      'counted 3',
      "com.example.sensor.kitchen [ 21.5 ] { unit: 'C' }",
    ]);
  });

  test.skipIf(!hasChromium)('the page and the shell talk to each other', { timeout: minutes }, async () => {
    await using server = new Shell(`${blocks.page} 0`, { cwd: root });
    await server.waitForText('open http://');
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(/http:\S+/.exec(server.stdout)?.[0] as string);
      await vi.waitFor(async () => expect(await page.textContent('#status')).toContain('joined'));
      await using caller = new Shell('npx wamp-cli call com.example.page.hello you', { cwd: root });
      expect(await caller.end()).toBe(0);
      expect(caller.stdout).toContain('Hello you, says the page');

      await using publisher = type('publish');
      expect(await publisher.end()).toBe(0);
      await vi.waitFor(async () => expect(await page.textContent('#events')).toContain('it works'));
    } finally {
      await browser.close();
    }
  });

  test('BP-SESS-08: SIGTERM to npm ends the router', { timeout: minutes }, async () => {
    await router.terminate();
    expect(await isTaken(8080)).toBe(false);
  });
});

/** Types the command of a block into a terminal of its own. */
function type(block: string, terminal = false): Shell {
  return new Shell(blocks[block] as string, { cwd: root, terminal });
}

/** Runs a module where the client can be imported. */
function runModule(code: string): Promise<{ stdout: string }> {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  return run(process.execPath, ['--input-type=module', '--eval', code], { cwd });
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
