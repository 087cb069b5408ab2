import { CommanderError } from 'commander';
import { ExitCode } from './exit-codes.js';
import { type Connect, openSession } from './open-session.js';
import { performVerb } from './perform-verb.js';
import { createProgram } from './program.js';
import type { Stop, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** What `runCli` needs besides the arguments. */
export interface RunOptions {
  readonly terminal: Terminal;
  readonly version: string;
  /** How a session is opened; a seam for tests. */
  readonly connect?: Connect;
}

/**
 * Runs one command line.
 *
 * @param argv what was typed after the program's name
 * @returns the exit code, one of `ExitCode`
 */
export async function runCli(argv: readonly string[], options: RunOptions): Promise<number> {
  const { terminal, version, connect = openSession } = options;
  let exitCode: number = ExitCode.Ok;
  const program = createProgram({
    version,
    terminal,
    runVerb: async (command, verb) => {
      exitCode = await performVerb(verb, { command, terminal, connect });
    },
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    exitCode = endedBy(error, terminal);
  }
  return terminal.stop.aborted ? (terminal.stop.reason as Stop).exitCode : exitCode;
}

/** Commander has told of its own errors, and of help; a usage error is told here. */
function endedBy(error: unknown, terminal: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Ok : ExitCode.Usage;
  if (!(error instanceof UsageError)) {
    terminal.stderr.write(`error: unexpected: ${error instanceof Error ? error.stack : error}\n`);
    return ExitCode.Defect;
  }
  if (!terminal.stop.aborted) terminal.stderr.write(`error: ${error.message}\n`);
  return ExitCode.Usage;
}
