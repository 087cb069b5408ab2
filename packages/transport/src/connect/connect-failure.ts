import { CanceledError, ConnectError } from '@wampkit/protocol';

/** Writes a URL for messages, without its password. */
function displayUrl(url: string): string {
  return url.replace(/(\/\/[^/:@]*):[^/@]*@/, '$1:***@');
}

/** The error of a connection that could not be made, naming the URL and the cause in words. */
export function connectRefused(
  url: string,
  why: string,
  options: { retryable: boolean; cause?: unknown },
): ConnectError {
  return new ConnectError(`cannot connect to ${displayUrl(url)}: ${why}`, options);
}

/** The error of a connection attempt that its AbortSignal ended. */
export function connectCanceled(url: string, signal: AbortSignal): CanceledError {
  return new CanceledError(`the connection to ${displayUrl(url)} was given up`, { cause: signal.reason });
}
