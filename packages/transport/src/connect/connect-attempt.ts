import type { Clock, Peer } from '@wampkit/protocol';
import { connectCanceled, connectRefused } from './connect-failure.js';

/** How long and how far an attempt goes. */
export interface AttemptBounds {
  readonly clock: Clock;
  /** ms; 0: no bound */
  readonly connectTimeout: number;
  readonly signal: AbortSignal | undefined;
}

/** An attempt under way: `abandon` frees what it holds. */
export interface Attempt {
  readonly peer: Promise<Peer>;
  abandon(): void;
}

/** Runs an attempt until it succeeds, fails, takes too long or is no longer wanted. */
export async function runAttempt(url: string, bounds: AttemptBounds, start: () => Attempt): Promise<Peer> {
  const { clock, connectTimeout, signal } = bounds;
  if (signal?.aborted) throw connectCanceled(url, signal);
  const attempt = start();
  return new Promise<Peer>((resolve, reject) => {
    const giveUp = (error: Error): void => {
      settle();
      attempt.abandon();
      reject(error);
    };
    const onAbort = (): void => giveUp(connectCanceled(url, signal as AbortSignal));
    const timer =
      connectTimeout > 0
        ? clock.setTimer(connectTimeout, () =>
            giveUp(connectRefused(url, `no connection within ${connectTimeout} ms`, { retryable: true })),
          )
        : null;
    const settle = (): void => {
      timer?.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    attempt.peer.then(resolve, reject).finally(settle);
  });
}
