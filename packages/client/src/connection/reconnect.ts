import { type Clock, JoinError } from '@wampkit/protocol';
import { onAbort } from '../abort-signal.js';
import type { Backoff } from './backoff.js';

/** What reconnecting needs. */
export interface ReconnectLoop {
  readonly backoff: Backoff;
  readonly clock: Clock;
  /** Attempts in a row. */
  readonly retries: number;
  readonly signal: AbortSignal;
  /** One attempt: transport and join. */
  attempt(): Promise<unknown>;
  /** Told before each wait. @param error why the attempt before failed, `null` before the first */
  waiting(attempt: number, delay: number, error: unknown): void;
}

/**
 * Tries to be joined again until an attempt succeeds.
 *
 * @throws the last attempt's error when retries are used up, the signal aborted, or the router refused twice in a row
 *   for a reason that trying again does not cure; once may be a ticket that was just being renewed
 */
export async function reconnect(loop: ReconnectLoop): Promise<void> {
  let error: unknown = null;
  let refusals = 0;
  for (let attempt = 1; attempt <= loop.retries && !loop.signal.aborted; attempt++) {
    const delay = loop.backoff.next();
    loop.waiting(attempt, delay, error);
    await wait(delay, loop);
    if (loop.signal.aborted) break;
    try {
      await loop.attempt();
      return;
    } catch (failure) {
      error = failure;
      refusals = failure instanceof JoinError && !failure.retryable ? refusals + 1 : 0;
      if (refusals === 2) break;
    }
  }
  throw error;
}

function wait(delay: number, { clock, signal }: ReconnectLoop): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      timer.cancel();
      stop();
      resolve();
    };
    const timer = clock.setTimer(delay, finish);
    let stop = () => {};
    stop = onAbort(signal, finish);
  });
}
