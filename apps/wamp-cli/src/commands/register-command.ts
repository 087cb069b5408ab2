import { type Command, Option } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import { addTestamentOptions } from './add-testament-options.js';
import { collectOption } from './collect-option.js';
import { invokePolicies } from './invoke-policies.js';
import { matchPolicies } from './match-policies.js';

/** Declares `wamp-cli register`. */
export function addRegisterCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('register')
    .description('register procedures, print their invocations and answer them')
    .argument('<procedures...>', 'URIs of the procedures')
    .optionsGroup('Register:')
    .addOption(
      new Option('--match <policy>', 'how the procedures are compared (match)').choices(matchPolicies),
    )
    .addOption(
      new Option('--invoke <policy>', 'who of several callees is called (invoke)').choices(invokePolicies),
    )
    .option('--concurrency <n>', 'so many invocations at a time; more wait at the router (concurrency)')
    .option('--force-reregister', 'take the procedure from who holds it (force_reregister)')
    .option('--disclose-caller', 'ask to be told who calls (disclose_caller)')
    .option('--echo', 'answer with the arguments that came')
    .option('--reply <value>', 'answer with this value: JSON when valid, else a string')
    .option('--error <uri>', 'answer with this ERROR; --reply is its argument')
    .option('--exec <command>', 'answer with what this shell command prints')
    .option('--schema <json>', 'describe the procedures to who asks: a JSON object, or @file (reflection)')
    .option('--count <n>', 'end after n invocations')
    .option('--for <duration>', 'end after this time')
    .option('--details', 'print the Details of invocations too')
    .option('--reconnect', 'when the connection goes, connect and register again')
    .option('-o, --option <k=v>', 'any option of REGISTER by its WAMP name; repeatable', collectOption);
  addTestamentOptions(command);
  command.addHelpText(
    'after',
    `
Without --echo, --reply, --error or --exec the answer is an empty result.

The command of --exec gets the call as {"args","kwargs","procedure","details"} on stdin, args as $1 $2 .., and both as
JSON in WAMP_ARGS and WAMP_KWARGS. Its stdout is the result: {"args":[..],"kwargs":{..}} as such, other JSON or text as
one argument. Where the caller asked for progress each line is a progressive result, and the last line the result.
An exit code other than 0 is an ERROR wamp.error.runtime_error with what it wrote to stderr.

Examples:
  wamp-cli register com.example.echo --echo
  wamp-cli register com.example.version --reply '"1.4.2"'
  wamp-cli register com.example.down --error com.example.error.maintenance --reply 'back at 9'
  wamp-cli register com.example.add --exec 'echo $(($1 + $2))' --invoke roundrobin --concurrency 4
  wamp-cli register com.example.sum --exec "jq '.args | add'"
  wamp-cli register com.example.echo --echo --schema @echo.schema.json
  wamp-cli register com.example.echo --echo --testament com.example.echo.state --testament-args '["gone"]'`,
  );
  command.action((procedures: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/register.js')).register(context, procedures, command.opts()),
    ),
  );
}
