import type { Command } from 'commander';
import type { GlobalOptions } from './global-options.js';
import type { Connect } from './open-session.js';
import type { Printer } from './output/printer.js';
import type { Talk } from './talk.js';
import type { Terminal } from './terminal.js';

/** What a verb works with. */
export interface VerbContext {
  readonly terminal: Terminal;
  readonly globals: GlobalOptions;
  readonly talk: Talk;
  readonly printer: Printer;
  readonly connect: Connect;
}

/** A verb at work; a rejection decides the exit code. */
export type Verb = (context: VerbContext) => Promise<void>;

/** Runs a verb with the options of its command; never rejects. */
export type VerbRunner = (command: Command, verb: Verb) => Promise<void>;
