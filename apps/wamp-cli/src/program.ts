import { Command } from 'commander';
import { addAuthorizationCommand } from './commands/authorization-command.js';
import { addCallCommand } from './commands/call-command.js';
import { addCompletionCommand } from './commands/completion-command.js';
import { addConformanceCommand } from './commands/conformance-command.js';
import { addDeriveCommand } from './commands/derive-command.js';
import { addRegistrationCommand, addSubscriptionCommand } from './commands/entry-commands.js';
import { addKeygenCommand } from './commands/keygen-command.js';
import { addPublishCommand } from './commands/publish-command.js';
import { addReflectCommand } from './commands/reflect-command.js';
import { addRegisterCommand } from './commands/register-command.js';
import { addSessionCommand } from './commands/session-command.js';
import { addSubscribeCommand } from './commands/subscribe-command.js';
import { addGlobalOptions } from './global-options.js';
import type { VerbRunner } from './run-verb.js';
import type { Terminal } from './terminal.js';

/** What the program is made for. */
export interface ProgramOptions {
  readonly version: string;
  readonly terminal: Terminal;
  readonly runVerb: VerbRunner;
}

/** The whole command line: verbs, options, help. Throws CommanderError instead of exiting. */
export function createProgram({ version, terminal, runVerb }: ProgramOptions): Command {
  const program = new Command('wamp-cli')
    .description('WAMP in a shell: call, publish, subscribe and register against any router.')
    .version(version, '-V, --version', 'print the version')
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError('(wamp-cli --help shows the verbs)')
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      getOutHelpWidth: () => (terminal.stdout.isTty ? terminal.stdout.columns : 120),
      getErrHelpWidth: () => (terminal.stderr.isTty ? terminal.stderr.columns : 120),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .commandsGroup('Verbs:')
    .helpCommand('help [verb]', 'show the help of a verb');
  addCallCommand(program, runVerb);
  addPublishCommand(program, runVerb);
  addSubscribeCommand(program, runVerb);
  addRegisterCommand(program, runVerb);
  addSessionCommand(program, runVerb);
  addRegistrationCommand(program, runVerb);
  addSubscriptionCommand(program, runVerb);
  addReflectCommand(program, runVerb);
  addAuthorizationCommand(program, runVerb);
  addConformanceCommand(program, runVerb);
  for (const verb of program.commands) addGlobalOptions(verb);
  addKeygenCommand(program, runVerb);
  addDeriveCommand(program, runVerb);
  addCompletionCommand(program, terminal.stdout);
  addGlobalOptions(program);
  program.addHelpText('after', programHelp);
  for (const verb of program.commands)
    verb.showHelpAfterError(`(wamp-cli ${verb.name()} --help shows what it takes)`);
  return program;
}

const programHelp = `
Options of connection, authentication and output stand before or after the verb.

Exit codes: 0 ok, 1 usage, 2 no connection, 3 refused by the router, 4 WAMP ERROR, 5 timeout, 6 canceled,
7 connection lost, 8 not so, 130 Ctrl-C, 143 SIGTERM

Examples:
  wamp-cli subscribe com.example.order
  wamp-cli publish com.example.order 42 state=paid
  wamp-cli register com.example.add --exec 'echo $(($1 + $2))'
  wamp-cli call com.example.add 2 3
  wamp-cli session ls
  wamp-cli --url wss://router.example/ws --realm shop --authid web --ticket @ticket.txt call com.example.add 2 3`;
