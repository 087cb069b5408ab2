// For embedders: the command line in a process that is not its own.
export { ExitCode } from './exit-codes.js';
export { type RunOptions, runCli } from './run-cli.js';
export type { Output, Stop, Terminal } from './terminal.js';
