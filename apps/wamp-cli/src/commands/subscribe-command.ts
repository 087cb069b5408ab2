import { type Command, Option } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import { addTestamentOptions } from './add-testament-options.js';
import { collectOption } from './collect-option.js';
import { matchPolicies } from './match-policies.js';

/** Declares `wamp-cli subscribe`. */
export function addSubscribeCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('subscribe')
    .description('print the events of topics as they come')
    .argument('<topics...>', 'URIs of the topics')
    .optionsGroup('Subscribe:')
    .addOption(new Option('--match <policy>', 'how the topics are compared (match)').choices(matchPolicies))
    .option('--retained', 'begin with the event that the router retains, if any (get_retained)')
    .option('--count <n>', 'end after n events')
    .option('--for <duration>', 'end after this time')
    .option('--idle <duration>', 'end when no event came for this time')
    .option('--details', 'print publication, subscription, time and Details too')
    .option('--reconnect', 'when the connection goes, connect and subscribe again')
    .option('-o, --option <k=v>', 'any option of SUBSCRIBE by its WAMP name; repeatable', collectOption);
  addTestamentOptions(command);
  command.addHelpText(
    'after',
    `
Prints one line for each event: {"topic","args","kwargs"} in a pipe, in colours on a terminal.

Examples:
  wamp-cli subscribe com.example.order
  wamp-cli subscribe --match prefix com.example. wamp.session.
  wamp-cli subscribe --match wildcard com.example..state --details
  wamp-cli subscribe com.example.order --count 1 --for 10s | jq .kwargs.state
  wamp-cli subscribe com.example.order --testament com.example.watcher.gone --testament-args '[7]'`,
  );
  command.action((topics: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/subscribe.js')).subscribe(context, topics, command.opts()),
    ),
  );
}
