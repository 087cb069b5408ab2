import type { Args, Dict, Invocation, Kwargs } from '@wampkit/protocol';

/** What a procedure gets. */
export class InvocationContext {
  readonly args: Args;
  readonly kwargs: Kwargs;
  /** INVOCATION.Details: `caller`, `timeout`, `trustlevel` ... as the router tells. */
  readonly details: Dict;
  /** The procedure called, also for pattern registrations (PREG-06). */
  readonly procedure: string;
  readonly #controller: AbortController;
  readonly #progress: (value: unknown) => boolean;

  /** @internal */
  constructor(
    message: Invocation,
    registered: string,
    { controller, progress }: { controller: AbortController; progress: (value: unknown) => boolean },
  ) {
    this.args = message.payload.args();
    this.kwargs = message.payload.kwargs();
    this.details = message.details;
    this.procedure = (message.details.procedure as string | undefined) ?? registered;
    this.#controller = controller;
    this.#progress = progress;
  }

  /** The first positional argument, `undefined` when there is none. */
  get value(): unknown {
    return this.args[0];
  }

  /**
   * Aborts when the result is no longer wanted: the caller canceled or went (INTERRUPT), the call's timeout ended, the
   * procedure was unregistered, or the session ended. Its reason is an error that may be thrown on.
   */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the caller takes progressive results. */
  get receivesProgress(): boolean {
    return this.details.receive_progress === true;
  }

  /**
   * Sends a progressive result: a value, or `result()` for the full shape. In a generator, `yield` does the same.
   *
   * @returns whether it was sent: not when the caller takes none, or the invocation is over
   */
  progress(value: unknown): boolean {
    return this.#progress(value);
  }
}

/**
 * A procedure. What it returns is the result: a value becomes the one positional argument, `undefined` none, `result()`
 * the full shape; a generator's `yield`s are progressive results and its `return` the final one. What it throws becomes
 * an ERROR: with `uri`, `args` and `kwargs` as they stand where the error has a `uri`, else `wamp.error.runtime_error`
 * with the message as argument.
 */
export type InvocationHandler = (invocation: InvocationContext) => unknown;
