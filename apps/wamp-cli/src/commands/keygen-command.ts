import type { Command } from 'commander';
import { addOutputOptions } from '../global-options.js';
import type { VerbRunner } from '../run-verb.js';
import type { KeygenOptions } from '../verbs/keygen.js';

/** Declares `wamp-cli keygen`. */
export function addKeygenCommand(program: Command, runVerb: VerbRunner): void {
  const command = program
    .command('keygen')
    .description('make a key pair for cryptosign')
    .argument('[file]', 'where the private key goes, for its owner alone; the public one goes to <file>.pub')
    .optionsGroup('Keygen:')
    .option('--from <file>', 'make nothing, and tell the public key of a private one, as of --private-key')
    .option('--force', 'replace files that are there')
    .addHelpText(
      'after',
      `
Prints {"publicKey","file"}, without a file {"privateKey","publicKey"}, with --from {"publicKey"}; each key is 64 hex
digits. The public key goes into the config of the router, the private one stays here.

Examples:
  wamp-cli keygen device.key
  wamp-cli keygen --from device.key --raw
  wamp-cli --private-key device.key call com.example.add 2 3`,
    );
  addOutputOptions(command);
  command.action((file: string | undefined) =>
    runVerb(command, async (context) =>
      (await import('../verbs/keygen.js')).keygen(context, file, command.opts<KeygenOptions>()),
    ),
  );
}
