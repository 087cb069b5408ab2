import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ForeignClient, ForeignConnectOptions, ForeignKind, ForeignPayload } from './foreign-client.js';

const script = fileURLToPath(new URL('autobahn_client.py', import.meta.url));
const python =
  process.env.WAMPKIT_PYTHON ?? fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));

/** Whether there is a Python with autobahn: named by WAMPKIT_PYTHON, or `.venv` at the root. */
export const hasPython = existsSync(python) && spawnSync(python, ['-c', 'import autobahn']).status === 0;

/** PyPI `autobahn` over asyncio, in a process of its own. */
export const autobahnPython: ForeignKind = {
  cells: (['websocket', 'rawsocket'] as const).flatMap((transport) =>
    (['json', 'msgpack', 'cbor'] as const).map((serializer) => ({ transport, serializer, binary: true })),
  ),
  async connect(options) {
    const session = new PythonSession(spawn(python, [script, ...argumentsOf(options)]));
    await session.joined;
    return session;
  },
};

function argumentsOf({ transport, serializer, address, realm, user }: ForeignConnectOptions): string[] {
  const url = transport === 'websocket' ? `ws://${address}/ws` : `rs://${address}`;
  return [url, serializer, realm, ...(user === undefined ? [] : [user.authid, user.ticket])];
}

type Line = [kind: string | number, ...rest: unknown[]];
interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

class PythonSession implements ForeignClient {
  session = 0;
  readonly joined: Promise<void>;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, Pending>();
  readonly #handlers = new Map<string, (event: ForeignPayload) => void>();
  #count = 0;
  #diagnostics = '';

  constructor(process: ChildProcessWithoutNullStreams) {
    this.#process = process;
    process.stderr.on('data', (chunk) => {
      this.#diagnostics += chunk;
    });
    this.joined = new Promise((resolve, reject) => {
      createInterface({ input: process.stdout }).on('line', (text) => {
        const line = JSON.parse(text, revive) as Line;
        if (line[0] === 'joined') {
          this.session = line[1] as number;
          resolve();
        } else if (line[0] === 'left') reject(new Error(String(line[1])));
        else this.#onLine(line);
      });
      process.on('exit', () => {
        reject(new Error(`it ended: ${this.#diagnostics}`));
        for (const { reject: fail } of this.#pending.values())
          fail(new Error(`it ended: ${this.#diagnostics}`));
      });
    });
  }

  call(procedure: string, { args, kwargs }: ForeignPayload): Promise<ForeignPayload> {
    return this.#request('call', procedure, args, kwargs) as Promise<ForeignPayload>;
  }

  async registerEcho(procedure: string, match: string): Promise<void> {
    await this.#request('register_echo', procedure, match);
  }

  async registerFailing(procedure: string, error: object): Promise<void> {
    await this.#request('register_failing', procedure, error);
  }

  async subscribe(topic: string, match: string, onEvent: (event: ForeignPayload) => void): Promise<void> {
    this.#handlers.set(topic, onEvent);
    await this.#request('subscribe', topic, match);
  }

  async publish(topic: string, { args, kwargs }: ForeignPayload): Promise<void> {
    await this.#request('publish', topic, args, kwargs);
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.stdin.end();
    await once(this.#process, 'exit');
  }

  #request(...command: unknown[]): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    this.#process.stdin.write(`${JSON.stringify([id, ...command], replace)}\n`);
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #onLine([kind, ...rest]: Line): void {
    if (kind === 'event') {
      this.#handlers.get(rest[0] as string)?.(rest[1] as ForeignPayload);
      return;
    }
    const pending = this.#pending.get(kind as number);
    this.#pending.delete(kind as number);
    if (rest[0] === true) pending?.resolve(rest[1]);
    else pending?.reject(new Error(String(rest[1])));
  }
}

function replace(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { $binary: Buffer.from(value).toString('base64') } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$binary' in value)) return value;
  return Uint8Array.from(Buffer.from(String(value.$binary), 'base64'));
}
