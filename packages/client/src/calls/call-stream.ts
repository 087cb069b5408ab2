import { CanceledError } from '@wampkit/protocol';
import { limits } from '../limits.js';
import type { CallResult } from '../messages.js';
import type { PayloadChunks, PayloadInput, StreamOptions } from '../options.js';
import type { Session } from '../session/session.js';
import { EventBuffer } from '../subscriptions/event-buffer.js';
import { PendingCall } from './calls.js';

/**
 * A call with progressive results: iterate them, then await `result`. A failed call throws from both. Leaving the loop
 * early cancels the call.
 */
export class CallStream implements AsyncIterable<CallResult, undefined> {
  /** The final result. Not awaiting it is fine: the iterator throws the same error. */
  readonly result: Promise<CallResult>;
  readonly #buffer: EventBuffer<CallResult>;
  readonly #call: PendingCall | null;

  private constructor(
    buffer: EventBuffer<CallResult>,
    call: PendingCall | null,
    result: Promise<CallResult>,
  ) {
    this.#buffer = buffer;
    this.#call = call;
    this.result = result;
    result.then(
      () => buffer.end(),
      (error) => buffer.end(error),
    );
  }

  /** @internal */
  static start(
    session: () => Session,
    procedure: string,
    {
      payload,
      options = {},
    }: { payload: PayloadInput | PayloadChunks | undefined; options: StreamOptions | undefined },
  ): CallStream {
    const buffer = new EventBuffer<CallResult>(
      options.buffer ?? limits.progressiveResults,
      options.overflow ?? 'error',
    );
    try {
      const call: PendingCall = new PendingCall(session(), {
        procedure,
        payload,
        options,
        progress(result) {
          const overflow = buffer.push(result);
          if (overflow !== null)
            call.cancel(new CanceledError(overflow.message, { cause: overflow }), 'killnowait');
        },
      });
      return new CallStream(buffer, call, call.result);
    } catch (error) {
      return new CallStream(buffer, null, Promise.reject(error));
    }
  }

  /** How many results were lost to the overflow policy; always 0 with `error`. */
  get dropped(): number {
    return this.#buffer.dropped;
  }

  /** Cancels the call; `result` rejects with CanceledError. Does nothing to a call that is over. */
  cancel(): void {
    this.#call?.cancel(new CanceledError('the stream was canceled'));
  }

  [Symbol.asyncIterator](): AsyncIterator<CallResult, undefined> {
    return {
      next: () => this.#buffer.next(),
      return: async () => {
        this.cancel();
        return { done: true, value: undefined };
      },
    };
  }
}
