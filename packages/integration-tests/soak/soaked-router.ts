import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../apps/router/bin/wamp-router.js', import.meta.url));
const REPORTER = new URL('memory-reporter.mjs', import.meta.url).href;

const config = {
  realms: [{ name: 'realm1' }],
  listeners: [{ bind: '127.0.0.1:0', websocket: { pingInterval: '1s', pingTimeout: '1s' } }],
  log: { level: 'info', format: 'json' },
};

/** Bytes that a process uses after a collection. */
export interface MemoryUse {
  readonly rss: number;
  /** What is reachable, buffers included. */
  readonly heap: number;
}

/** A built `wamp-router` in a process of its own, whose memory can be asked for. */
export class SoakedRouter implements Disposable {
  readonly port: number;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.port = port;
  }

  static async start(): Promise<SoakedRouter> {
    const folder = mkdtempSync(join(tmpdir(), 'wampkit-soak-'));
    const file = join(folder, 'router.json');
    writeFileSync(file, JSON.stringify(config));
    const args = ['--expose-gc', '--import', REPORTER, PROGRAM, 'start', '--config', file];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    let log = '';
    for await (const chunk of child.stdout!) {
      log += chunk;
      const [, port] = /listens on ws:\/\/127\.0\.0\.1:(\d+)/.exec(log) ?? [];
      if (port === undefined) continue;
      return new SoakedRouter(child, folder, Number(port));
    }
    throw new Error(`the router did not start: ${log}`);
  }

  async memory(): Promise<MemoryUse> {
    const answer = once(this.#child, 'message');
    this.#child.send('memory');
    return (await answer)[0] as MemoryUse;
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
