import { constants } from 'node:os';
import type { Log } from './log.js';

/** The signals that stop the router. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** What a shutdown acts on; tests bring their own. */
export interface ShutdownTarget {
  on(event: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  exit(code: number): void;
}

/**
 * Lets SIGINT and SIGTERM close what runs, then exit with 0; a second signal exits at once with 128 + its number, as
 * if it had not been handled.
 */
export function closeOnSignals(
  running: { close(): Promise<void> },
  log: Log,
  target: ShutdownTarget = process,
): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.warn(`${signal} again, exiting at once`);
      target.exit(128 + constants.signals[signal]);
      return;
    }
    stopping = true;
    log.info(`${signal}, closing: GOODBYE to all; again to exit at once`);
    running.close().then(
      () => {
        log.info('closed');
        target.exit(0);
      },
      (error: unknown) => {
        log.fatal({ err: error }, 'closing failed');
        target.exit(1);
      },
    );
  };
  for (const signal of SIGNALS) target.on(signal, onSignal);
}
