import type { Command } from 'commander';

/** Adds the options with which a verb that runs on leaves a testament. */
export function addTestamentOptions(command: Command): void {
  command
    .option('--testament <topic>', 'publish an event to this topic when the session is over, however it ends')
    .option('--testament-args <json>', 'its arguments as a JSON list, or @file')
    .option('--testament-kwargs <json>', 'its keyword arguments as a JSON object, or @file')
    .option('--testament-retain', 'keep it for later subscribers who ask');
}
