import type { RegisterOptions } from '../options.js';
import { type Keeper, Kept } from '../session/kept.js';

/** A registered procedure. It lives through reconnects, under changing ids. */
export class Registration extends Kept<RegisterOptions> {
  readonly procedure: string;

  /** @internal */
  constructor(procedure: string, options: RegisterOptions, keeper: Keeper) {
    super(options, keeper);
    this.procedure = procedure;
  }

  /**
   * Ends the registration: no invocation starts after the call, the signals of those that run abort, and what they
   * still answer is sent. Resolves when the router has confirmed.
   */
  unregister(): Promise<void> {
    return this[Symbol.asyncDispose]();
  }
}
