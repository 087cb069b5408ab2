import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { vi } from 'vitest';

/** Milliseconds from SIGTERM to SIGKILL. */
const patience = 20_000;

/** A command that was typed in a terminal of its own, at the root of the repository. */
export class Shell implements AsyncDisposable {
  stdout = '';
  stderr = '';
  readonly #command: string;
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown>;

  constructor(command: string, cwd: string) {
    this.#command = command;
    this.#process = spawn('sh', ['-c', `exec ${command}`], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#process.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.#process.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.#exit = once(this.#process, 'close');
  }

  /** Waits until it has written a text, to stdout or stderr. */
  async waitForText(text: string, timeout: number): Promise<void> {
    await vi.waitFor(
      () => {
        if (!`${this.stdout}${this.stderr}`.includes(text))
          throw new Error(this.#describe(`has not written ${text}`));
      },
      { timeout, interval: 50 },
    );
  }

  /** Waits for its end, and gives the exit code. */
  async end(): Promise<number | null> {
    await this.#exit;
    return this.#process.exitCode;
  }

  /** Sends SIGTERM to the command that was typed, and to nothing else; then waits for its end. */
  async terminate(): Promise<number | null> {
    if (this.#process.exitCode === null) this.#process.kill('SIGTERM');
    const last = setTimeout(() => this.#killGroup(), patience);
    const code = await this.end();
    clearTimeout(last);
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate();
  }

  /** Ends what the command started and left behind, so that a failing test leaves nothing. */
  #killGroup(): void {
    try {
      process.kill(-(this.#process.pid as number), 'SIGKILL');
    } catch {
      // The group is gone already.
    }
  }

  #describe(what: string): string {
    return `\`${this.#command}\` ${what}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`;
  }
}
