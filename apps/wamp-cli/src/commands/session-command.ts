import { Argument, type Command } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import type { SessionAction } from '../verbs/session.js';
import { addWatchOptions } from './add-watch-options.js';
import { collectList } from './collect-list.js';

/** Declares `wamp-cli session`. */
export function addSessionCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('session')
    .description('show, count, end or watch the sessions of the realm')
    .addArgument(
      new Argument('<action>', 'what to do').choices([
        'ls',
        'get',
        'count',
        'kill',
        'watch',
      ] satisfies SessionAction[]),
    )
    .argument('[ids...]', 'ids of sessions, for get and kill')
    .optionsGroup('Session:')
    .option('--role <authroles>', 'ls, count: only those of these authroles: a,b', collectList)
    .option('--by-authid <id>', 'kill: all other sessions of this authid')
    .option('--by-authrole <role>', 'kill: all other sessions of this authrole')
    .option('--all', 'kill: all other sessions')
    .option('--reason <uri>', 'kill: the reason of their GOODBYE (default wamp.close.killed)')
    .option('--message <text>', 'kill: what their GOODBYE tells people');
  addWatchOptions(command);
  command.addHelpText(
    'after',
    `
Asks the session meta API of the router, which must offer it and permit it. Prints one line for each session:
{"session","authid","authrole","authmethod","authprovider",..} in a pipe, a table on a terminal; watch {"event":"join"}
and {"event":"leave"} with them; kill {"session"} of each that it ended, or {"count"} with --by-authrole and --all.

Examples:
  wamp-cli session ls
  wamp-cli session ls --role user --value
  wamp-cli session get 1408606696468019
  wamp-cli session kill 1408606696468019 --message 'back at 9'
  wamp-cli session watch | jq -c '[.event, .authid]'`,
  );
  command.action((action: SessionAction, targets: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/session.js')).session(context, { action, targets }, command.opts()),
    ),
  );
}
