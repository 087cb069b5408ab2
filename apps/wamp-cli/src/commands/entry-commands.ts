import { Argument, type Command, Option } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import type { EntryWords } from '../verbs/entry.js';
import { addEventsOptions } from './add-events-options.js';
import { addWatchOptions } from './add-watch-options.js';
import { matchPolicies } from './match-policies.js';

/** Declares `wamp-cli registration`. */
export function addRegistrationCommand(program: Command, runVerb: VerbRunner): void {
  const words = { kind: 'registration', holders: 'callees' } as const;
  declare(program, runVerb, words).addHelpText(
    'after',
    `
Asks the registration meta API of the router, which must offer it and permit it. Prints one line for each registration:
{"id","created","uri","match","invoke","callees"} in a pipe, a table on a terminal; watch {"event","session","id",..}
with the events create, register, unregister and delete. lookup and match that find nothing exit with 8.

Examples:
  wamp-cli registration ls
  wamp-cli registration match com.example.add
  wamp-cli registration callees $(wamp-cli registration match com.example.add --value)
  wamp-cli registration kill 1408606696468019 --reason com.example.outdated
  wamp-cli registration watch | jq -c 'select(.event == "create") | .uri'`,
  );
}

/** Declares `wamp-cli subscription`. */
export function addSubscriptionCommand(program: Command, runVerb: VerbRunner): void {
  const words = { kind: 'subscription', holders: 'subscribers' } as const;
  declare(program, runVerb, words).addHelpText(
    'after',
    `
Asks the subscription meta API of the router, which must offer it and permit it. Prints one line for each subscription:
{"id","created","uri","match","subscribers"} in a pipe, a table on a terminal; watch {"event","session","id",..} with
the events create, subscribe, unsubscribe and delete. lookup and match that find nothing exit with 8.
events prints what the router kept, as subscribe --details does, of a subscription by its id or its URI and --match; the
router must keep a history of it.

Examples:
  wamp-cli subscription ls
  wamp-cli subscription match com.example.order
  wamp-cli subscription lookup com.example. --match prefix
  wamp-cli subscription subscribers 1408606696468019
  wamp-cli subscription events com.example.order --reverse --limit 10
  wamp-cli subscription events com.example. --match prefix --after-publication 1408606696468019
  wamp-cli subscription watch --for 1m`,
  );
}

function declare(program: Command, runVerb: VerbRunner, words: EntryWords): Command {
  const { kind, holders } = words;
  const command = program
    .command(kind)
    .description(`show, find, take away or watch the ${kind}s of the realm`)
    .addArgument(
      new Argument('<action>', 'what to do').choices([
        'ls',
        'get',
        'lookup',
        'match',
        holders,
        ...(kind === 'subscription' ? ['events'] : []),
        'kill',
        'watch',
      ]),
    )
    .argument(
      '[targets...]',
      `URI for lookup and match, ids for get, ${holders} and kill${kind === 'subscription' ? ', either for events' : ''}`,
    )
    .optionsGroup(`${kind === 'registration' ? 'Registration' : 'Subscription'}:`)
    .addOption(
      new Option(
        '--match <policy>',
        `lookup${kind === 'subscription' ? ', events' : ''}: the match policy of the ${kind} (default exact)`,
      ).choices(matchPolicies),
    )
    .option('--reason <text>', `kill: why the ${holders} lose it; kill takes an id, and sessions if not all`);
  if (kind === 'subscription') addEventsOptions(command);
  addWatchOptions(command);
  return command.action((action: string, targets: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/entry.js')).entry(context, { words, action, targets, given: command.opts() }),
    ),
  );
}
