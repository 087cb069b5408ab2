import { CanceledError, TimeoutError } from '@wampkit/protocol';

/** What ends the wait for one request early. */
export interface RequestLimits {
  /** The terminal's stop. */
  readonly stop: AbortSignal;
  /** Milliseconds; absent: none. */
  readonly timeout?: number | undefined;
}

/**
 * Makes a request that ends by the terminal's stop or by `--timeout`.
 *
 * @param what names the request in the error
 * @throws {TimeoutError} when the time is over
 */
export async function withinTime<T>(
  what: string,
  { stop, timeout }: RequestLimits,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (timeout === undefined) return request(stop);
  const expiry = new AbortController();
  const timer = setTimeout(() => expiry.abort(), timeout);
  try {
    return await request(AbortSignal.any([stop, expiry.signal]));
  } catch (error) {
    if (!(error instanceof CanceledError) || !expiry.signal.aborted) throw error;
    throw new TimeoutError(`${what}: no answer within ${timeout} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
