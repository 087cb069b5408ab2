import { readFileSync } from 'node:fs';
import { processTerminal } from './process-terminal.js';
import { runCli } from './run-cli.js';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const exitCode = await runCli(process.argv.slice(2), { terminal: processTerminal(), version });
// Not before what was written has left; a reader that is gone has called back with an error.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
