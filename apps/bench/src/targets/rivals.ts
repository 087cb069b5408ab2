import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Start, Target } from './target.js';

const configs = fileURLToPath(new URL('../../rivals/', import.meta.url));
/** Where `install-rivals.sh` puts them. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wampkit', 'rivals');

const both = ['websocket', 'rawsocket'] as const;
const all = ['json', 'msgpack', 'cbor'];

/** Writes a config template with the port and transport of this start filled in; returns its folder. */
function fillIn(template: string, name: string, { port, transport, folder }: Start): string {
  const filled = readFileSync(join(configs, template), 'utf8')
    .replace('"PORT"', String(port))
    .replaceAll(':PORT', `:${port}`)
    .replaceAll('TRANSPORT', transport);
  const target = join(folder, name);
  mkdirSync(join(target, '..'), { recursive: true });
  writeFileSync(target, filled);
  return join(target, '..');
}

/** The version of a Go module that rivals/go/go.mod asks for, when its program is built. */
function goVersion(program: string, module: string): string | null {
  if (!existsSync(join(cache, 'bin', program))) return null;
  const found = new RegExp(`${module} v(\\S+)`).exec(readFileSync(join(configs, 'go/go.mod'), 'utf8'));
  return found?.[1] ?? null;
}

const nexusd: Target = {
  name: 'nexusd',
  node: false,
  transports: both,
  serializers: all,
  version: () => goVersion('nexusd', 'nexus/v3'),
  command: ({ port, transport }) => ({
    argv: [
      join(cache, 'bin/nexusd'),
      '-c',
      join(configs, 'nexusd.json'),
      transport === 'websocket' ? '-ws' : '-tcp',
      `127.0.0.1:${port}`,
    ],
  }),
};

const nxt: Target = {
  name: 'nxt',
  node: false,
  transports: both,
  serializers: all,
  version: () => goVersion('nxt', 'xconn-go'),
  command: (start) => {
    fillIn('nxt.yaml', '.nxt/config.yaml', start);
    return { argv: [join(cache, 'bin/nxt'), 'start', '-c', start.folder] };
  },
};

const crossbar: Target = {
  name: 'crossbar',
  node: false,
  transports: both,
  serializers: all,
  version: () => {
    const lib = join(cache, 'crossbar-venv/lib');
    if (!existsSync(lib)) return null;
    const packages = readdirSync(lib).flatMap((python) => readdirSync(join(lib, python, 'site-packages')));
    return (
      packages.map((name) => /^crossbar-(.+)\.dist-info$/.exec(name)?.[1]).find((v) => v !== undefined) ??
      null
    );
  },
  command: (start) => ({
    argv: [
      join(cache, 'crossbar-venv/bin/crossbar'),
      'start',
      '--cbdir',
      fillIn('crossbar.json', '.crossbar/config.json', start),
    ],
  }),
};

const foxWampFolder = join(cache, 'fox-wamp');

const foxWamp: Target = {
  name: 'fox-wamp',
  node: true,
  transports: ['websocket'],
  serializers: ['json'],
  version: () => {
    const manifest = join(foxWampFolder, 'node_modules/fox-wamp/package.json');
    return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : null;
  },
  command: ({ port }) => ({
    argv: [process.execPath, join(configs, 'fox-wamp.cjs'), String(port)],
    cwd: foxWampFolder,
  }),
};

/** Other people's routers, each with what it announces to speak. */
export const rivals: readonly Target[] = [nexusd, nxt, crossbar, foxWamp];
