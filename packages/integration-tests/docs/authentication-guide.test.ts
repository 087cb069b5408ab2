import { execFile, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadConfig, type RunningRouter, startRouterApp } from '@wampkit/router-app';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command } from '../cli/spawn-cli.js';

const run = promisify(execFile);
const page = readFileSync(new URL('../../../docs/guide/authentication.md', import.meta.url), 'utf8');
const cwd = fileURLToPath(new URL('..', import.meta.url));
const fromSource = ['--conditions=@wampkit/source', '--import', 'tsx', '--input-type=module', '--eval'];

/** The blocks of a kind, by name: `<!-- KIND: NAME -->` stands right above the fence. */
function blocksOf(kind: string): [name: string, text: string][] {
  const blocks = page.matchAll(/<!-- (\w+): (.+?) -->\n```\w+\n([\s\S]*?)\n```/g);
  return [...blocks]
    .filter(([, of]) => of === kind)
    .map(([, , name, text]) => [name as string, text as string]);
}

const configs = new Map(blocksOf('config'));
let folder: string;
let router: RunningRouter;

async function startByConfig(name: string): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'authentication-guide-'));
  const file = join(folder, 'router.yaml');
  // any free port, and no log
  const text = (configs.get(name) as string).replace('127.0.0.1:8080', '127.0.0.1:0');
  writeFileSync(file, `${text}\nlog: { level: silent }\n`);
  router = await startRouterApp(loadConfig(file));
}

async function stop(): Promise<void> {
  await router?.close();
  rmSync(folder, { recursive: true });
}

const atRouter = (text: string) => text.replaceAll('ws://127.0.0.1:8080/ws', router.urls[0] as string);

async function runProgram(text: string): Promise<string> {
  const { stdout } = await run(process.execPath, [...fromSource, atRouter(text)], { cwd });
  return stdout.trim();
}

async function runShell(line: string): Promise<string> {
  const [, key] = /cryptosign\('([0-9a-f]{64})'\)/.exec(page) as unknown as [string, string];
  const typed = line.replace('wamp-cli', `${command} --url ${router.urls[0]}`);
  const env = { ...process.env, DEVICE_KEY: key, TOKEN: tokenOf('tom') };
  const { stdout } = await run('bash', ['-c', typed], { cwd, env });
  return stdout.trim();
}

function tokenOf(sub: string): string {
  const claims = { sub, role: 'user', aud: 'wamp', exp: Math.floor(Date.now() / 1000) + 60 };
  const parts = [{ alg: 'HS256' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const [, key] = /method: jwt, key: ([^,]+)/.exec(page) as unknown as [string, string];
  return [...parts, createHmac('sha256', key).update(parts.join('.')).digest('base64url')].join('.');
}

const patience = 60_000;

describe('the config of all methods', () => {
  beforeAll(() => startByConfig('static'));
  afterAll(stop);

  test.each(blocksOf('client'))(
    'AUTH-03: %s joins by the program',
    { timeout: patience },
    async (name, text) => {
      expect(await runProgram(text)).toMatch(new RegExp(`^${name}`));
    },
  );

  test.each(blocksOf('shell'))(
    'AUTH-03: %s joins by the shell',
    { timeout: patience },
    async (_name, line) => {
      expect(await runShell(line)).toContain('[1]');
    },
  );
});

describe('the config of a procedure', () => {
  let backend: ReturnType<typeof spawn>;
  beforeAll(async () => {
    await startByConfig('dynamic');
    const [[, text]] = blocksOf('backend') as [[string, string]];
    backend = spawn(process.execPath, [...fromSource, atRouter(text)], {
      cwd,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      backend.stdout?.once('data', () => resolve());
      backend.once('exit', () => reject(new Error('the procedure ended')));
    });
  }, patience);
  afterAll(async () => {
    backend?.kill();
    await stop();
  });

  test.each(blocksOf('client').filter(([name]) => ['joe', 'bob'].includes(name)))(
    'DYN-01: %s joins by the program',
    { timeout: patience },
    async (name, text) => {
      expect(await runProgram(text)).toBe(name);
    },
  );

  test('DYN-01: nobody else does', { timeout: patience }, async () => {
    const [, text] = blocksOf('client').find(([name]) => name === 'joe') as [string, string];
    await expect(runProgram(text.replace('joe-ticket', 'guess'))).rejects.toThrow(
      /no_such_principal|nobody I know/,
    );
  });
});
