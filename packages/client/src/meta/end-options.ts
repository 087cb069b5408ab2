import type { Kwargs } from '@wampkit/protocol';
import type { CallOptions } from '../options.js';

/** How a session is ended by another. */
export interface EndOptions extends CallOptions {
  /** The reason URI of its GOODBYE. Default `wamp.close.killed`. */
  readonly reason?: string;
  /** For people: `GOODBYE.Details.message`. */
  readonly message?: string;
}

/** Options of the call, apart from the words of the GOODBYE. */
export function splitEndOptions({ reason, message, ...call }: EndOptions): {
  readonly kwargs: Kwargs;
  readonly call: CallOptions;
} {
  return {
    kwargs: { ...(reason !== undefined && { reason }), ...(message !== undefined && { message }) },
    call,
  };
}
