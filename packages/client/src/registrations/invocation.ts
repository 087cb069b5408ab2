import {
  CanceledError,
  type Dict,
  ErrorMessage,
  ErrorUri,
  type Interrupt,
  type Invocation,
  MessageCode,
  Payload,
  TimeoutError,
  type Timer,
  type WampError,
  Yield,
} from '@wampkit/protocol';
import type { Hooks } from '../hooks.js';
import { limits } from '../limits.js';
import { CallResult, ResultPayload } from '../messages.js';
import type { Session } from '../session/session.js';
import { EventBuffer } from '../subscriptions/event-buffer.js';
import { InvocationChunk, InvocationContext, type InvocationHandler } from './invocation-context.js';
import { invocationError } from './invocation-error.js';
import type { Registration } from './registration.js';

type Generator = Iterator<unknown, unknown> | AsyncIterator<unknown, unknown>;

/** What an invocation needs. */
export interface InvocationOptions {
  readonly session: Session;
  readonly hooks: Hooks;
  readonly registration: Registration;
  /** Called once, when nothing more will be sent; `open`: chunks may still come. */
  readonly finished: (open: boolean) => void;
}

/** One INVOCATION from its start to its answer. */
export class RunningInvocation {
  readonly registration: Registration;
  readonly #message: Invocation;
  readonly #options: InvocationOptions;
  readonly #controller = new AbortController();
  readonly #context: InvocationContext;
  /** Chunks that the procedure has not taken; `null`: there is but the first, and nobody asked. */
  #chunks: EventBuffer<InvocationChunk> | null = null;
  /** Whether more chunks follow. */
  #open: boolean;
  #timer: Timer | null = null;
  #done = false;

  constructor(message: Invocation, options: InvocationOptions) {
    this.registration = options.registration;
    this.#message = message;
    this.#options = options;
    this.#open = message.details.progress === true;
    this.#context = new InvocationContext(message, options.registration.procedure, {
      controller: this.#controller,
      progress: (value) => this.#progress(value),
      nextChunk: () => this.#buffer().next(),
    });
    if (this.#open) this.#buffer();
  }

  run(handler: InvocationHandler): void {
    this.#restartTimer();
    try {
      this.#take(handler(this.#context));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** One more INVOCATION of the same id (PCI-04). */
  add(message: Invocation): void {
    if (!this.#open) return;
    this.#open = message.details.progress === true;
    const overflow = this.#hold(new InvocationChunk(message));
    if (overflow === null) return;
    this.#fail(overflow);
    this.abort(overflow);
  }

  #buffer(): EventBuffer<InvocationChunk> {
    if (this.#chunks === null) {
      this.#chunks = new EventBuffer(limits.chunks, 'error');
      this.#hold(this.#context);
      const { signal } = this.#controller;
      if (signal.aborted) this.#chunks.end(signal.reason);
    }
    return this.#chunks;
  }

  #hold(chunk: InvocationChunk): WampError | null {
    const buffer = this.#chunks as EventBuffer<InvocationChunk>;
    const isEmpty = chunk.args.length === 0 && Object.keys(chunk.kwargs).length === 0;
    const overflow = this.#open || !isEmpty ? buffer.push(chunk) : null;
    if (!this.#open) buffer.end();
    return overflow;
  }

  /** INTERRUPT (CAN-09): with `killnowait` nobody waits for an answer, else the procedure gives it. */
  interrupt({ options }: Interrupt): void {
    if (options.mode === 'killnowait') this.#finish();
    const uri = typeof options.reason === 'string' ? options.reason : ErrorUri.Canceled;
    this.abort(new CanceledError('the call was canceled', { uri }));
  }

  /** Tells the procedure that its result is no longer wanted. */
  abort(reason: WampError): void {
    this.#controller.abort(reason);
    this.#chunks?.end(reason);
  }

  /** Nothing is sent from now on. */
  discard(reason: WampError): void {
    this.#finish();
    this.abort(reason);
  }

  #take(value: unknown): void {
    if (isThenable(value)) {
      value.then(
        (settled) => this.#take(settled),
        (error) => this.#fail(error),
      );
    } else if (isGenerator(value)) this.#drive(value).catch((error) => this.#fail(error));
    else this.#succeed(value);
  }

  async #drive(generator: Generator): Promise<void> {
    const { signal } = this.#controller;
    try {
      for (;;) {
        const step = await generator.next();
        if (step.done === true) return this.#succeed(await step.value);
        // PCR-06: who is interrupted stops streaming.
        if (signal.aborted) throw signal.reason;
        this.#progress(step.value);
        await this.#options.session.drained();
      }
    } finally {
      await generator.return?.();
    }
  }

  #progress(value: unknown): boolean {
    if (this.#done || !this.#context.receivesProgress) return false;
    this.#restartTimer(); // PCR-07
    const refused = this.#options.session.send(
      new Yield(this.#message.request, { ...optionsOf(value), progress: true }, payloadOf(value)),
    );
    if (refused !== null) throw refused;
    return true;
  }

  #succeed(value: unknown): void {
    if (this.#done) return;
    const refused = this.#options.session.send(
      new Yield(this.#message.request, optionsOf(value), payloadOf(value)),
    );
    if (refused === null) this.#finish();
    else this.#fail(refused);
  }

  #fail(thrown: unknown): void {
    if (this.#done) return;
    const { uri, payload, meant } = invocationError(thrown);
    if (!meant) this.#options.hooks.report(thrown, `procedure "${this.registration.procedure}"`);
    const refused = this.#sendError(uri, payload);
    if (refused !== null) this.#sendError(uri, Payload.of([refused.message]));
    this.#finish();
  }

  #sendError(uri: string, payload: Payload): WampError | null {
    return this.#options.session.send(
      new ErrorMessage(MessageCode.Invocation, this.#message.request, {}, uri, payload),
    );
  }

  // TMO-05: the router hands the timeout on to callees that registered with forward_timeout.
  #restartTimer(): void {
    const { timeout } = this.#message.details;
    this.#timer?.cancel();
    if (typeof timeout !== 'number' || timeout <= 0) return;
    this.#timer = this.#options.session.clock.setTimer(timeout, () => {
      const error = new TimeoutError(`no result within ${timeout} ms`);
      this.#fail(error);
      this.abort(error);
    });
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#timer?.cancel();
    this.#options.finished(this.#open);
  }
}

function payloadOf(value: unknown): Payload {
  if (value === undefined) return Payload.empty;
  if (value instanceof ResultPayload || value instanceof CallResult)
    return Payload.of(value.args, value.kwargs);
  return Payload.of([value]);
}

function optionsOf(value: unknown): Dict {
  return value instanceof ResultPayload ? value.options : {};
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === 'function';
}

function isGenerator(value: unknown): value is Generator {
  const candidate = value as Record<PropertyKey, unknown> | null;
  if (typeof candidate !== 'object' || candidate === null || typeof candidate.next !== 'function')
    return false;
  return Symbol.asyncIterator in candidate || Symbol.iterator in candidate;
}
