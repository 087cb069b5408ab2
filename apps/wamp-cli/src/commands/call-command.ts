import { type Command, Option } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import { addPayloadOptions, valuesHelp } from './add-payload-options.js';
import { collectOption } from './collect-option.js';

/** Declares `wamp-cli call`. */
export function addCallCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('call')
    .description('call a procedure and print its result')
    .argument('<procedure>', 'URI of the procedure')
    .argument('[values...]', 'arguments, and keyword arguments as k=v')
    .optionsGroup('Call:')
    .option('--progress', 'receive progressive results (receive_progress), each printed as it comes')
    .option('--disclose-me', 'tell the callee who calls (disclose_me)')
    .addOption(
      new Option(
        '--cancel-mode <mode>',
        'how a call that is given up is canceled (default killnowait)',
      ).choices(['skip', 'kill', 'killnowait']),
    )
    .option('--cancel-after <duration>', 'cancel the call after this time: exit 6')
    .option('--repeat <n>', 'call it n times; the first failure ends it')
    .option('--concurrency <n>', 'so many calls of --repeat at a time (default 1)')
    .option('--details', 'print the Details of the result too')
    .option('-o, --option <k=v>', 'any option of CALL by its WAMP name; repeatable', collectOption)
    .addHelpText(
      'after',
      `${valuesHelp}

Examples:
  wamp-cli call com.example.add 2 3
  wamp-cli call com.example.order.create 7 note="two boxes" tags:='["new"]'
  wamp-cli call com.example.export --progress since=2026-01-01 | jq '.args[0]'
  wamp-cli call wamp.session.count --value`,
    );
  addPayloadOptions(command);
  command.action((procedure: string, values: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/call.js')).call(context, { procedure, values }, command.opts()),
    ),
  );
}
