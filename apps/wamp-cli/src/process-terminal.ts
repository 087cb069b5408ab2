import { ExitCode } from './exit-codes.js';
import type { Output, Stop, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** The terminal of this process: its streams, environment and signals. Installs signal handlers. */
export function processTerminal(): Terminal {
  const controller = new AbortController();
  stopOnSignal('SIGINT', ExitCode.Interrupted, controller);
  stopOnSignal('SIGTERM', ExitCode.Terminated, controller);
  stopOnSignal('SIGHUP', ExitCode.HungUp, controller);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader has what it wanted (`| head -1`): not a failure.
    if (error.code === 'EPIPE') return stop(controller, ExitCode.Ok);
    process.stderr.write(`error: cannot write to stdout: ${error.message}\n`);
    stop(controller, ExitCode.Output);
  });
  process.stderr.on('error', () => {});
  let stdinTaken = false;
  return {
    env: process.env,
    stdout: streamOutput(process.stdout),
    stderr: streamOutput(process.stderr),
    get stdin() {
      if (stdinTaken) throw new UsageError('standard input can be read once, and is needed twice');
      stdinTaken = true;
      return process.stdin;
    },
    stop: controller.signal,
    promptSecret: async (question) => (await import('./prompt-secret.js')).promptSecret(question),
  };
}

/** The first signal ends in good order, a second one at once. */
function stopOnSignal(signal: NodeJS.Signals, exitCode: number, controller: AbortController): void {
  process.on(signal, () => {
    if (controller.signal.aborted) process.exit(exitCode);
    stop(controller, exitCode);
  });
}

function stop(controller: AbortController, exitCode: number): void {
  controller.abort({ exitCode } satisfies Stop);
}

function streamOutput(stream: NodeJS.WriteStream): Output {
  return {
    isTty: stream.isTTY === true,
    get columns() {
      return stream.columns || 80;
    },
    write: (data) => void stream.write(data),
  };
}
