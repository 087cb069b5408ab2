import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cryptosignPublicKey } from '@wampkit/client/auth/cryptosign';
import { vi } from 'vitest';
import type { Lacks } from './feature.js';
import type { ForeignCell } from './foreign-client.js';
import { installed } from './installed.js';

type Ports = Readonly<Record<ForeignCell['transport'], number>>;

/** Somebody else's router that runs. Its realm `realm1` is open; joe has the ticket `joe-ticket` unless it lacks tickets. */
export interface RunningRouter extends AsyncDisposable {
  /** A URL as our client takes it. */
  url(transport: ForeignCell['transport']): string;
}

/** Somebody else's router. */
export interface OtherRouter {
  readonly isInstalled: boolean;
  start(): Promise<RunningRouter>;
  /** What it lacks in a serializer. */
  lacks(serializer: ForeignCell['serializer']): Lacks;
}

/** Go `nexusd`. */
export const nexusd: OtherRouter = {
  isInstalled: installed('go/nexusd') !== undefined,
  start: () =>
    startRouter('SIGINT', ({ websocket, rawsocket }) => [
      installed('go/nexusd') ?? 'nexusd',
      ...['-ws', `127.0.0.1:${websocket}`, '-tcp', `127.0.0.1:${rawsocket}`, '-realm', 'realm1'],
    ]),
  lacks: () => ({ ticket: 'offers anonymous sessions only, by its config' }),
};

/** PyPI `crossbar`. */
export const crossbar: OtherRouter = {
  isInstalled: installed('crossbar/installed') !== undefined,
  start: () =>
    startRouter('SIGTERM', (ports, folder) => {
      mkdirSync(join(folder, '.crossbar'));
      writeFileSync(join(folder, '.crossbar/config.json'), JSON.stringify(crossbarConfig(ports)));
      return [
        installed('crossbar/bin/crossbar') ?? 'crossbar',
        'start',
        '--cbdir',
        join(folder, '.crossbar'),
      ];
    }),
  lacks: () => ({}),
};

/** The Ed25519 key of the user `device-1`. */
export const deviceKey = '4d57d97a68f555696620a6d849c0ce582568518d729eb753dc7c732de2804510';
export const devicePublicKey = cryptosignPublicKey(deviceKey);

/** The key of nobody. */
export const strangerKey = 'd511fe78e23934b3dadb52fcd022974b80bd92bccc7c5cf404e46cc0a8a2f5cd';

const wampcraUsers = {
  ann: { secret: 'ann-secret', role: 'user' },
  bob: { secret: 'bob-secret', role: 'user', salt: 'bob-salt', iterations: 100, keylen: 32 },
};

function crossbarConfig({ websocket, rawsocket }: Ports): object {
  const allow = { call: true, register: true, publish: true, subscribe: true };
  const roleOf = (name: string) => ({ name, permissions: [{ uri: '', match: 'prefix', allow }] });
  const transportOf = (type: ForeignCell['transport'], port: number) => ({
    type,
    endpoint: { type: 'tcp', interface: '127.0.0.1', port },
    serializers: ['json', 'msgpack', 'cbor'],
    auth: {
      anonymous: { type: 'static', role: 'anonymous' },
      ticket: { type: 'static', principals: { joe: { ticket: 'joe-ticket', role: 'user' } } },
      wampcra: { type: 'static', users: wampcraUsers },
      cryptosign: {
        type: 'static',
        principals: { 'device-1': { realm: 'realm1', role: 'user', authorized_keys: [devicePublicKey] } },
      },
    },
  });
  const realms = [{ name: 'realm1', roles: [roleOf('anonymous'), roleOf('user')] }];
  const transports = [transportOf('websocket', websocket), transportOf('rawsocket', rawsocket)];
  return { version: 2, workers: [{ type: 'router', realms, transports }] };
}

type Command = (ports: Ports, folder: string) => readonly string[];

async function startRouter(signal: NodeJS.Signals, commandOf: Command): Promise<RunningRouter> {
  const folder = mkdtempSync(join(tmpdir(), 'wampkit-router-'));
  const [websocket, rawsocket] = await findFreePorts();
  const ports = { websocket, rawsocket };
  const [program = '', ...argv] = commandOf(ports, folder);
  const child = spawn(program, argv, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'exit');
  const options = { timeout: 50_000, interval: 100 };
  await vi
    .waitFor(() => Promise.all(Object.values(ports).map(reach)), options)
    .catch((reason) => {
      child.kill('SIGKILL');
      throw new Error(`${program} does not listen: ${output}`, { cause: reason });
    });
  return {
    url: (transport) =>
      transport === 'websocket' ? `ws://127.0.0.1:${websocket}/ws` : `tcp://127.0.0.1:${rawsocket}`,
    async [Symbol.asyncDispose]() {
      child.kill(signal);
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Two ports that nothing listened on a moment ago. */
async function findFreePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports: number[] = [];
  for (const server of servers) {
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    ports.push(typeof address === 'object' && address !== null ? address.port : 0);
  }
  for (const server of servers) server.close();
  return ports as [number, number];
}

async function reach(port: number): Promise<void> {
  const socket = connectSocket(port, '127.0.0.1');
  await once(socket, 'connect').finally(() => socket.destroy());
}
