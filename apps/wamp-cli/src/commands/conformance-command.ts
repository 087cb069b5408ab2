import type { Command } from 'commander';
import type { VerbRunner } from '../run-verb.js';
import { collectList } from './collect-list.js';

/** Declares `wamp-cli conformance`. */
export function addConformanceCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('conformance')
    .description('check a router, any router, against the WAMP specification')
    .argument('[url]', 'the router, as --url')
    .optionsGroup('Conformance:')
    .option(
      '--only <ids>',
      'only these requirements: BP-RPC-01,CAN-02; the beginning of ids is enough',
      collectList,
    )
    .option('--credentials <file>', 'who may join by which method, JSON: what checks of authentication need')
    .option('--tap', 'print TAP version 14')
    .addHelpText(
      'after',
      `
Wants a realm in which an anonymous session may do everything. Prints one line for each check: {"id","title","level",
"outcome","message"} in a pipe. --timeout bounds each wait within a check (default 2s). Exit code 8 when a check of
level MUST failed.

Without --credentials, {"ticket":{"authid","ticket"},"wampcra":{"authid","secret"},"wamp-scram":{"authid","password"},
"cryptosign":{"privateKey","authid"?,"routerKey"?}} or some of it, checks of authentication are skipped.

Examples:
  wamp-cli conformance ws://127.0.0.1:8080/ws
  wamp-cli conformance tcp://127.0.0.1:8080 --serializer cbor --only BP-,CAN-
  wamp-cli conformance --tap > conformance.tap`,
    );
  command.action((url: string | undefined) =>
    runVerb(command, async (context) =>
      (await import('../verbs/conformance.js')).conformance(context, url, command.opts()),
    ),
  );
}
