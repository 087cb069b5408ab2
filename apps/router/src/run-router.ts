import type { LoadedConfig } from './config/load-config.js';
import { createLog, type Log } from './log.js';
import { closeOnSignals } from './shutdown.js';
import { startRouterApp } from './start-router-app.js';

/** Runs a router until a signal ends it; the process exits then. Rejects when it cannot start. */
export async function runRouter(loaded: LoadedConfig): Promise<void> {
  const log = await createLog(loaded.config.log);
  exitOnFaults(log);
  closeOnSignals(await startRouterApp(loaded, { log }), log);
}

/** What nobody caught leaves the process in an unknown state: it is logged, and ends it. */
function exitOnFaults(log: Log): void {
  const exit = (error: unknown, what: string): void => {
    log.fatal({ err: error }, what);
    process.exit(1);
  };
  process.on('uncaughtException', (error) => exit(error, 'uncaught exception'));
  process.on('unhandledRejection', (error) => exit(error, 'unhandled rejection'));
  // A reader of the log that goes away (`wamp-router | head -1`) is no reason to stop.
  process.stdout.on('error', () => {});
}
