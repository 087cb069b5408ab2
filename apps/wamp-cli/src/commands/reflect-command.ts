import { Argument, type Command, Option } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import type { ReflectAction } from '../verbs/reflect.js';
import { addWatchOptions } from './add-watch-options.js';
import { definedKinds } from './defined-kinds.js';

/** Declares `wamp-cli reflect`. */
export function addReflectCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('reflect')
    .description('show or watch what is told of procedures, topics and errors')
    .addArgument(
      new Argument('<action>', 'what to do').choices(['ls', 'get', 'watch'] satisfies ReflectAction[]),
    )
    .argument('[uris...]', 'URIs, for get')
    .optionsGroup('Reflect:')
    .addOption(new Option('--kind <kind>', 'ls, get: of this kind alone').choices(definedKinds));
  addWatchOptions(command);
  command.addHelpText(
    'after',
    `
Asks the reflection API of the router, which must offer it and permit it, and tells of what you may call or subscribe to
alone. ls prints {"kind","uri","schema"} for each URI, schema null where nothing describes a registered procedure; get
{"uri","schema"}, or exits with 8 where nothing does; watch {"event":"define"|"undefine","kind","uri",..}.
Callees describe a procedure with register --schema.

Examples:
  wamp-cli reflect ls
  wamp-cli reflect ls --kind topic --value
  wamp-cli reflect get com.example.add | jq .schema.args
  wamp-cli reflect watch`,
  );
  command.action((action: ReflectAction, uris: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/reflect.js')).reflect(context, { action, uris }, command.opts()),
    ),
  );
}
