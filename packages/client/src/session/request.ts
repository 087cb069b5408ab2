import {
  type ConnectionLostError,
  type ErrorMessage,
  type Message,
  RequestError,
  type RequestType,
} from '@wampkit/protocol';
import { canceledBy, onAbort, throwIfAborted } from '../abort-signal.js';
import { createDeferred, type Deferred } from '../deferred.js';
import { payloadText } from '../messages.js';
import type { Answer, PendingRequest } from './pending-requests.js';
import type { Session } from './session.js';

/** A request other than a call. */
export interface RequestSpec<A extends Answer> {
  readonly type: RequestType;
  /** For error messages, such as `subscribe "com.example.topic"`. */
  readonly what: string;
  make(id: number): Message;
  /** Takes the answer as it arrives, before anything behind it is delivered; also when the promise was given up. */
  answered?(message: A): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends a request and resolves with its answer.
 *
 * @throws {RequestError} it was answered with ERROR, or could not be sent
 * @throws {CanceledError} the signal aborted; the request may take effect all the same
 * @throws {ConnectionLostError} the session ended first
 */
export async function request<A extends Answer>(session: Session, spec: RequestSpec<A>): Promise<A> {
  throwIfAborted(spec.signal, spec.what);
  const outcome = createDeferred<A>();
  session.start((id) => spec.make(id), pendingRequest(spec, outcome));
  const stop = onAbort(spec.signal, () => outcome.reject(canceledBy(spec.signal as AbortSignal, spec.what)));
  return outcome.promise.finally(stop);
}

function pendingRequest<A extends Answer>(
  { type, what, answered }: RequestSpec<A>,
  outcome: Deferred<A>,
): PendingRequest {
  return {
    type,
    answer(message) {
      answered?.(message as A);
      outcome.resolve(message as A);
      return false;
    },
    refuse: (message) => outcome.reject(new RequestError(...refusal(message, what))),
    lose: (error: ConnectionLostError) => outcome.reject(error),
  };
}

/** Message and options of the error that an ERROR stands for. */
export function refusal(
  { error, details, payload }: ErrorMessage,
  what: string,
): ConstructorParameters<typeof RequestError> {
  const [args, kwargs] = [payload.args(), payload.kwargs()];
  return [`${what}: ${error}${payloadText(payload)}`, { uri: error, args, kwargs, details }] as never;
}
