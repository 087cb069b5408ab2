import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ForeignClient, ForeignConnectOptions, ForeignPayload, ForeignUser } from './foreign-client.js';

type Line = [kind: string | number, ...rest: unknown[]];
interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** Of our listeners with TLS. */
const certificate = fileURLToPath(new URL('../../testkit/tls/certificate.pem', import.meta.url));

/** A foreign client in a process of its own, driven by lines of JSON: see go/lines/lines.go. */
export class LineClient implements ForeignClient {
  session = 0;
  authid = '';
  /** Rejects with what the client says when it is refused. */
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
          this.authid = String(line[2]);
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

  /** Joins by a command that takes the URL, the serializer, the realm, and of a user method, authid, secret and binding. */
  static async start(command: readonly [string, ...string[]], url: string, options: ForeignConnectOptions) {
    const { batched, realm, secure, user } = options;
    const serializer = batched ? `${options.serializer}.batched` : options.serializer;
    const [program, ...leading] = command;
    const trailing = user === undefined ? [] : argumentsOf(user);
    const env = secure ? { ...process.env, SSL_CERT_FILE: certificate } : process.env;
    const client = new LineClient(spawn(program, [...leading, url, serializer, realm, ...trailing], { env }));
    await client.joined;
    return client;
  }

  #request(...command: unknown[]): Promise<unknown> {
    this.#count += 1;
    const id = this.#count;
    this.#process.stdin.write(`${lineOf([id, ...command])}\n`);
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

function argumentsOf({ method, authid = '', secret = '', channelBinding }: ForeignUser): string[] {
  return [method, authid, secret, ...(channelBinding === undefined ? [] : [channelBinding])];
}

/** Node's readline ends lines at U+2028 and U+2029 too. */
function lineOf(value: unknown): string {
  return JSON.stringify(value, replace).replace(/[\u2028\u2029]/g, (separator) =>
    separator === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: String(value) };
  return value instanceof Uint8Array ? { $binary: Buffer.from(value).toString('base64') } : value;
}

function revive(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('$integer' in value) return BigInt(String(value.$integer));
  return '$binary' in value ? Uint8Array.from(Buffer.from(String(value.$binary), 'base64')) : value;
}
