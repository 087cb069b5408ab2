import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { processTree } from '../process-usage.js';
import type { Transport } from '../wire/connection.js';
import type { Target } from './target.js';

/** A started router. */
export interface RunningTarget {
  readonly pid: number;
  readonly port: number;
  /** Throws, with the end of its log, when it has ended by itself. */
  assertAlive(): void;
  /** Asks a router on Node to collect its garbage; others keep their own time. */
  collect(): Promise<void>;
  /** Ends all of its processes. */
  stop(): Promise<void>;
}

/** How to start: on which core, if the kernel shall not choose, and whether `collect` will be called. */
export interface StartOptions {
  readonly transport: Transport;
  readonly serializer: string;
  readonly core?: number;
  readonly collectable?: boolean;
  /** A folder for a CPU profile, which a router on Node that ends on SIGTERM writes there. */
  readonly profile?: string | undefined;
}

const PATIENCE = 60_000;
const COLLECTOR = fileURLToPath(new URL('../../collect-on-signal.cjs', import.meta.url));

/** Starts a target on a free port and waits until it accepts connections. */
export async function startTarget(target: Target, options: StartOptions): Promise<RunningTarget> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'wampkit-bench-'));
  const collectable = options.collectable === true && target.node;
  const command = target.command({ ...options, port, folder });
  const pin = options.core === undefined ? [] : ['taskset', '-c', String(options.core)];
  const profiled = options.profile !== undefined && target.node;
  const [program, ...args] = [
    ...pin,
    ...(profiled ? withProfile(command.argv, options.profile) : command.argv),
  ] as [string, ...string[]];
  const log = openSync(join(folder, 'router.log'), 'w');
  const child = spawn(program, args, {
    stdio: ['ignore', log, log],
    cwd: command.cwd,
    env: {
      ...process.env,
      ...(collectable ? { NODE_OPTIONS: `--require ${COLLECTOR}` } : {}),
      ...command.env,
    },
  });
  closeSync(log);
  const running: RunningTarget = {
    pid: child.pid as number,
    port,
    assertAlive: () => assertAlive(child, target.name, folder),
    collect: async () => {
      if (!collectable) return;
      child.kill('SIGUSR2');
      await delay(1500);
    },
    stop: async () => {
      if (profiled) await endWithin(child, 5000);
      await stop(child, folder);
    },
  };
  try {
    await listening(running, target.name);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(running: RunningTarget, name: string): Promise<void> {
  for (const until = performance.now() + PATIENCE; performance.now() < until; await delay(100)) {
    running.assertAlive();
    if (await accepts(running.port)) return;
  }
  throw new Error(`${name} does not listen after ${PATIENCE / 1000} s`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function assertAlive(child: ChildProcess, name: string, folder: string): void {
  if (child.exitCode === null && child.signalCode === null) return;
  const log = readFileSync(join(folder, 'router.log'), 'utf8');
  const reason = /^.*(?:panic|fatal|error).*$/im.exec(log)?.[0] ?? log.trim().split('\n').at(-1);
  throw new Error(`${name} ended with ${child.exitCode ?? child.signalCode}: ${reason?.slice(0, 200)}`);
}

function withProfile([program, ...args]: readonly string[], folder = '.'): string[] {
  return [program as string, '--cpu-prof', `--cpu-prof-dir=${folder}`, ...args];
}

/** Asks a router to end by itself, so that it writes its profile. */
async function endWithin(child: ChildProcess, patience: number): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([ended, delay(patience)]);
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    for (const pid of processTree(child.pid as number)) kill(pid);
    await ended;
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
