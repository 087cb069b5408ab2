import type { Writable } from 'node:stream';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { RouterConfig } from './config/schema.js';

/** What the app logs with. */
export type Log = Logger;

/**
 * Makes the log that a config asks for: JSON lines, or pretty for people, which `auto` chooses on a terminal.
 *
 * @param output default: standard output
 */
export async function createLog(
  config: RouterConfig['log'],
  output: Writable = process.stdout,
): Promise<Log> {
  const options = {
    level: config.level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) }, // `warn` says more than 40
  };
  const isTerminal = (output as { isTTY?: boolean }).isTTY === true;
  if (config.format === 'json' || (config.format === 'auto' && !isTerminal)) return pino(options, output);
  const { default: pretty } = await import('pino-pretty');
  // In this process and not in a worker thread, so that the last line before an exit is written too.
  return pino(
    options,
    pretty({
      destination: output,
      sync: true,
      colorize: isTerminal,
      translateTime: 'SYS:HH:MM:ss',
      singleLine: true,
    }),
  );
}
