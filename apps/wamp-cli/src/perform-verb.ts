import type { Command } from 'commander';
import { ExitCode } from './exit-codes.js';
import { DEFAULT_URL, type GlobalOptions, readGlobalOptions } from './global-options.js';
import type { Connect } from './open-session.js';
import { createPalette } from './output/palette.js';
import type { Printer } from './output/printer.js';
import type { Verb, VerbContext } from './run-verb.js';
import { Talk } from './talk.js';
import type { Terminal } from './terminal.js';

/** What a verb is performed with. */
export interface Performance {
  readonly command: Command;
  readonly terminal: Terminal;
  readonly connect: Connect;
}

/**
 * Runs a verb and tells why it failed, if it did.
 *
 * @returns the exit code
 * @throws {UsageError} when the global options cannot be used
 */
export async function performVerb(verb: Verb, { command, terminal, connect }: Performance): Promise<number> {
  const globals = readGlobalOptions(command, terminal);
  const context = {
    terminal,
    globals,
    connect,
    talk: await createTalk(globals, terminal),
    printer: await createPrinter(globals, terminal),
  };
  warnOfPlainSecret(context);
  try {
    await verb(context);
    return ExitCode.Ok;
  } catch (error) {
    return fail(error, context);
  }
}

async function fail(error: unknown, { terminal, globals, talk, printer }: VerbContext): Promise<number> {
  const { exitCodeOf } = await import('./exit-code.js');
  const exitCode = exitCodeOf(error);
  // Whoever stopped the verb knows why it ended.
  if (terminal.stop.aborted) return exitCode;
  if (exitCode === ExitCode.Usage) throw error;
  const { printError } = await import('./output/print-error.js');
  printError(error, exitCode, { talk, jsonOutput: globals.output === 'json' ? printer.output : undefined });
  if (exitCode === ExitCode.Connect && globals.url === DEFAULT_URL) {
    talk.info('is a router running here? wamp-router starts one; --url or WAMP_URL names another');
  }
  return exitCode;
}

function warnOfPlainSecret({ globals, talk }: VerbContext): void {
  if (!globals.hasPlainSecret) return;
  talk.warn(
    'a secret on the command line is seen by all users of this machine: use @file, @-, env:NAME or prompt',
  );
}

async function createTalk(globals: GlobalOptions, terminal: Terminal): Promise<Talk> {
  const palette = await createPalette({
    option: globals.color,
    env: terminal.env,
    isTty: terminal.stderr.isTty,
  });
  return new Talk(terminal, globals.verbosity, palette);
}

async function createPrinter(globals: GlobalOptions, terminal: Terminal): Promise<Printer> {
  const output = terminal.stdout;
  const palette = await createPalette({ option: globals.color, env: terminal.env, isTty: output.isTty });
  return { mode: globals.output ?? (output.isTty ? 'pretty' : 'json'), palette, output };
}
