import type { Command } from 'commander';

/** Adds the options of the action `watch`. */
export function addWatchOptions(command: Command): void {
  command
    .option('--count <n>', 'watch: end after n events')
    .option('--for <duration>', 'watch: end after this time')
    .option('--reconnect', 'watch: when the connection goes, connect and watch again');
}
