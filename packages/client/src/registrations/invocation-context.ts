import type { Args, Dict, Invocation, Kwargs } from '@wampkit/protocol';

/** The arguments of an invocation, or of one chunk of it. */
export class InvocationChunk {
  readonly args: Args;
  readonly kwargs: Kwargs;

  /** @internal */
  constructor({ payload }: Invocation) {
    this.args = payload.args();
    this.kwargs = payload.kwargs();
  }

  /** The first positional argument, `undefined` when there is none. */
  get value(): unknown {
    return this.args[0];
  }
}

/** What a procedure makes use of while it runs. */
interface Running {
  readonly controller: AbortController;
  readonly progress: (value: unknown) => boolean;
  readonly nextChunk: () => Promise<IteratorResult<InvocationChunk, undefined>>;
}

/** What a procedure gets. Of a progressive invocation, `args` and `kwargs` are those of the first chunk. */
export class InvocationContext extends InvocationChunk {
  /** INVOCATION.Details: `caller`, `timeout`, `trustlevel` ... as the router tells. */
  readonly details: Dict;
  /** The procedure called, also for pattern registrations (PREG-06). */
  readonly procedure: string;
  readonly #running: Running;

  /** @internal */
  constructor(message: Invocation, registered: string, running: Running) {
    super(message);
    this.details = message.details;
    this.procedure = (message.details.procedure as string | undefined) ?? registered;
    this.#running = running;
  }

  /**
   * The chunks of a progressive invocation as they come, the first one included (PCI); of any other call its arguments
   * alone. A last one without arguments only ends it. Throws the reason of `signal` once that aborts. Iterate it once.
   *
   * @example
   * await client.register('com.example.sum', async ({ chunks }) => {
   *   let sum = 0;
   *   for await (const { value } of chunks) sum += Number(value);
   *   return sum;
   * });
   */
  get chunks(): AsyncIterable<InvocationChunk, undefined> {
    return { [Symbol.asyncIterator]: () => ({ next: this.#running.nextChunk }) };
  }

  /**
   * Aborts when the result is no longer wanted: the caller canceled or went (INTERRUPT), the call's timeout ended, the
   * procedure was unregistered, or the session ended. Its reason is an error that may be thrown on.
   */
  get signal(): AbortSignal {
    return this.#running.controller.signal;
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
    return this.#running.progress(value);
  }
}

/**
 * A procedure. What it returns is the result: a value becomes the one positional argument, `undefined` none, `result()`
 * the full shape; a generator's `yield`s are progressive results and its `return` the final one. What it throws becomes
 * an ERROR: with `uri`, `args` and `kwargs` as they stand where the error has a `uri`, else `wamp.error.runtime_error`
 * with the message as argument.
 */
export type InvocationHandler = (invocation: InvocationContext) => unknown;
