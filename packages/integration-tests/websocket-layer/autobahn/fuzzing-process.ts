import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installed } from '../../interop/installed.js';

const python = installed('autobahn-testsuite/python');
const script = fileURLToPath(new URL('fuzzing.py', import.meta.url));

/** Whether the Autobahn test suite is installed: see `install.sh`. */
export const hasAutobahnTestsuite = installed('autobahn-testsuite/installed') !== undefined;

/** The result of one case, as its report has it. */
export interface CaseResult {
  readonly behavior: string;
  readonly behaviorClose: string;
}

/** A run of the suite's fuzzing client or server, with reports in a folder of its own. */
export class FuzzingProcess implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'wampkit-autobahn-'));
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;
  #output = '';

  /** @param spec as `wstest` takes it, without `outdir` */
  constructor(mode: 'client' | 'server', spec: object) {
    const file = join(this.#folder, 'spec.json');
    writeFileSync(file, JSON.stringify({ ...spec, outdir: this.#folder }));
    this.#process = spawn(python as string, ['-u', script, mode, file], {
      env: { ...process.env, PYTHONUSERBASE: dirname(python as string) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output = `${this.#output}${chunk}`.slice(-4000);
      });
    this.#exited = new Promise((resolve) => this.#process.once('exit', resolve));
  }

  /** What it has printed last. */
  get output(): string {
    return this.#output;
  }

  /** Waits until it has ended by itself. */
  async finish(): Promise<void> {
    const code = await this.#exited;
    if (code !== 0) throw new Error(`the fuzzing client ended with code ${code}: ${this.#output}`);
  }

  /** The results by the number of the case. */
  results(): Record<string, CaseResult> {
    const reports = JSON.parse(readFileSync(join(this.#folder, 'index.json'), 'utf8'));
    return reports.wampkit;
  }

  [Symbol.dispose](): void {
    this.#process.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
