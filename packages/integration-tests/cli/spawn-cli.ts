import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const main = fileURLToPath(new URL('../../../apps/wamp-cli/src/main.ts', import.meta.url));

/** The words that start wamp-cli from its source, for a shell. */
export const command = `"${process.execPath}" --conditions=@wampkit/source --import tsx "${main}"`;

/** A wamp-cli in a process of its own. */
export interface CliProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly out: () => string;
  readonly err: () => string;
  /** Exit code, or the signal's name. */
  readonly exit: Promise<number | string | null>;
  /** Waits until stderr has the text. */
  says(text: string): Promise<void>;
}

/** Starts wamp-cli with arguments; its stdin stays open. */
export function spawnCli(...argv: string[]): CliProcess {
  return watch(spawn(process.execPath, ['--conditions=@wampkit/source', '--import', 'tsx', main, ...argv]));
}

/** Starts a line of shell; `command` starts wamp-cli in it. */
export function spawnShell(line: string): CliProcess {
  return watch(spawn('bash', ['-c', line]));
}

function watch(child: ChildProcessWithoutNullStreams): CliProcess {
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const exit = new Promise<number | string | null>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  return {
    child,
    out: () => out,
    err: () => err,
    exit,
    says: (text) =>
      vi.waitFor(
        () => {
          if (!err.includes(text)) throw new Error(`stderr has no ${JSON.stringify(text)}: ${err}`);
        },
        { timeout: 10_000 },
      ),
  };
}
