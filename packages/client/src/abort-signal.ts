import { CanceledError } from '@wampkit/protocol';

/** Calls `fn` when the signal aborts, at once when it has. @returns what stops listening */
export function onAbort(signal: AbortSignal | undefined, fn: () => void): () => void {
  if (signal === undefined) return () => {};
  if (signal.aborted) fn();
  else signal.addEventListener('abort', fn, { once: true });
  return () => signal.removeEventListener('abort', fn);
}

/** The error of something given up through a signal; its cause is the signal's reason. */
export function canceledBy(signal: AbortSignal, what: string): CanceledError {
  return new CanceledError(`${what} was canceled`, { cause: signal.reason });
}

/** @throws {CanceledError} when the signal has aborted */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw canceledBy(signal, what);
}

/** Settles as `promise` does, or rejects with CanceledError once the signal aborts. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const stop = onAbort(signal, () => reject(canceledBy(signal, what)));
    promise.then(resolve, reject).finally(stop);
  });
}
