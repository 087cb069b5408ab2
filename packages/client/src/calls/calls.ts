import {
  Call,
  CallError,
  Cancel,
  type CanceledError,
  type ConnectionLostError,
  type ErrorMessage,
  ErrorUri,
  MessageCode,
  Payload,
  type Result,
  TimeoutError,
  type Timer,
} from '@wampkit/protocol';
import { canceledBy, onAbort, throwIfAborted } from '../abort-signal.js';
import { createDeferred } from '../deferred.js';
import { CallResult } from '../messages.js';
import {
  type CallOptions,
  type CancelMode,
  type PayloadChunks,
  type PayloadInput,
  wireOptions,
} from '../options.js';
import type { Answer, PendingRequest } from '../session/pending-requests.js';
import { refusal } from '../session/request.js';
import { notSent, type Session, toRequestError } from '../session/session.js';

/** What to call, and how. */
export interface CallRequest {
  readonly procedure: string;
  readonly payload?: PayloadInput | PayloadChunks | undefined;
  readonly options?: CallOptions | undefined;
  /** Takes progressive results, and asks for them. */
  readonly progress?: (result: CallResult) => void;
}

/** A call from CALL to its end. */
export class PendingCall implements PendingRequest {
  readonly type = MessageCode.Call;
  readonly #session: Session;
  readonly #request: CallRequest;
  readonly #outcome = createDeferred<CallResult>();
  #id = 0;
  #timer: Timer | null = null;
  #stopListening: () => void = () => {};
  /** Why the call is being canceled, while the callee may still answer (mode `kill`). */
  #canceled: CanceledError | null = null;
  #done = false;
  /** Where the chunks come from, while they do. */
  #chunks: AsyncIterator<PayloadInput> | null = null;

  /** Sends CALL, of chunks when the first one is there. @throws {ConnectionLostError | RequestError | CanceledError} when nothing was sent */
  constructor(session: Session, request: CallRequest) {
    const { procedure, payload, options } = request;
    throwIfAborted(options?.signal, `call "${procedure}"`);
    this.#session = session;
    this.#request = request;
    if (isChunks(payload)) void this.#feed(payload[Symbol.asyncIterator]());
    else this.#call(payload, false);
    this.#stopListening = onAbort(options?.signal, () =>
      this.cancel(canceledBy(options?.signal as AbortSignal, `call "${procedure}"`)),
    );
  }

  /** The final result. */
  get result(): Promise<CallResult> {
    return this.#outcome.promise;
  }

  answer(message: Answer): boolean {
    const result = new CallResult(message as Result);
    if (result.details.progress === true) {
      this.#restartTimer(); // PCR-07
      this.#request.progress?.(result);
      return !this.#done;
    }
    this.#finish();
    this.#outcome.resolve(result);
    return false;
  }

  refuse(message: ErrorMessage): void {
    this.#fail(this.#errorOf(message));
  }

  lose(error: ConnectionLostError): void {
    this.#fail(error);
  }

  /** Sends CANCEL; the call rejects with `error`, in mode `kill` once the callee has answered. */
  cancel(error: CanceledError, mode = this.#request.options?.cancelMode ?? 'killnowait'): void {
    if (this.#done) return;
    this.#canceled = error;
    this.#stopChunks();
    this.#giveUp(mode, error);
  }

  /* PCI-04: all chunks bear one id. PCI-09: the options are those of the first. */
  #call(payload: PayloadInput | undefined, more: boolean): void {
    const { procedure, options, progress } = this.#request;
    const isFirst = this.#id === 0;
    const wire: Record<string, unknown> = isFirst ? callOptions(options, progress !== undefined) : {};
    if (more) wire.progress = true;
    const make = (id: number) => new Call(id, wire, procedure, Payload.of(payload?.args, payload?.kwargs));
    if (isFirst) {
      this.#id = this.#session.start(make, this);
      this.#restartTimer();
      return;
    }
    const refused = this.#session.send(make(this.#id));
    if (refused !== null) throw toRequestError(refused);
  }

  async #feed(chunks: AsyncIterator<PayloadInput>): Promise<void> {
    this.#chunks = chunks;
    void this.#session.over.then(() => this.lose(notSent())); // also before the first chunk
    try {
      for (;;) {
        const { done, value } = await chunks.next();
        if (this.#done || this.#canceled !== null) return;
        this.#call(value, done !== true);
        if (done === true) break;
        await this.#session.drained();
      }
      this.#chunks = null;
    } catch (error) {
      if (!this.#done && this.#canceled === null) this.#giveUp('killnowait', error as Error);
    }
  }

  /* Nobody waits for the source: it may be stuck. */
  #stopChunks(): void {
    const chunks = this.#chunks;
    this.#chunks = null;
    (async () => chunks?.return?.())().catch(() => {});
  }

  #expire(timeout: number): void {
    this.#giveUp(
      'killnowait',
      new TimeoutError(`call "${this.#request.procedure}": no answer within ${timeout} ms`),
    );
  }

  #giveUp(mode: CancelMode, error: Error): void {
    if (this.#id !== 0) {
      this.#session.send(new Cancel(this.#id, { mode }));
      if (mode === 'kill') return;
      this.#session.forget(this.#id); // a late answer is dropped
    }
    this.#fail(error);
  }

  #errorOf(message: ErrorMessage): Error {
    const error = new CallError(...refusal(message, `call "${this.#request.procedure}"`));
    if (error.uri === ErrorUri.Timeout) return new TimeoutError(error.message, { cause: error });
    if (error.uri === ErrorUri.Canceled && this.#canceled !== null) return this.#canceled;
    return error;
  }

  #restartTimer(): void {
    const timeout = this.#request.options?.timeout ?? 0;
    this.#timer?.cancel();
    if (timeout > 0 && timeout !== Number.POSITIVE_INFINITY)
      this.#timer = this.#session.clock.setTimer(timeout, () => this.#expire(timeout));
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#finish();
    this.#outcome.reject(error);
  }

  #finish(): void {
    this.#done = true;
    this.#timer?.cancel();
    this.#stopListening();
    if (this.#chunks !== null) this.#stopChunks();
  }
}

function isChunks(payload: PayloadInput | PayloadChunks | undefined): payload is PayloadChunks {
  return payload !== undefined && Symbol.asyncIterator in payload;
}

function callOptions(options: CallOptions | undefined, progress: boolean): Record<string, unknown> {
  const wire: Record<string, unknown> = { ...wireOptions(options) };
  if (progress) wire.receive_progress = true;
  const { timeout } = options ?? {};
  if (timeout !== undefined && timeout !== Number.POSITIVE_INFINITY) wire.timeout = Math.ceil(timeout);
  else delete wire.timeout;
  return wire;
}
