import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A router that the benchmark can start. */
export interface Target {
  readonly name: string;
  /** The serializers it speaks. */
  readonly serializers: readonly string[];
  /** The command that serves `realm1` on 127.0.0.1 at this port. */
  command(port: number): readonly string[];
}

/** A started router. */
export interface RunningTarget {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a target on a free port and waits until it accepts connections. */
export async function startTarget(target: Target): Promise<RunningTarget> {
  const port = await freePort();
  const [program, ...args] = target.command(port);
  const child = spawn(program as string, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await listening(child, port, target.name);
  return { pid: child.pid as number, port, stop: () => stop(child) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(child: ChildProcess, port: number, name: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with code ${child.exitCode}`);
    if (await accepts(port)) return;
    await delay(100);
  }
  throw new Error(`${name} does not listen after 10 s`);
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
