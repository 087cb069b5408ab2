import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { KILL_AFTER, MAX_ENVIRONMENT, MAX_STDERR } from '../limits.js';
import { formatJson } from '../values/format-json.js';

/** The call that a command answers. */
export interface CommandCall {
  readonly procedure: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A command that is running. */
export interface RunningCommand {
  readonly stdout: Readable;
  /** Resolves when it exited with 0; else rejects with `CommandError`. */
  readonly ended: Promise<void>;
}

/** A command failed. */
export class CommandError extends Error {
  override name = 'CommandError';
  /** Its exit code; `null` when a signal ended it or it did not start. */
  readonly exitCode: number | null;

  constructor(message: string, exitCode: number | null) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Starts a shell command for a call: `{"args","kwargs","procedure","details"}` on stdin, args as `$1 $2 ..`, WAMP_ARGS,
 * WAMP_KWARGS and WAMP_PROCEDURE in the environment. When `signal` aborts, it and its children get SIGTERM, later SIGKILL.
 */
export function startCommand(command: string, call: CommandCall, signal: AbortSignal): RunningCommand {
  const child = spawn('/bin/sh', ['-c', command, 'wamp-cli', ...shellArguments(call)], {
    // A group of its own: a signal reaches whatever the shell started.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...environment(call) },
  });
  child.stdin.on('error', () => {});
  child.stdin.end(`${formatJson(call)}\n`);
  return { stdout: child.stdout, ended: endOf(child, signal) };
}

function endOf(child: ChildProcess, signal: AbortSignal): Promise<void> {
  const stderr = collectStderr(child.stderr as Readable);
  return new Promise((resolve, reject) => {
    let killTimer: NodeJS.Timeout | undefined;
    const kill = () => {
      killGroup(child, 'SIGTERM');
      killTimer = setTimeout(() => killGroup(child, 'SIGKILL'), KILL_AFTER);
    };
    if (signal.aborted) kill();
    else signal.addEventListener('abort', kill, { once: true });
    child.once('error', (error) => reject(new CommandError(`cannot start: ${error.message}`, null)));
    child.once('close', (code, by) => {
      clearTimeout(killTimer);
      signal.removeEventListener('abort', kill);
      if (code === 0) return resolve();
      reject(new CommandError(stderr() || `ended by ${by === null ? `exit code ${code}` : by}`, code));
    });
  });
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has just ended by itself.
  }
}

/** Keeps the end of what a command says about its failure. */
function collectStderr(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-MAX_STDERR);
  });
  return () => text.trimEnd();
}

function shellArguments(call: CommandCall): string[] {
  const list = call.args.map((value) => (typeof value === 'string' ? value : formatJson(value)));
  return fits(list) ? list : [];
}

function environment(call: CommandCall): Record<string, string> {
  const variables = {
    WAMP_PROCEDURE: call.procedure,
    WAMP_ARGS: formatJson(call.args),
    WAMP_KWARGS: formatJson(call.kwargs),
  };
  return fits(Object.values(variables)) ? variables : {};
}

/** The system takes no NUL and no more than so much; stdin has all of it in any case. */
function fits(texts: readonly string[]): boolean {
  const size = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  return size <= MAX_ENVIRONMENT && !texts.some((text) => text.includes('\0'));
}
