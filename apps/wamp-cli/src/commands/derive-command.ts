import { Argument, type Command, Option } from 'commander';
import { addOutputOptions } from '../global-options.js';
import type { VerbRunner } from '../run-verb.js';
import type { DeriveMethod, DeriveOptions } from '../verbs/derive.js';

/** Declares `wamp-cli derive`. */
export function addDeriveCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('derive')
    .description('derive from a password what the config of a router stores in its place')
    .addArgument(
      new Argument('<method>', 'what it is for').choices(['cra', 'scram'] satisfies DeriveMethod[]),
    )
    .optionsGroup('Derive:')
    .option('--password <secret>', '@file, env:NAME, or prompt (default), which asks twice')
    .option('--salt <text>', 'default: 16 random octets; of scram in base64')
    .option('--iterations <n>', 'default: cra 100000, scram 600000 of pbkdf2 and 2 of argon2id13')
    .option('--keylen <n>', 'cra: octets of the key (default 32)')
    .addOption(
      new Option('--kdf <name>', 'scram: how to derive (default argon2id13)').choices([
        'argon2id13',
        'pbkdf2',
      ]),
    )
    .option('--memory <KiB>', 'scram: memory of argon2id13 (default 19456)')
    .option('--yaml', 'print YAML, as it goes into the config (default on a terminal)')
    .addHelpText(
      'after',
      `
Prints what a user of the method has in the config, besides its role: cra {"secret","salt","iterations","keylen"}, scram
{"kdf","salt","iterations","memory","storedKey","serverKey"}. Who reads it of cra can join as that user; who reads it of
scram cannot, but can try passwords: keep both.

Examples:
  wamp-cli derive scram
  wamp-cli derive cra --password env:ANN_SECRET --json
  wamp-cli derive scram --kdf pbkdf2 --iterations 4096 --password @password.txt --yaml`,
    );
  addOutputOptions(command);
  command.action((method: DeriveMethod) =>
    runVerb(command, async (context) =>
      (await import('../verbs/derive.js')).derive(context, method, command.opts<DeriveOptions>()),
    ),
  );
}
