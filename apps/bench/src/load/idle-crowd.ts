import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Endpoint } from '../wire/connection.js';

/** Sessions that do nothing, beside a load. */
export class IdleCrowd {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** Resolves when `count` sessions have joined. */
  static async start({ port, transport, wire }: Endpoint, count: number): Promise<IdleCrowd> {
    const args = [String(port), transport, wire.name, String(count)];
    const holder = fork(fileURLToPath(new URL('./hold-idle.ts', import.meta.url)), args);
    const [joined] = await Promise.race([once(holder, 'message'), once(holder, 'exit')]);
    if (joined !== 'joined') throw new Error('the idle sessions could not join');
    return new IdleCrowd(holder);
  }

  close(): void {
    this.#holder.kill();
  }
}
