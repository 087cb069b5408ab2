import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds from a signal to SIGKILL for what is left. */
const patience = 20_000;

/** A command that was typed in a terminal of its own, at the root of the repository. */
export class Shell implements AsyncDisposable {
  stdout = '';
  stderr = '';
  readonly #command: string;
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown>;

  /**
   * @param command as it is typed
   * @param options where it is typed, and whether it shall believe that a person reads what it prints
   */
  constructor(command: string, { cwd, terminal = false }: { cwd: string; terminal?: boolean }) {
    this.#command = command;
    const typed = `exec ${command}`;
    const [program, args] = terminal
      ? ['script', ['--quiet', '--return', '--command', typed, '/dev/null']]
      : ['sh', ['-c', typed]];
    this.#process = spawn(program as string, args as string[], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, NO_COLOR: '1', npm_config_progress: 'false' },
    });
    this.#process.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.#process.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.#exit = once(this.#process, 'close');
  }

  /** What it has printed, without the codes that move a cursor. */
  get text(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes are made of it
    return this.stdout.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]|[\r\u2800-\u28ff]/g, '').trim();
  }

  /** Waits until it has written a text, to stdout or stderr. Rejects when it ends before. */
  async waitForText(text: string): Promise<void> {
    const written = new Promise<void>((resolve) => {
      const look = (): void => {
        if (`${this.stdout}${this.stderr}`.includes(text)) resolve();
      };
      this.#process.stdout?.on('data', look);
      this.#process.stderr?.on('data', look);
      look();
    });
    await Promise.race([written, this.#exit]);
    if (!`${this.stdout}${this.stderr}`.includes(text))
      throw new Error(this.#describe(`has not written ${text}`));
  }

  /** Waits for its end, and gives the exit code. */
  async end(): Promise<number | null> {
    await this.#exit;
    return this.#process.exitCode;
  }

  /** Sends SIGTERM to the command that was typed, and to nothing else; then waits for its end. */
  async terminate(): Promise<number | null> {
    this.#process.kill('SIGTERM');
    return this.#endInTime();
  }

  async #endInTime(): Promise<number | null> {
    const last = setTimeout(() => this.#signalGroup('SIGKILL'), patience);
    const code = await this.end();
    clearTimeout(last);
    return code;
  }

  /** Ctrl-C, which a terminal sends to all that the command started; then waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#signalGroup('SIGINT');
    await this.#endInTime();
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.#process.pid as number), signal);
    } catch {
      // The group is gone already.
    }
  }

  #describe(what: string): string {
    return `\`${this.#command}\` ${what}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`;
  }
}
