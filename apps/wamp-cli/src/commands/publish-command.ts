import type { Command } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import { addPayloadOptions, valuesHelp } from './add-payload-options.js';
import { collectIds, collectList } from './collect-list.js';
import { collectOption } from './collect-option.js';

/** Declares `wamp-cli publish`. */
export function addPublishCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('publish')
    .description('publish an event, or one for each line of stdin')
    .argument('<topic>', 'URI of the topic')
    .argument('[values...]', 'arguments, and keyword arguments as k=v')
    .optionsGroup('Publish:')
    .option('--ack', 'wait until the router has it (acknowledge) and print the publication id')
    .option('--retain', 'keep it for later subscribers who ask, one for each topic (retain)')
    .option('--exclude-me', 'do not receive it yourself (exclude_me=true, the default)')
    .option('--no-exclude-me', 'receive it too, if subscribed (exclude_me=false)')
    .option('--disclose-me', 'tell subscribers who publishes (disclose_me)')
    .option('--exclude <ids>', 'not to these sessions: 1,2', collectIds)
    .option('--exclude-authid <ids>', 'not to these authids: a,b', collectList)
    .option('--exclude-authrole <roles>', 'not to these authroles', collectList)
    .option('--eligible <ids>', "only to these sessions; '' is nobody", collectIds)
    .option('--eligible-authid <ids>', 'only to these authids', collectList)
    .option('--eligible-authrole <roles>', 'only to these authroles', collectList)
    .option('--lines', 'one event for each line of stdin; the line is the last argument')
    .option('--repeat <n>', 'publish it n times')
    .option('--every <duration>', 'time between events of --repeat and --lines')
    .option('-o, --option <k=v>', 'any option of PUBLISH by its WAMP name; repeatable', collectOption)
    .addHelpText(
      'after',
      `${valuesHelp}

Examples:
  wamp-cli publish com.example.order 42 state=paid
  wamp-cli publish --ack com.example.order --kwargs-json '{"state":"paid"}'
  wamp-cli publish com.example.file name=a.png data=@a.png
  tail -f app.log | wamp-cli publish -s --lines com.example.log`,
    );
  addPayloadOptions(command);
  command.action((topic: string, values: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/publish.js')).publish(context, { topic, values }, command.opts()),
    ),
  );
}
