import { Argument, type Command, Option } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import type { AuthorizationAction } from '../verbs/authorization.js';
import { matchPolicies } from './match-policies.js';

/** Declares `wamp-cli authorization`. */
export function addAuthorizationCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('authorization')
    .description('tell why something is allowed or denied, or flush what authorizers said')
    .addArgument(
      new Argument('<action>', 'what to do').choices(['explain', 'flush'] satisfies AuthorizationAction[]),
    )
    .argument(
      '[targets...]',
      'explain: a session or role, then call, register, publish or subscribe, then URIs',
    )
    .optionsGroup('Authorization:')
    .option('--role', 'the first target is a role, though it looks like the id of a session')
    .addOption(
      new Option('--match <policy>', 'explain: how the URI of register and subscribe is meant').choices(
        matchPolicies,
      ),
    )
    .addHelpText(
      'after',
      `
Asks a wampkit router, which must permit it: wamp.authorization.explain and wamp.authorization.flush_cache. A session is
named by its id, all else is the name of a role. explain does nothing and prints {"allowed","rule","role",..} for each
URI; it exits with 8 when one of them is not allowed. flush gives up the answers of authorizers that the router holds,
of a session, of a role, or of all, and prints {"count"} of the sessions.

Examples:
  wamp-cli authorization explain user call com.example.add
  wamp-cli authorization explain 1408606696468019 subscribe com.example. --match prefix
  wamp-cli authorization flush device`,
    );
  command.action((action: AuthorizationAction, targets: string[]) =>
    runVerb(command, async (context) =>
      (await import('../verbs/authorization.js')).authorization(context, { action, targets }, command.opts()),
    ),
  );
}
